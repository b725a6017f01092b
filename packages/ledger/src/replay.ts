/**
 * A good order to fold a whole book in. Every order gives the same state [P9]; this one follows the witnesses: each
 * account goes as far as a witness entry votes before that entry is folded, so hardly anything waits or comes early.
 */
import { KIND, LANE, type Entry } from './entry.ts';
import type { DeviceKey } from './ids.ts';

/** Account chains that are folded as far as witnesses vote for them, and no further. */
export interface Replay<E extends Entry> {
  /** The entries of one stretch of a witness lane, each after what it votes for. */
  along(witness: readonly E[]): readonly E[];
  /** What no witness has voted for. */
  rest(): readonly E[];
}
/** `accounts`: chains of account lanes, oldest first; of a device with two, the first is followed. */
export function createReplay<E extends Entry>(accounts: readonly (readonly E[])[]): Replay<E> {
  const cursors = new Map<DeviceKey, Cursor<E>>();
  const others: (readonly E[])[] = [];
  for (const chain of accounts) {
    const first = chain[0];
    if (first === undefined) continue;
    if (first.seq > 0 || cursors.has(first.device)) others.push(chain);
    else cursors.set(first.device, { chain, next: 0 });
  }
  return {
    along(witness) {
      const order: E[] = [];
      for (const entry of witness) {
        if (entry.body.kind === KIND.votes)
          for (const { device, seq, incarnation } of entry.body.votes)
            takeTo(cursors.get(device), seq + 1, order, incarnation);
        order.push(entry);
      }
      return order;
    },
    rest() {
      const order: E[] = [];
      for (const cursor of cursors.values()) takeTo(cursor, cursor.chain.length, order);
      for (const chain of others) for (const entry of chain) order.push(entry);
      return order;
    },
  };
}
interface Cursor<E> {
  readonly chain: readonly E[];
  next: number;
}
/** No further than the incarnation that is voted in: the log has not opened the next one yet [C2]. */
function takeTo<E extends Entry>(
  cursor: Cursor<E> | undefined,
  end: number,
  order: E[],
  incarnation = Infinity,
): void {
  if (cursor === undefined) return;
  for (; cursor.next < end; cursor.next++) {
    const entry = cursor.chain[cursor.next];
    if (entry === undefined || entry.incarnation > incarnation) return;
    order.push(entry);
  }
}

/** Entries of whole chains, each oldest first, in that order: witness and account lanes together, voices last. */
export function replayOrder<E extends Entry>(chains: readonly (readonly E[])[]): readonly E[] {
  const ofLane = (isWanted: (lane: number | undefined) => boolean): readonly (readonly E[])[] =>
    chains.filter((chain) => isWanted(chain[0]?.lane));
  const replay = createReplay(ofLane((lane) => lane === LANE.account));
  const witnesses = ofLane((lane) => lane === LANE.witness || lane === LANE.founding);
  return [
    ...witnesses.flatMap((chain) => replay.along(chain)),
    ...replay.rest(),
    ...ofLane((lane) => lane === LANE.voice).flat(),
  ];
}
