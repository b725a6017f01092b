import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  boundedText,
  decodeTextRecord,
  encodeTextRecord,
  MAX_TEXT_BYTES,
  textHash,
  textRecordHash,
  toHex,
  utf8Bytes,
} from '@corridor/ledger';
import { RUNS } from './runs.ts';

const SALT = 'a0'.repeat(16);

test('[E6] a memo’s hash hangs on salt and text, and says nothing of either without both', () => {
  const hash = textHash(SALT, 'two loaves', sha256);
  expect(textHash(SALT, 'two loaves', sha256)).toBe(hash);
  expect(textHash('a1'.repeat(16), 'two loaves', sha256)).not.toBe(hash);
  expect(textHash(SALT, 'three loaves', sha256)).not.toBe(hash);
  expect(() => textHash('a0', 'two loaves', sha256)).toThrow(RangeError);
});

test('[E2] [E6] the same word typed in two ways is one text', () => {
  expect(textHash(SALT, 'pan cr\u0065\u0301', sha256)).toBe(textHash(SALT, 'pan cr\u00e9', sha256));
  expect(boundedText('e\u0301')).toEqual({ ok: true, value: '\u00e9' });
});

test('[E6] a text over the bound is refused with its size', () => {
  expect(boundedText('x'.repeat(MAX_TEXT_BYTES)).ok).toBe(true);
  expect(boundedText('é'.repeat(MAX_TEXT_BYTES))).toEqual({
    ok: false,
    fault: { code: 'text-too-long', bytes: 2 * MAX_TEXT_BYTES, max: MAX_TEXT_BYTES },
  });
  expect(() => encodeTextRecord({ salt: SALT, text: 'x'.repeat(MAX_TEXT_BYTES + 1) })).toThrow(RangeError);
});

test('[E6] a text record comes back as it was written, whatever people type', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.string({ unit: 'binary', maxLength: 200 }),
      (salt, typed) => {
        const text = boundedText(typed);
        if (!text.ok) return;
        const record = { salt: toHex(salt), text: text.value };
        const read = decodeTextRecord(encodeTextRecord(record));
        expect(read).toEqual({ ok: true, value: record });
        expect(textRecordHash(record, sha256)).toBe(textHash(record.salt, typed.toWellFormed(), sha256));
      },
    ),
    { numRuns: RUNS },
  );
});

test('[I16] reading a text record is total', () => {
  const good = encodeTextRecord({ salt: SALT, text: 'gracias' });
  expect(decodeTextRecord(good.subarray(0, 5))).toMatchObject({
    fault: { code: 'truncated', field: 'salt' },
  });
  const text = utf8Bytes('e\u0301');
  const notComposed = Uint8Array.of(...good.subarray(0, 18), 0x60 + text.length, ...text);
  expect(decodeTextRecord(notComposed)).toMatchObject({ fault: { code: 'not-nfc', field: 'text' } });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      decodeTextRecord(bytes);
    }),
    { numRuns: RUNS },
  );
});
