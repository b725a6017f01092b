import type { LineView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { needText } from '../words/needs.ts';
import { rich } from '../words/rich.ts';
import { Weave } from './Weave.tsx';

/** The receipt as a strip of paper. `fresh`: it feeds out once, right after the payment. */
export function Slip({ line, fresh }: { readonly line: LineView; readonly fresh: boolean }): VNode {
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const payer = <bdi>{line.payerName || m.someone()}</bdi>;
  const payee = <bdi>{line.payeeName || m.someone()}</bdi>;
  const gift = line.amount === 0;
  const who =
    line.direction === 'in'
      ? rich(gift ? m.slip_gift_in : m.slip_in, { name: payer })
      : line.direction === 'out'
        ? rich(gift ? m.slip_gift_out : m.slip_out, { name: payee })
        : rich(gift ? m.slip_gift_others : m.slip_others, { payer, payee });
  return (
    <article class={fresh ? 'slip fresh' : 'slip'} aria-label={m.receipt()}>
      <Weave circle={circle.circle} />
      <p class="print-only small">
        <bdi>{circle.name}</bdi>
      </p>
      {gift ? (
        <p class="section-figure">{m.gift()}</p>
      ) : (
        <p class="figure">
          {format.amount(line.amount)} <span class="unit">{format.unitOf(line.amount)}</span>
        </p>
      )}
      <p class="lead">{who}</p>
      <dl class="facts">
        {line.memo !== '' && (
          <div>
            <dt>{m.slip_for()}</dt>
            <dd>
              <bdi>{line.memo}</bdi>
            </dd>
          </div>
        )}
        {line.need && (
          <div>
            <dt>{m.slip_met()}</dt>
            <dd>{needText(m, format, line.need)}</dd>
          </div>
        )}
        <div>
          <dt>{m.slip_when()}</dt>
          <dd>{format.dayAndTime(line.at)}</dd>
        </div>
        <div>
          <dt>{m.receipt()}</dt>
          <dd>{line.code}</dd>
        </div>
      </dl>
    </article>
  );
}
