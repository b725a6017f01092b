import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { ActView, MemberId } from '@corridor/peer';
import { useAllWords, useCircle } from '../app/app.ts';
import { consentNeeded } from '../app/consentNeeded.ts';
import { useFormat } from '../app/format.ts';
import { Face } from '../parts/Face.tsx';
import { ProposeForm } from '../parts/ProposeForm.tsx';
import { Screen } from '../parts/Screen.tsx';
import { named } from '../words/inSentence.tsx';

/** One more may lie for every three more: only these are worth having [P7]. */
const COUNTS = [1, 4, 7, 10] as const;

/** Picks the stewards of the next book out of the phones that are on offer. */
export default function ProposeStewards(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { offers, stewards, suggested } = circle.governing.stewards;
  const enough = COUNTS.filter((candidate) => candidate <= offers.length);
  const [count, setCount] = useState<number>(
    enough.find((candidate) => candidate === suggested) ??
      enough.findLast((candidate) => candidate <= Math.max(4, stewards.length)) ??
      1,
  );
  const [chosen, setChosen] = useState<readonly MemberId[]>([]);
  const picked = offers.filter(({ member }) => chosen.includes(member));
  const isFull = picked.length === count;
  const act: ActView | null = isFull ? { type: 'stewards', names: picked.map(({ name }) => name) } : null;
  const tooMany = COUNTS.find((candidate) => candidate > offers.length);
  const figures = { chosen: format.number(picked.length), count: format.number(count) };
  return (
    <Screen title={m.stewards_propose()} back="/circle/stewards">
      {offers.length === 0 ? (
        <p class="quiet">{m.stewards_offers_none()}</p>
      ) : (
        <ProposeForm
          wish={isFull ? { type: 'stewards', members: picked.map(({ member }) => member) } : null}
          act={act}
          needs={consentNeeded(circle, 'stewards', null)}
        >
          <fieldset class="field">
            <legend>{m.stewards_how_many()}</legend>
            <div class="chips">
              {COUNTS.map((candidate) => (
                <label class="chip figures" key={candidate}>
                  <input
                    type="radio"
                    name="count"
                    checked={candidate === count}
                    disabled={candidate > offers.length}
                    onChange={() => {
                      setCount(candidate);
                      setChosen(chosen.slice(0, candidate));
                    }}
                  />
                  {format.number(candidate)}
                </label>
              ))}
            </div>
            <p class="hint">
              {tooMany !== undefined &&
                m.stewards_not_enough({
                  count: format.number(tooMany),
                  offers: format.number(offers.length),
                })}{' '}
              {m.stewards_why_counts()}
            </p>
          </fieldset>
          <fieldset class="field">
            <legend>
              {m.stewards_who()} <span class="small quiet">{m.stewards_chosen(figures)}</span>
            </legend>
            <div class="rows">
              {offers.map(({ member, name }) => (
                <label class="choice" key={member}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(member)}
                    disabled={isFull && count > 1 && !chosen.includes(member)}
                    onChange={(event) => {
                      const others = chosen.filter((known) => known !== member);
                      if (!event.currentTarget.checked) setChosen(others);
                      else setChosen(count === 1 ? [member] : [...others, member]);
                    }}
                  />
                  <Face name={name} member={member} />
                  <span>{named(m, name)}</span>
                </label>
              ))}
            </div>
          </fieldset>
          <p class="small quiet">{m.stewards_begin()}</p>
        </ProposeForm>
      )}
    </Screen>
  );
}
