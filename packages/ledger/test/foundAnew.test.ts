/** [K1] A circle whose only keeper's phone is gone goes on from what the others hold. */
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import {
  balanceOf,
  checkStatement,
  cutOf,
  entryId,
  findViolations,
  foundAnew,
  LANE,
  openBook,
  openingHash,
  sumOf,
  toHex,
  ZERO_ID,
  type FoundBody,
  type Id,
  type Ledger,
  type NewCircle,
  type VerifiedEntry,
} from '@corridor/ledger';
import { admit, deliver, found, keepBook, openLedger, pay } from '@corridor/testing';
import { alice, anId, bob, carol, dora } from './stories.ts';

/** Three days of a circle that Alice's phone alone keeps: things settled, one change by the log, one payment on its way. */
function threeDays(): { readonly ledger: Ledger; readonly founding: VerifiedEntry<FoundBody> } {
  const { ledger, founding } = found(alice);
  for (const newcomer of [bob, carol, dora]) admit(ledger, alice, alice, newcomer);
  pay(ledger, bob, carol, 300);
  pay(ledger, dora, bob, 120);
  keepBook(ledger, alice);
  pay(ledger, carol, dora, 70);
  keepBook(ledger, alice);
  return { ledger, founding };
}
const newCircleOf = (
  ledger: Ledger,
  cut = cutOf(ledger),
): NewCircle & { founding: VerifiedEntry<FoundBody> } => {
  const founding = found(bob).founding;
  return {
    circle: founding.id,
    founder: bob.device,
    witness: founding.body.witness,
    key: 'cd'.repeat(8),
    by: anId('b'),
    cut,
    founding,
  };
};
const foundedFrom = (ledger: Ledger, fresh: NewCircle) => {
  const founded = foundAnew(ledger, null, fresh);
  return founded.ok ? founded.value : expect.unreachable();
};
/** Another phone that got the same in another order. */
function heardBackwards(ledger: Ledger, founding: VerifiedEntry<FoundBody>): Ledger {
  const other = openLedger(founding);
  deliver(other, [...ledger.entries.values()].map(({ entry }) => entry).reverse());
  return other;
}

test('[K1] [I4] the new circle begins with everybody and every balance, also of who is gone, and sums to zero', () => {
  const { ledger } = threeDays();
  const fresh = newCircleOf(ledger);
  const { opening, closing, statement } = foundedFrom(ledger, fresh);
  const checked = checkStatement(statement, fresh.founding, sha256);
  expect(checked).toMatchObject({ ok: true, value: { closing } });
  expect(opening.circle).toBe(entryId(ZERO_ID, fresh.founding.bytes, sha256));
  expect(opening.before).toBe(fresh.by);
  expect(sumOf(opening)).toBe(0);
  const next = openBook(fresh.founding, opening, closing, { sha256, isOrdinaryKey: () => true });
  for (const { device } of [alice, bob, carol, dora])
    expect(balanceOf(next, device).shown).toBe(balanceOf(ledger, device).shown);
  expect(next.log.ordinals[0]).toBe(bob.device);
  expect(findViolations(next)).toEqual([]);
});
test('[K1] members trade on at once, and who is gone is paid as anybody who is away', () => {
  const { ledger } = threeDays();
  const fresh = newCircleOf(ledger);
  const { opening, closing } = foundedFrom(ledger, fresh);
  const next = openBook(fresh.founding, opening, closing, { sha256, isOrdinaryKey: () => true });
  const before = balanceOf(next, alice.device).shown;
  pay(next, carol, alice, 40);
  pay(next, dora, carol, 5);
  keepBook(next, bob);
  expect(balanceOf(next, alice.device).shown).toBe(before + 40);
  expect(balanceOf(next, carol.device).shown).toBe(balanceOf(ledger, carol.device).shown - 35);
  expect(findViolations(next)).toEqual([]);
});
test('[K1] [I9] every phone comes to the same opening, whatever order it heard things in', () => {
  const { ledger, founding } = threeDays();
  const fresh = newCircleOf(ledger);
  const here = foundedFrom(ledger, fresh);
  const there = foundedFrom(heardBackwards(ledger, founding), fresh);
  expect(toHex(there.statement)).toBe(toHex(here.statement));
});
test('[K1] a phone that has heard more comes to the same opening, and one that has heard less says so', () => {
  const { ledger, founding } = threeDays();
  const fresh = newCircleOf(ledger);
  const here = foundedFrom(ledger, fresh);
  const more = heardBackwards(ledger, founding);
  pay(more, dora, carol, 33);
  keepBook(more, alice);
  expect(openingHash(foundedFrom(more, fresh).opening, sha256)).toBe(openingHash(here.opening, sha256));
  const less = openLedger(founding);
  deliver(
    less,
    [...ledger.entries.values()].slice(0, 5).map(({ entry }) => entry),
  );
  expect(foundAnew(less, null, fresh)).toMatchObject({ fault: { rule: 'K1', code: 'not-here-yet' } });
});
test('[K1] a phone that lacks a payment which the keeper has certified waits for it, and founds without it', () => {
  const { ledger, founding } = threeDays();
  const here = foundedFrom(ledger, newCircleOf(ledger));
  const lacking = openLedger(founding);
  const carols = ledger.feeds.get(carol.device)?.[LANE.account].main.at(-1)?.entry;
  deliver(
    lacking,
    [...ledger.entries.values()].map(({ entry }) => entry).filter((entry) => entry !== carols),
  );
  expect(foundAnew(lacking, null, newCircleOf(ledger))).toMatchObject({ fault: { code: 'not-here-yet' } });
  const without = foundedFrom(lacking, newCircleOf(lacking));
  expect(sumOf(without.opening)).toBe(0);
  expect(without.counted.get(carol.device)).toBe(0);
  expect(here.counted.get(carol.device)).toBe(1);
});
test('[K1] what no keeper has certified is in no balance: its payer signs it again', () => {
  const { ledger } = threeDays();
  const certified = foundedFrom(ledger, newCircleOf(ledger)).opening;
  pay(ledger, bob, dora, 50);
  expect(foundedFrom(ledger, newCircleOf(ledger)).opening).toEqual(certified);
});
test('[K1] who is not an active member founds nothing', () => {
  const { ledger } = threeDays();
  const stranger = { ...newCircleOf(ledger), founder: anId('5') as string as typeof bob.device };
  expect(foundAnew(ledger, null, stranger)).toMatchObject({ fault: { code: 'founder-is-shut' } });
});
test('[K1] [E1] an opening names the entry that founds: the same balances of another circle are another opening', () => {
  const { ledger } = threeDays();
  const fresh = newCircleOf(ledger);
  const other = { ...fresh, by: anId('c') as Id };
  expect(openingHash(foundedFrom(ledger, other).opening, sha256)).not.toBe(
    openingHash(foundedFrom(ledger, fresh).opening, sha256),
  );
});
