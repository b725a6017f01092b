import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { MemberId } from '@corridor/peer';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { Face } from '../parts/Face.tsx';
import { recentFirst } from '../parts/FaceGrid.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { named } from '../words/inSentence.tsx';
import '../style/recovery.css';

/** Fewer than two could be one person's mistake; seven are the ledger's bound [C4]. */
const LEAST = 2;
const MOST = 7;
/** More than half: three of five. */
const needOf = (count: number): number => Math.floor(count / 2) + 1;

/** Whom to ask when this phone is lost: five neighbours, three of whom must say yes. */
export default function RecoveryNeighbours(): VNode {
  const app = useApp();
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { route } = useLocation();
  const { busy, refusal, ask } = useAsk();
  const { recovery, standings, myStanding } = circle.governing;
  const [chosen, setChosen] = useState<readonly MemberId[]>(() =>
    recovery.helpers.map(({ member }) => member),
  );
  const people = recentFirst(circle.people).filter(
    ({ member }) => !standings.some((known) => known.member === member),
  );
  const need = needOf(chosen.length);
  const isFull = chosen.length >= MOST;
  const save = async (members: readonly MemberId[]): Promise<void> => {
    const wish = { type: 'helpers', members, need: members.length === 0 ? 0 : need } as const;
    const answer = await ask((intents) => intents.propose(wish, ''));
    if (!answer.ok) return;
    app.toast.value = {
      text: members.length === 0 ? m.recovery_helpers_dropped() : m.recovery_helpers_saved(),
    };
    route('/me/recovery', true);
  };
  return (
    <Screen title={m.recovery_helpers()} back="/me/recovery" bar={false}>
      <p>{m.recovery_helpers_text()}</p>
      {people.length === 0 ? (
        <div class="stack push">
          <p class="quiet">{m.recovery_helpers_nobody()}</p>
          <a class="button second" href="/invite">
            {m.invite_someone()}
          </a>
        </div>
      ) : (
        <form
          class="stack push"
          onSubmit={(event) => {
            event.preventDefault();
            if (chosen.length >= LEAST && !busy) void save(chosen);
          }}
        >
          <fieldset class="field">
            <legend class="seen-by-ear">{m.recovery_helpers()}</legend>
            <div class="tiles">
              {people.map(({ member, name }) => {
                const isChosen = chosen.includes(member);
                return (
                  <label class="tile" key={member}>
                    <input
                      type="checkbox"
                      checked={isChosen}
                      disabled={isFull && !isChosen}
                      onChange={() =>
                        setChosen(isChosen ? chosen.filter((known) => known !== member) : [...chosen, member])
                      }
                    />
                    <span class="mark">
                      <Drawing name="tick" size={18} />
                    </span>
                    <Face name={name} member={member} />
                    {named(m, name)}
                  </label>
                );
              })}
            </div>
          </fieldset>
          <p role="status">
            {chosen.length < LEAST
              ? m.recovery_helpers_few()
              : m.recovery_helpers_need({
                  need: format.number(need),
                  count: format.number(chosen.length),
                })}{' '}
            {isFull && m.recovery_helpers_most()}
          </p>
          <p class="small quiet">{m.recovery_helpers_seen()}</p>
          <Refused refusal={refusal} />
          <button
            class="button wide"
            type="submit"
            disabled={busy || chosen.length < LEAST || myStanding !== 'active'}
            aria-busy={busy}
          >
            {m.recovery_helpers_save()}
          </button>
          {recovery.helpers.length > 0 && (
            <button
              class="button plain wide"
              type="button"
              disabled={busy || myStanding !== 'active'}
              aria-busy={busy}
              onClick={() => void save([])}
            >
              {m.recovery_helpers_drop()}
            </button>
          )}
        </form>
      )}
    </Screen>
  );
}
