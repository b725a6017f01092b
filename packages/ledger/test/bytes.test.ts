import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes, concatBytes, equalBytes, fromHex, toHex, utf8Bytes, utf8Text } from '../src/bytes.ts';

const sign = (n: number): number => Math.sign(n);

test('[E1] hex goes there and back and agrees with the platform', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const hex = toHex(bytes);
      expect(hex).toBe(Buffer.from(bytes).toString('hex'));
      expect(fromHex(hex)).toEqual(bytes);
    }),
    { numRuns: 1000 },
  );
});

test('[E1] a text longer than one call can take is hexed whole', () => {
  const bytes = Uint8Array.from({ length: 20_001 }, (_, i) => i % 251);
  expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
});

test.each(['0', 'AB', '0g', ' 00', '00 ', '0x00', '+1', 'é0', '٠٠', '\u{1F600}'])(
  '[E1] %j is not lower-case hex',
  (text) => expect(fromHex(text)).toBeUndefined(),
);

test('[E1] bytes compare as their hex does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
      const [x, y] = [toHex(a), toHex(b)];
      expect(sign(compareBytes(a, b))).toBe(x < y ? -1 : x > y ? 1 : 0);
      expect(equalBytes(a, b)).toBe(x === y);
      expect(toHex(concatBytes(a, b, a))).toBe(x + y + x);
    }),
    { numRuns: 1000 },
  );
});

test('[E2] UTF-8 agrees with the platform, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = utf8Bytes(text);
      expect(toHex(bytes)).toBe(Buffer.from(text, 'utf8').toString('hex'));
      expect(utf8Text(bytes)).toBe(text.toWellFormed());
    }),
    { numRuns: 1000 },
  );
});

test('[E2] what decodes encodes to the same bytes, and what the platform refuses is refused', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const reference = (bytes: Uint8Array): string | undefined => {
    try {
      return strict.decode(bytes);
    } catch {
      return undefined;
    }
  };
  // Bytes near the borders of UTF-8's forms, so that most runs meet a hard case.
  const hard = fc.constantFrom(
    ...[0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf],
    ...[0xe0, 0xed, 0xee, 0xef, 0xf0, 0xf4, 0xf5, 0xf8, 0xff],
  );
  fc.assert(
    fc.property(fc.array(hard, { maxLength: 8 }), (values) => {
      const bytes = Uint8Array.from(values);
      const text = utf8Text(bytes);
      expect(text).toBe(reference(bytes));
      if (text !== undefined) expect(utf8Bytes(text)).toEqual(bytes);
    }),
    { numRuns: 5000 },
  );
});

test('[E2] a lone surrogate becomes U+FFFD, a byte-order mark stays', () => {
  expect(toHex(utf8Bytes('a\ud800b'))).toBe('61efbfbd62');
  expect(utf8Text(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
});
