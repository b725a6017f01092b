/** Small circles for stories about closings: who is in, who keeps the book, and what everybody must agree on after. */
import { expect } from 'vitest';
import {
  findViolations,
  KIND,
  LANE,
  draftNext,
  stateRoot,
  type DeviceRecord,
  type Grant,
  type Id,
  type Ledger,
  type LedgerOptions,
  type PayBody,
  type Stored,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  add,
  chooser,
  deliver,
  keepBook,
  limitsAct,
  openLedger,
  pay,
  settleVillage,
  shuffled,
  VILLAGE_POLICY,
  type Person,
  type Village,
} from '@corridor/testing';
import { alice, bob, carol, dora, emil } from './stories.ts';

const PEOPLE = [alice, bob, carol, dora, emil];
export interface Circle {
  readonly village: Village;
  readonly ledger: Ledger;
  readonly witnesses: readonly Person[];
}
/** The first `n` of the five keep the book; Emil never does unless all five do. */
export function circleOf(
  n: number,
  rules: Pick<LedgerOptions, 'accountRules' | 'decisionRules'> = {},
): Circle {
  const village = settleVillage(n, PEOPLE, VILLAGE_POLICY);
  const ledger = openLedger(village.founding, { ...village.options, ...rules });
  return { village, ledger, witnesses: village.witnesses };
}
export const entriesOf = (ledger: Ledger): readonly VerifiedEntry[] =>
  [...ledger.entries.values()].map((stored) => stored.entry);
/** Another replica that has what the first has. */
export function copyOf({ village }: Circle, ledger: Ledger): Ledger {
  const copy = openLedger(village.founding, village.options);
  deliver(copy, entriesOf(ledger));
  return copy;
}
/** Every witness does what it owes, until nobody owes anything. */
export function keepAll(ledger: Ledger, witnesses: readonly Person[]): readonly VerifiedEntry[] {
  const made: VerifiedEntry[] = [];
  for (let before = -1; before !== made.length;) {
    before = made.length;
    for (const witness of witnesses) made.push(...keepBook(ledger, witness));
  }
  return made;
}
export const recordOf = (ledger: Ledger, { device }: Person): DeviceRecord =>
  ledger.log.devices.get(device) ?? expect.unreachable();
export const mainOf = (ledger: Ledger, { device }: Person): readonly Stored[] =>
  ledger.feeds.get(device)?.[LANE.account].main ?? [];
export const storedIn = (ledger: Ledger, { id }: { readonly id: Id }): Stored =>
  ledger.entries.get(id) ?? expect.unreachable();
/** A witness votes for that entry, whatever it owes. */
export function vote(ledger: Ledger, witness: Person, { device, incarnation, seq, id }: VerifiedEntry) {
  const votes = [{ device, incarnation, seq, id }];
  const draft = draftNext(ledger, witness.device, LANE.witness, { kind: KIND.votes, votes, receipts: [] });
  return add(ledger, draft).entry;
}
/** A witness says that it holds a certificate of these witnesses, whatever it holds. */
export function receipt(ledger: Ledger, witness: Person, { id }: VerifiedEntry, of: readonly number[]) {
  const receipts = [{ id, votes: of.map((index) => ({ witness: index, seq: 0 })) }];
  const draft = draftNext(ledger, witness.device, LANE.witness, { kind: KIND.votes, votes: [], receipts });
  return add(ledger, draft).entry;
}
/** All replicas that get the same entries, in whatever order, show the same and break nothing [I9]. */
export function expectOneState(circle: Circle, ledger: Ledger, orders = 25): void {
  expect(findViolations(ledger)).toEqual([]);
  const all = entriesOf(ledger);
  const verdicts = (of: Ledger) => new Map([...of.entries].map(([id, { verdict }]) => [id, verdict]));
  for (let seed = 0; seed < orders; seed++) {
    const other = openLedger(circle.village.founding, circle.village.options);
    deliver(other, seed === 0 ? [...all].reverse() : shuffled(all, chooser(seed)));
    expect(other.entries.size).toBe(ledger.entries.size);
    expect(stateRoot(other)).toBe(stateRoot(ledger));
    expect(verdicts(other)).toEqual(verdicts(ledger));
    expect([other.halt, other.awaiting]).toEqual([ledger.halt, null]);
    expect(findViolations(other)).toEqual([]);
  }
}

export const LOW: Grant = { lowestBalance: -1_000, highestBalance: 15_000 };
/** Emil's limits are lowered. */
export const lower = limitsAct(emil, LOW);
/** Emil pays Bob on his own phone, and nobody has it yet. */
export function paidAtHome(circle: Circle, amount = 500) {
  const home = copyOf(circle, circle.ledger);
  const [payment] = pay(home, emil, bob, amount);
  return { home, payment: payment ?? expect.unreachable() };
}
/** The same payment as a new wish. */
export const payAgain = (body: PayBody) => ({
  to: body.to.type === 'device' ? body.to.device : expect.unreachable(),
  amount: body.amount,
  need: body.need,
  invoice: body.invoice,
  memo: body.memo,
  attachment: body.attachment,
  at: body.at,
  claims: 'oldest' as const,
});
