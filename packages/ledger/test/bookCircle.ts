/** What the stories about witnesses at a book's end share. */
import { expect } from 'vitest';
import {
  currentTerm,
  draftNext,
  firstGrantFor,
  judgeDecision,
  KIND,
  LANE,
  type Act,
  type Ledger,
  type StopBody,
  type StopReport,
  type VerifiedEntry,
} from '@corridor/ledger';
import { add, joinRequest, keepBook, openLedger, pay, settleVillage, type Person } from '@corridor/testing';
import { alice, bob, carol, dora, emil } from './stories.ts';

export const four = settleVillage(4, [alice, bob, carol, dora, emil]);
export const openFour = (): Ledger => openLedger(four.founding, four.options);
export function settleAll(ledger: Ledger, witnesses: readonly Person[]): void {
  for (let more = true; more;) {
    more = false;
    for (const witness of witnesses) {
      if (currentTerm(ledger.log, witness.device) === undefined) continue;
      more = keepBook(ledger, witness).length > 0 || more;
    }
  }
}
export const recordOf = (ledger: Ledger, { device }: Person) =>
  ledger.log.devices.get(device) ?? expect.unreachable();
export function admission(ledger: Ledger, inviter: Person, newcomer: Person): Act {
  const request = joinRequest(ledger, inviter, newcomer);
  return { type: 'admit', request, grant: firstGrantFor(ledger.log, request) };
}
/** A stop entry that says what it likes. */
export function say(
  ledger: Ledger,
  witness: Person,
  reports: readonly StopReport[],
  parts = 1,
  next: StopBody['next'] = null,
): VerifiedEntry {
  const body: StopBody = { kind: KIND.stop, reports, parts, next };
  return add(ledger, draftNext(ledger, witness.device, LANE.witness, body)).entry;
}
export const proposed = { salt: '01'.repeat(8), reason: null };
export const judge = (ledger: Ledger, act: Act) =>
  judgeDecision(ledger, { height: ledger.log.height + 1, prev: ledger.log.head, act, approvals: [] });
/** Emil's payments: one settled, one that only some have voted for. */
export function busy(): Ledger {
  const ledger = openFour();
  pay(ledger, emil, alice, 100);
  settleAll(ledger, four.witnesses);
  return ledger;
}
