import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Need, Refusal } from '@corridor/peer';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { AmountField } from '../parts/AmountField.tsx';
import { ForWhat } from '../parts/ForWhat.tsx';
import { Keypad } from '../parts/Keypad.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { ShowRequest } from '../parts/ShowRequest.tsx';
import { parseAmount } from '../words/amount.ts';

const MINUTES = { short: 10, day: 1440, week: 10_080 } as const;
type Term = keyof typeof MINUTES;

/** Ask for an amount (or any), then show the code. */
export default function GetPaid(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const [text, setText] = useState('');
  const [memo, setMemo] = useState('');
  const [need, setNeed] = useState<Need | null>(null);
  const [term, setTerm] = useState<Term>('short');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const asking = app.asking.value;
  if (asking) return <ShowRequest asking={asking} />;

  const amount = text === '' ? 0 : parseAmount(text, circle.unit.decimals);
  const ask = async (): Promise<void> => {
    if (amount === null) return;
    setBusy(true);
    const known = new Set(circle.lines.map((line) => line.id));
    const answer = await app.engine.value.intents.request(amount, memo.trim(), need, MINUTES[term]);
    setBusy(false);
    if (!answer.ok) {
      setRefusal(answer.refusal);
      return;
    }
    const { code, link } = answer.value;
    app.asking.value = { code, link, amount, memo: memo.trim(), need, known };
  };
  return (
    <Screen title={m.get_paid()} back="/" bar={false} aside={m.works_offline()}>
      <form
        class="stack tight"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <AmountField
          id="amount"
          label={m.amount_to_get({ unit: format.unit })}
          text={text}
          unit={format.unitOf(amount ?? 0)}
          style={format.style}
          onText={setText}
        />
        <p class="center quiet small">{text === '' ? m.any_amount_hint() : ' '}</p>
        <ForWhat
          memo={memo}
          need={need}
          onChange={(content) => {
            setMemo(content.memo);
            setNeed(content.need);
          }}
        />
        <div class="good-for">
          <label for="term">{m.good_for()}</label>
          <select
            id="term"
            value={term}
            onChange={(event) => {
              const chosen = event.currentTarget.value;
              if (chosen === 'short' || chosen === 'day' || chosen === 'week') setTerm(chosen);
            }}
          >
            <option value="short">{m.term_short()}</option>
            <option value="day">{m.term_day()}</option>
            <option value="week">{m.term_week()}</option>
          </select>
        </div>
        <Keypad text={text} style={format.style} onText={setText} />
        <Refused refusal={refusal} />
        <button class="button wide" type="submit" disabled={busy || amount === null} aria-busy={busy}>
          {m.show_code()}
        </button>
      </form>
    </Screen>
  );
}
