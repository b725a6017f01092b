import { expect, test } from 'vitest';
import { balanceOf, findViolations, stateRoot } from '@corridor/ledger';
import { admit, deliver, found, handBook, keepBook, openLedger, pay, person } from '@corridor/testing';

const [alice, bob, carol] = [person('Alice'), person('Bob'), person('Carol')];

test('[P4] [P7] [P9] Alice founds, Bob joins and pays her, and the one witness settles it at once', () => {
  const { founding, ledger } = found(alice);
  const entries = [admit(ledger, alice, alice, bob), ...pay(ledger, bob, alice, 480)];
  expect(balanceOf(ledger, bob.device)).toMatchObject({ shown: 0, waitingOut: 480, spendable: 14_520 });
  entries.push(...keepBook(ledger, alice));
  expect(balanceOf(ledger, bob.device)).toMatchObject({ shown: -480, waitingOut: 0, spendable: 14_520 });
  expect(balanceOf(ledger, alice.device)).toMatchObject({ shown: 480, spendable: 15_480 });
  const other = openLedger(founding);
  deliver(other, [...entries].reverse());
  expect(stateRoot(other)).toBe(stateRoot(ledger));
  expect(findViolations(other)).toEqual([]);
});

test('[P7] the keeping of the book passes to Carol and nothing in flight is lost', () => {
  const { ledger } = found(alice);
  admit(ledger, alice, alice, bob);
  admit(ledger, alice, alice, carol);
  pay(ledger, bob, carol, 1_000);
  keepBook(ledger, alice);
  pay(ledger, carol, bob, 1_300);
  handBook(ledger, alice, carol);
  expect(keepBook(ledger, alice)).toEqual([]);
  keepBook(ledger, carol);
  expect(balanceOf(ledger, carol.device)).toMatchObject({ shown: -300, waitingOut: 0 });
  handBook(ledger, carol, alice);
  pay(ledger, bob, alice, 100);
  keepBook(ledger, alice);
  expect(balanceOf(ledger, alice.device).shown).toBe(100);
  expect(findViolations(ledger)).toEqual([]);
});
