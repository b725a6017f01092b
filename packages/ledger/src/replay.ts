/**
 * A good order to fold a whole book in. Every order gives the same state [P9]; this one follows the witnesses: each
 * account goes as far as a witness entry votes before that entry is folded, so hardly anything waits or comes early.
 */
import { KIND, LANE, type Entry } from './entry.ts';
import type { DeviceKey } from './ids.ts';

/** Entries of whole chains, each oldest first, in that order: witness and account lanes together, voices last. */
export function replayOrder<E extends Entry>(chains: readonly (readonly E[])[]): readonly E[] {
  const order: E[] = [];
  const accounts = new Map<DeviceKey, Cursor<E>>();
  const witnesses: (readonly E[])[] = [];
  const voices: (readonly E[])[] = [];
  const side: (readonly E[])[] = [];
  for (const chain of chains) {
    const first = chain[0];
    if (first === undefined) continue;
    if (first.lane === LANE.voice) voices.push(chain);
    else if (first.lane !== LANE.account) witnesses.push(chain);
    else if (first.seq > 0 || accounts.has(first.device)) side.push(chain);
    else accounts.set(first.device, { chain, next: 0 });
  }
  for (const chain of witnesses)
    for (const entry of chain) {
      if (entry.body.kind === KIND.votes)
        for (const { device, seq } of entry.body.votes) takeTo(accounts.get(device), seq + 1, order);
      order.push(entry);
    }
  for (const cursor of accounts.values()) takeTo(cursor, cursor.chain.length, order);
  for (const chain of [...side, ...voices]) for (const entry of chain) order.push(entry);
  return order;
}
interface Cursor<E> {
  readonly chain: readonly E[];
  next: number;
}
function takeTo<E extends Entry>(cursor: Cursor<E> | undefined, end: number, order: E[]): void {
  if (cursor === undefined) return;
  for (; cursor.next < end; cursor.next++) {
    const entry = cursor.chain[cursor.next];
    if (entry === undefined) return;
    order.push(entry);
  }
}
