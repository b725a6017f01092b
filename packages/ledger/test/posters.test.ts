/** [S2] An invite for a wall: many come by it, somebody named answers for them, and it ends. */
import { expect, test } from 'vitest';
import { firstGrantFor, newestGrant, POSTER_NEWCOMERS, type AdmitAct, type Ledger } from '@corridor/ledger';
import {
  admit,
  agree,
  closeTheBook,
  decide,
  found,
  joinRequest,
  limitsAct,
  nextBook,
  person,
  proposed,
  type Person,
} from '@corridor/testing';
import { recordOf } from './circles.ts';
import { alice, bob, carol } from './stories.ts';

const guests = Array.from({ length: POSTER_NEWCOMERS + 1 }, (_, i) => person(`Passer-by ${i}`));
const first = guests[0] ?? bob;
function village(): Ledger {
  const { ledger } = found(alice);
  admit(ledger, alice, alice, bob);
  return ledger;
}
/** One poster; whoever scans it signs with the key that is on it. */
const scanned = (ledger: Ledger, by: Person, guest: Person, decision = ledger.log.circle): AdmitAct => {
  const request = { ...joinRequest(ledger, by, guest, 'poster', `poster of ${by.name}`), decision };
  return { type: 'admit', request, grant: firstGrantFor(ledger.log, request) };
};
const room = (ledger: Ledger, ...people: readonly Person[]) =>
  people.map((guest) => newestGrant(recordOf(ledger, guest)).grant.lowestBalance);

test('[S2] a poster lets in so many and no more, each a member of their own', () => {
  const ledger = village();
  for (const guest of guests.slice(0, POSTER_NEWCOMERS)) agree(ledger, [alice], scanned(ledger, bob, guest));
  const late = guests.at(-1) ?? bob;
  expect(() => agree(ledger, [alice], scanned(ledger, bob, late))).toThrow('S2 invite-used');
  expect(ledger.log.members.size).toBe(2 + POSTER_NEWCOMERS);
  expect(recordOf(ledger, first).member).toBe(first.device);
});
test('[S2] whoever comes by it shares the room of its maker’s newcomers, also by a steward’s', () => {
  for (const maker of [alice, bob]) {
    const ledger = village();
    const [a = bob, b = bob, c = bob, d = bob] = guests;
    for (const guest of [a, b, c, d]) agree(ledger, [alice], scanned(ledger, maker, guest));
    expect(room(ledger, a, b, c, d)).toEqual([-15_000, -15_000, -15_000, 0]);
    expect(recordOf(ledger, a).confirmed).toBe(false);
    const { firstGrant } = ledger.log.policy;
    decide(ledger, [alice], limitsAct(a, firstGrant), [alice]);
    expect(recordOf(ledger, a).confirmed).toBe(true);
  }
});
test('[S2] [L3] where the stewards admit, each who scanned it needs their consent', () => {
  const ledger = village();
  const policy = { ...ledger.log.policy, admission: 'stewards' } as const;
  decide(ledger, [alice], { type: 'policy', ...proposed(), policy }, [alice]);
  const act = scanned(ledger, bob, first);
  expect(() => agree(ledger, [alice], act)).toThrow('L3 not-enough-approvals');
  decide(ledger, [alice], act, [alice]);
  expect(recordOf(ledger, first).confirmed).toBe(true);
});
test('[S2] [B1] a poster hangs on through a closing, and what it let in before counts on', () => {
  const ledger = village();
  for (const guest of guests.slice(0, POSTER_NEWCOMERS - 1))
    agree(ledger, [alice], scanned(ledger, bob, guest));
  const known = ledger.log.head;
  closeTheBook(ledger, [alice]);
  const second = nextBook(ledger);
  const [last = bob, tooLate = bob] = guests.slice(-2);
  agree(second, [alice], scanned(second, bob, last, known));
  expect(() => agree(second, [alice], scanned(second, bob, tooLate, known))).toThrow('S2 invite-used');
});
test('[S2] an ordinary invite lets in one, whatever a poster of the same person does', () => {
  const ledger = village();
  agree(ledger, [alice], scanned(ledger, bob, first));
  admit(ledger, alice, bob, carol);
  const again = joinRequest(ledger, bob, person('Carol’s friend'), 'member', carol.name);
  const act = { type: 'admit', request: again, grant: firstGrantFor(ledger.log, again) } as const;
  expect(() => agree(ledger, [alice], act)).toThrow('S2 invite-used');
});
