import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase45, encodeBase45 } from '../../src/core/base45.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the examples of RFC 9285 come out as printed there', () => {
  expect(encodeBase45(bytes('AB'))).toBe('BB8');
  expect(encodeBase45(bytes('Hello!!'))).toBe('%69 VD92EX0');
  expect(encodeBase45(bytes('base-45'))).toBe('UJCLQE7W581');
  expect(decodeBase45('QED8WEX0')).toEqual(bytes('ietf!'));
  expect(encodeBase45(new Uint8Array())).toBe('');
});

test('decoding is inverse to encoding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (data) => {
      expect(decodeBase45(encodeBase45(data))).toEqual(data);
    }),
  );
});

test('what is no base45 is undefined, never a throw: stray last character, strange one, group above its range', () => {
  expect(decodeBase45('A')).toBeUndefined();
  expect(decodeBase45('BB8A')).toBeUndefined();
  expect(decodeBase45('ab')).toBeUndefined();
  expect(decodeBase45('GGW')).toBeUndefined(); // 65536
  expect(decodeBase45('FGW')).toEqual(new Uint8Array([0xff, 0xff]));
  expect(decodeBase45('::')).toBeUndefined(); // 2024 in two characters
  fc.assert(
    fc.property(fc.string(), (text) => {
      const found = decodeBase45(text);
      if (found !== undefined) expect(encodeBase45(found)).toBe(text);
    }),
  );
});
