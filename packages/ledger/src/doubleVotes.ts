/** Proof against a witness that said two things where one was allowed: both stand side by side [I11]. */
import { isInChain, type Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { MAX_DOUBLE_VOTES_PER_DEVICE } from './limits.ts';
import type { Step } from './rounds.ts';
import type { Change } from './settle.ts';

/**
 * A witness whose own signed lane contradicts itself. Of a vote: the payments' slot, and the two that it voted for. After
 * a promise: the stop entry, and what it voted for all the same. Of a round: its two witness entries. `first` is the
 * earlier one of its chain; of two branches, the lesser id.
 */
export type DoubleVote = {
  readonly witness: number;
  readonly device: DeviceKey;
  readonly first: Id;
  readonly second: Id;
} & (
  | { readonly kind: 'vote' | 'after-promise'; readonly seq: number }
  | { readonly kind: Step; readonly height: number; readonly round: number }
);

/** Keeps a pair that is new, as far as there is room for its kind. */
export function noteDoubleVote(ledger: Ledger, double: DoubleVote, changes: Change[]): void {
  const { device, kind, first, second } = double;
  const known = ledger.doubleVotes.filter((d) => d.device === device && d.kind === kind);
  if (known.length >= MAX_DOUBLE_VOTES_PER_DEVICE) return;
  if (known.some((d) => d.first === first && d.second === second)) return;
  ledger.doubleVotes.push(double);
  changes.push({ type: 'fault' });
}
/** Two entries of one witness lane, the earlier first. */
export function inOrder(known: Stored, fresh: Stored): readonly [Id, Id] {
  const [a, b] = [known.entry.id, fresh.entry.id];
  if (isInChain(known, fresh)) return [a, b];
  return isInChain(fresh, known) || b < a ? [b, a] : [a, b];
}
