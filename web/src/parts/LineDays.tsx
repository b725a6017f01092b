import type { LineView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useFormat } from '../app/format.ts';
import { LineRow } from './LineRow.tsx';

/** Lines under the heading of their day, newest first as they came. */
export function LineDays({ lines }: { readonly lines: readonly LineView[] }): VNode {
  const format = useFormat();
  const days = Map.groupBy(lines, (line) => format.dayHeading(line.at));
  return (
    <>
      {[...days].map(([day, ofDay]) => (
        <section key={day}>
          <h2 class="group">{day}</h2>
          <ul class="rows">
            {ofDay.map((line) => (
              <LineRow key={line.id} line={line} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
