/**
 * The member's lines, newest first: payments that wait to be signed again, those only handed over, this book's, and then
 * those of the closed books that are kept [B4]. A payment that was signed again is shown once, as what stands for it.
 */
import type { Id } from '@corridor/ledger';
import type { LineView } from '../view.ts';
import type { Circle } from './circle.ts';
import type { HandedPayment } from './handed.ts';
import { lineOf, lineOfHanded, lineOfWaiting } from './lines.ts';

/** Those by code that nothing else stands for. */
const handedOf = ({ handed }: Circle): readonly HandedPayment[] =>
  handed.waiting().filter((payment) => handed.since(payment).type !== 'signed-again');

/** `before`: how many to skip. */
export function linesOf(circle: Circle, before: number, count: number): readonly LineView[] {
  const context = circle.lineContext();
  const { ledger } = circle.replica;
  const waiting = [...circle.again.waiting()].reverse().map((entry) => lineOfWaiting(context, entry));
  const handed = [...handedOf(circle)].reverse().map((payment) => lineOfHanded(context, payment));
  const first = [...waiting, ...handed];
  const lines = first.slice(before, before + count);
  let left = Math.max(0, before - first.length);
  const { ids } = circle.mine;
  for (let i = ids.length - 1; i >= 0 && lines.length < count; i--) {
    const stored = ledger.entries.get(ids[i] as Id);
    if (stored === undefined || circle.superseded.has(stored.entry.id)) continue;
    if (left > 0) left--;
    else {
      const line = lineOf(context, stored);
      if (line !== undefined) lines.push(line);
    }
  }
  lines.push(...circle.closed.lines(left, count - lines.length));
  return lines;
}
export const lineCountOf = (circle: Circle): number =>
  circle.again.waiting().length +
  handedOf(circle).length +
  circle.mine.ids.length -
  circle.superseded.size +
  circle.closed.lineCount();

export function lineById(circle: Circle, id: Id): LineView | undefined {
  const context = circle.lineContext();
  const stored = circle.replica.ledger.entries.get(id);
  if (stored !== undefined) return lineOf(context, stored);
  const waiting = circle.again.waiting().find((entry) => entry.id === id);
  if (waiting !== undefined) return lineOfWaiting(context, waiting);
  const handed = circle.handed.waiting().find((payment) => payment.entry.id === id);
  return handed === undefined ? circle.closed.line(id) : lineOfHanded(context, handed);
}
