import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { useFormatOf } from '../app/format.ts';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { joinForms } from '../words/unit.ts';

/** Names fit an entry and a narrow screen. */
const MAX_NAME = 60;
const MAX_UNIT = 20;
/** A figure that shows both forms of the unit and its decimals. */
const EXAMPLE = 1250;

/** A new circle: its name, what it counts in, and who founds it. */
export default function Found(): VNode {
  const app = useApp();
  const m = useWords();
  const { route } = useLocation();
  const [circleName, setCircleName] = useState('');
  const [several, setSeveral] = useState(m.default_units());
  const [one, setOne] = useState(m.default_unit());
  const [decimals, setDecimals] = useState(2);
  const [memberName, setMemberName] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const unit = { name: joinForms(one, several), decimals };
  const format = useFormatOf(unit);
  const missing = [circleName, several, memberName].some((text) => text.trim() === '');
  const found = async (): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.found({
      circleName: circleName.trim(),
      unitName: unit.name,
      decimals,
      memberName: memberName.trim(),
    });
    setBusy(false);
    if (answer.ok) route('/', true);
    else setRefusal(answer.refusal);
  };
  return (
    <Screen title={m.found_circle()} back="/">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!missing) void found();
        }}
      >
        <div class="field">
          <label for="circle-name">{m.circle_name()}</label>
          <input
            id="circle-name"
            required
            maxLength={MAX_NAME}
            autoComplete="off"
            aria-describedby="circle-hint"
            value={circleName}
            onInput={(event) => setCircleName(event.currentTarget.value)}
          />
          <p class="hint" id="circle-hint">
            {m.circle_name_hint()}
          </p>
        </div>
        <div class="field">
          <label for="member-name">{m.your_name()}</label>
          <input
            id="member-name"
            required
            maxLength={MAX_NAME}
            autoComplete="name"
            value={memberName}
            onInput={(event) => setMemberName(event.currentTarget.value)}
          />
        </div>
        <fieldset class="field">
          <legend>{m.unit_legend()}</legend>
          <div class="pair">
            <div class="field">
              <label for="unit-one">{m.unit_one()}</label>
              <input
                id="unit-one"
                maxLength={MAX_UNIT}
                autoComplete="off"
                value={one}
                onInput={(event) => setOne(event.currentTarget.value)}
              />
            </div>
            <div class="field">
              <label for="unit-several">{m.unit_several()}</label>
              <input
                id="unit-several"
                required
                maxLength={MAX_UNIT}
                autoComplete="off"
                value={several}
                onInput={(event) => setSeveral(event.currentTarget.value)}
              />
            </div>
          </div>
          <label class="choice unit-parts">
            <input
              type="checkbox"
              checked={decimals > 0}
              onChange={(event) => setDecimals(event.currentTarget.checked ? 2 : 0)}
            />
            <span>
              {m.unit_parts()}
              <small class="figures">
                {m.unit_example({
                  example: format.full(decimals > 0 ? EXAMPLE : 12),
                  one: format.full(10 ** decimals),
                })}
              </small>
            </span>
          </label>
        </fieldset>
        <p class="small quiet">{m.found_tax()}</p>
        <Refused refusal={refusal} />
        <button class="button wide" type="submit" disabled={busy || missing} aria-busy={busy}>
          {m.found_button()}
        </button>
      </form>
    </Screen>
  );
}
