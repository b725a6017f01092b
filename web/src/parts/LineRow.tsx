import type { LineView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Face } from './Face.tsx';
import { StateWord } from './StateWord.tsx';

/** One payment in a list: who, what for, how much, how far it has come. */
export function LineRow({ line }: { readonly line: LineView }): VNode {
  const m = useWords();
  const format = useFormat();
  const hidden = useApp().settings.hideAmounts.value;
  const others = line.direction === 'between-others';
  const name = line.otherName || m.someone();
  const signed = line.direction === 'in' ? line.amount : -line.amount;
  const shown = others ? format.amount(line.amount) : format.signed(signed);
  return (
    <li>
      <a class="row" href={`/receipt/${line.id}`}>
        <Face name={others ? line.payerName : name} member={line.other} />
        <span class="what">
          {others ? (
            <span>
              <bdi>{line.payerName || m.someone()}</bdi> → <bdi>{line.payeeName || m.someone()}</bdi>
            </span>
          ) : (
            <bdi>{name}</bdi>
          )}
          {line.memo !== '' && (
            <span class="sub">
              <bdi>{line.memo}</bdi>
            </span>
          )}
        </span>
        <span class="side">
          <span class="amount">
            {hidden ? m.hidden_amount() : line.amount === 0 ? m.gift() : <bdi dir="ltr">{shown}</bdi>}
          </span>
          <StateWord line={line} />
        </span>
      </a>
    </li>
  );
}
