import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { ActView, MotionWish } from '@corridor/peer';
import { useAllWords, useCircle } from '../app/app.ts';
import { consentNeeded } from '../app/consentNeeded.ts';
import { useFormat } from '../app/format.ts';
import { Amount } from '../parts/Amount.tsx';
import { ProposeForm } from '../parts/ProposeForm.tsx';
import { Screen } from '../parts/Screen.tsx';
import { SumField } from '../parts/SumField.tsx';
import { parseAmount } from '../words/amount.ts';
import { ruleSentence } from '../words/ruleSentence.ts';

/** The circle's common account: what is in it, where it comes from, and paying somebody out of it. */
export default function Pot(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { commons, rules } = circle.governing;
  return (
    <Screen title={m.common_pot()} back="/circle">
      <Amount minor={commons} />
      <div class="stack tight push">
        <p>{commons > 0 ? m.pot_text() : m.pot_empty()}</p>
        <ul class="stack tight points">
          <li>{ruleSentence(m, format, 'levyPermille', rules.levyPermille)}</li>
          <li>{ruleSentence(m, format, 'demurragePermille', rules.demurragePermille)}</li>
        </ul>
      </div>
      {commons > 0 && <Payout />}
    </Screen>
  );
}

function Payout(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { commons, standings } = circle.governing;
  const people = circle.people
    .filter(({ member }) => !standings.some((known) => known.member === member))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const [to, setTo] = useState('');
  const [text, setText] = useState('');
  const amount = parseAmount(text, format.style.decimals);
  const isWrong = text !== '' && (amount === null || amount > commons);
  const person = people.find(({ member }) => member === to);
  const wish: MotionWish | null =
    person && amount !== null && amount > 0 && !isWrong
      ? { type: 'payout', member: person.member, amount }
      : null;
  const act: ActView | null =
    wish && person ? { type: 'payout', who: person.name, amount: wish.amount } : null;
  return (
    <section>
      <h2 class="group">{m.pot_propose()}</h2>
      <ProposeForm wish={wish} act={act} needs={consentNeeded(circle, 'payout', person?.member ?? null)}>
        <div class="field">
          <label for="to">{m.pot_to()}</label>
          <select id="to" value={to} onChange={(event) => setTo(event.currentTarget.value)}>
            <option value="">—</option>
            {people.map(({ member, name }) => (
              <option key={member} value={member}>
                {name || m.someone()}
              </option>
            ))}
          </select>
        </div>
        <SumField
          id="payout"
          label={m.payout_amount({ unit: format.unit })}
          hint={m.pot_left({ amount: format.full(commons) })}
          value={text}
          isWrong={isWrong}
          onValue={setText}
        />
      </ProposeForm>
    </section>
  );
}
