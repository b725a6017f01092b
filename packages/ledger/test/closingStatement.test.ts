import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkStatement, fromHex, partsOfStatement, statementOf } from '@corridor/ledger';
import { admit, closeTheBook, found, keepBook, pay } from '@corridor/testing';
import { alice, bob } from './stories.ts';

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
