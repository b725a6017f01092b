import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  balanceOf,
  checkStatement,
  findViolations,
  fromHex,
  partsOfStatement,
  statementOf,
  stateRoot,
  type Ledger,
} from '@corridor/ledger';
import {
  admit,
  closeTheBook,
  deliver,
  found,
  keepBook,
  nextBook,
  openLedger,
  pay,
  settleVillage,
} from '@corridor/testing';
import { alice, bob, carol, dora, emil } from './stories.ts';

const shown = (ledger: Ledger, ...people: { device: typeof alice.device }[]): number[] =>
  people.map(({ device }) => balanceOf(ledger, device).shown);

test('[B1] Alice alone closes the month, and everybody goes on with what they had', () => {
  const { founding, ledger } = found(alice);
  const entries = [admit(ledger, alice, alice, bob), ...pay(ledger, bob, alice, 480)];
  entries.push(...keepBook(ledger, alice), ...closeTheBook(ledger, [alice]));
  expect(ledger.log.closed).toMatchObject({ height: 2 });
  const second = nextBook(ledger);
  expect([second.book, second.log.height, second.log.head]).toEqual([1, 2, ledger.log.closed?.id]);
  expect(shown(second, alice, bob)).toEqual([480, -480]);
  expect(findViolations(second)).toEqual([]);
  // Alice takes the old credit in with her first payment of the new month.
  const [payment] = pay(second, alice, bob, 100);
  expect(payment).toMatchObject({ book: 1, seq: 0, prev: ledger.log.closed?.id });
  expect(payment?.body).toMatchObject({ balanceAfter: 380, claims: [{ amount: 480 }] });
  keepBook(second, alice);
  expect(shown(second, alice, bob)).toEqual([380, -380]);
  expect(findViolations(second)).toEqual([]);
  const other = openLedger(founding);
  deliver(other, [...entries].reverse());
  expect(other.log.closed).toEqual(ledger.log.closed);
  expect(stateRoot(other)).toBe(stateRoot(ledger));
  expect(other.opening).toEqual(ledger.opening);
});
test('[B1] four witnesses close a book of five people', () => {
  const village = settleVillage(4, [alice, bob, carol, dora, emil]);
  const ledger = openLedger(village.founding, village.options);
  pay(ledger, emil, alice, 700);
  for (let turn = 0; turn < 3; turn++) for (const witness of village.witnesses) keepBook(ledger, witness);
  closeTheBook(ledger, village.witnesses);
  const second = nextBook(ledger);
  expect(shown(second, alice, emil)).toEqual([700, -700]);
  expect(second.n).toBe(4);
});
test('[B2] a closing statement says what was decided, and nothing else passes for it', () => {
  const { founding, ledger } = found(alice);
  admit(ledger, alice, alice, bob);
  pay(ledger, bob, alice, 480);
  keepBook(ledger, alice);
  expect(statementOf(ledger)).toBeUndefined();
  closeTheBook(ledger, [alice]);
  const bytes = statementOf(ledger) ?? new Uint8Array(0);
  const checked = checkStatement(bytes, founding, ledger.sha256);
  expect(checked).toEqual({ ok: true, value: { closing: ledger.log.closed?.id, opening: ledger.opening } });
  // In pieces, and put together again.
  const parts = partsOfStatement(bytes);
  expect(fromHex(parts.map((part) => part.bytes).join(''))).toEqual(bytes);
  // Whatever is changed in it, it is no statement any more, or that of another decision.
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, bit) => {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ bit;
      const read = checkStatement(changed, founding, ledger.sha256);
      expect(read.ok && read.value.closing === ledger.log.closed?.id).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (rubbish) => {
      expect(checkStatement(rubbish, founding, ledger.sha256).ok).toBe(false);
    }),
  );
});
