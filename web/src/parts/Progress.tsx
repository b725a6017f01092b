import type { LineView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Drawing } from './Drawing.tsx';
import { isKeptTogether } from './keeping.ts';

const ORDER: Readonly<Record<LineView['state'], number>> = {
  'on-this-phone': 1,
  'they-have-it': 2,
  final: 3,
  closed: 3,
  'needs-a-talk': 1,
  'cannot-count': 1,
  overtaken: 1,
};

/** Three lines: signed here, on the other phone, in the book. Word and drawing change together. */
export function Progress({ line }: { readonly line: LineView }): VNode {
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const { stewards, quorum } = circle.governing.stewards;
  const reached = ORDER[line.state];
  const other = (line.direction === 'in' ? line.payerName : line.payeeName) || m.someone();
  const keeper = circle.keeper.name || m.someone();
  const both = reached >= 2;
  const steps = [
    line.direction === 'in' ? m.progress_signed_by({ name: other }) : m.progress_signed(),
    line.direction === 'in'
      ? m.progress_saved()
      : both
        ? m.state_they_have_it({ name: other })
        : m.progress_not_there({ name: other }),
    reached >= 3
      ? m.progress_final()
      : isKeptTogether(circle)
        ? m.progress_waiting_stewards({
            quorum: format.number(quorum),
            count: format.number(stewards.length),
          })
        : circle.keeper.isThisDevice
          ? m.progress_waiting_here()
          : m.progress_waiting({ name: keeper }),
  ];
  const done = line.direction === 'in' ? [true, true, reached >= 3] : [true, both, reached >= 3];
  return (
    <ol class="progress" aria-label={m.progress()}>
      {steps.map((step, index) => (
        <li key={index} class={done[index] ? 'done' : undefined}>
          <span class="mark">
            <Drawing name={done[index] ? 'tick' : 'ring'} size={done[index] ? 16 : 26} />
          </span>
          {step}
        </li>
      ))}
    </ol>
  );
}
