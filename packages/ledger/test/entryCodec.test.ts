import { sha256 } from '@noble/hashes/sha2.js';
import { decode as cborDecode, encode as cborEncode } from 'cborg';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createDecoder,
  createNameTable,
  createReader,
  decodeEntry,
  decodeWith,
  draftBytes,
  encodeEntry,
  endArray,
  entryId,
  KIND,
  MAX_DEPTH,
  MAX_ENTRY_BYTES,
  nameAt,
  readArray,
  readEnd,
  readInt,
  toHex,
  ZERO_ID,
  type DecodeCode,
  type EntryDraft,
  type Id,
} from '@corridor/ledger';
import { admit, found, foundingDraft, keepBook, pay, person } from '@corridor/testing';
import { draftIn, foundingIn } from './arbitraries.ts';
import { RUNS } from './runs.ts';

const CIRCLE = 'c1'.repeat(32) as Id;
const [alice, bob] = [person('Alice'), person('Bob')];
const decoder = createDecoder(CIRCLE, sha256);

/** Whether two decoders say the same of these bytes; what they say. */
const decode = (bytes: Uint8Array) => {
  const plain = decodeEntry(bytes, CIRCLE, sha256);
  expect(decodeWith(decoder, bytes)).toEqual(plain);
  return plain;
};
/** An entry of up to 4 KiB: arbitraries can make longer ones. */
const fits = (draft: EntryDraft): boolean => draftBytes(draft).length <= MAX_ENTRY_BYTES;

test('[E1] [I16] decode is the inverse of encode, for every kind of entry', () => {
  fc.assert(
    fc.property(draftIn(CIRCLE).filter(fits), (draft) => {
      const entry = encodeEntry(draft, sha256);
      expect(decode(entry.bytes)).toEqual({ ok: true, value: entry });
      expect(entry).toMatchObject(draft);
    }),
    { numRuns: RUNS },
  );
});
test('[E3] a founding entry is the circle: it decodes under its own id and no other', () => {
  fc.assert(
    fc.property(foundingIn(ZERO_ID), (draft) => {
      const entry = encodeEntry(draft, sha256);
      expect(entry.id).toBe(entryId(ZERO_ID, entry.bytes, sha256));
      expect(decodeEntry(entry.bytes, entry.id, sha256)).toEqual({ ok: true, value: entry });
      expect(decode(entry.bytes)).toMatchObject({ ok: false, fault: { code: 'wrong-circle' } });
    }),
    { numRuns: RUNS },
  );
});
test('[E1] the bytes are what a strict CBOR library writes for the same arrays', () => {
  fc.assert(
    fc.property(draftIn(CIRCLE).filter(fits), (draft) => {
      const bytes = draftBytes(draft);
      expect(toHex(cborEncode(cborDecode(bytes)))).toBe(toHex(bytes));
    }),
    { numRuns: RUNS },
  );
});

/** One CBOR item as a tree that can be written in other ways than the shortest. */
interface Item {
  readonly major: number;
  readonly argument: bigint;
  readonly content: Uint8Array;
  readonly items: readonly Item[];
}
function parse(bytes: Uint8Array, start = 0): { item: Item; end: number } {
  const [major, info] = [(bytes[start] ?? 0) >> 5, (bytes[start] ?? 0) & 31];
  const width = info < 24 || info > 27 ? 0 : 1 << (info - 24);
  let argument = BigInt(info < 24 ? info : 0);
  for (let i = 1; i <= width; i++) argument = (argument << 8n) | BigInt(bytes[start + i] ?? 0);
  let end = start + 1 + width;
  const items: Item[] = [];
  let content = new Uint8Array(0);
  if (major === 4)
    for (let i = 0n; i < argument; i++) {
      const inner = parse(bytes, end);
      items.push(inner.item);
      ({ end } = inner);
    }
  else if (major === 2 || major === 3) {
    content = bytes.slice(end, end + Number(argument));
    end += Number(argument);
  }
  return { item: { major, argument, content, items }, end };
}
const count = (item: Item): number => 1 + item.items.reduce((sum, inner) => sum + count(inner), 0);
/** Writes the tree; the item number `odd` with a head that is longer than need be, or without a definite length. */
function write(item: Item, odd: { left: number; wider: number; endless: boolean }): number[] {
  const isOdd = odd.left-- === 0;
  const top = item.major << 5;
  const least =
    item.argument < 24n
      ? 0
      : item.argument < 256n
        ? 1
        : item.argument < 65536n
          ? 2
          : item.argument < 2n ** 32n
            ? 4
            : 8;
  const wider = [0, 1, 2, 4, 8].filter((w) => w > least);
  const width =
    isOdd && item.major !== 7 && wider.length > 0 ? (wider[odd.wider % wider.length] ?? least) : least;
  const info = width === 0 ? Number(item.argument) : 24 + Math.log2(width);
  const head = [top | info];
  for (let i = width - 1; i >= 0; i--) head.push(Number((item.argument >> BigInt(8 * i)) & 255n));
  const inner = item.items.flatMap((one) => write(one, odd));
  if (isOdd && odd.endless && item.major === 4) return [top | 31, ...inner, 0xff];
  return [...head, ...item.content, ...inner];
}
test('[E1] the same structure written in any other way is refused, in the shortest way it is taken', () => {
  fc.assert(
    fc.property(
      draftIn(CIRCLE).filter(fits),
      fc.nat(),
      fc.nat(),
      fc.boolean(),
      (draft, place, wider, endless) => {
        const bytes = draftBytes(draft);
        const { item } = parse(bytes);
        const other = Uint8Array.from(write(item, { left: place % count(item), wider, endless }));
        const isCanonical = toHex(cborEncode(cborDecode(other))) === toHex(other);
        expect(isCanonical).toBe(toHex(other) === toHex(bytes));
        expect(decode(other).ok).toBe(isCanonical && other.length <= MAX_ENTRY_BYTES);
      },
    ),
    { numRuns: RUNS },
  );
});

test('[I16] decode answers any bytes, and what it takes is canonical', () => {
  const damaged = fc
    .tuple(
      draftIn(CIRCLE).filter(fits),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      fc.nat(9),
    )
    .map(([draft, edits, cut]) => {
      const bytes = draftBytes(draft).slice();
      for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
      return cut === 0 ? bytes.slice(0, (edits[0]?.[0] ?? 0) % bytes.length) : bytes;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), damaged), (bytes) => {
      const read = decode(bytes);
      if (read.ok) expect(toHex(draftBytes(read.value))).toBe(toHex(bytes));
      else expect(read.fault.at).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: RUNS * 2 },
  );
});

const { ledger } = found(alice);
const payment = (() => {
  admit(ledger, alice, alice, bob);
  return pay(ledger, bob, alice, 480)[0] ?? expect.unreachable();
})();
const codeOf = (bytes: Uint8Array): DecodeCode | undefined => {
  const read = decodeEntry(bytes, ledger.circle, sha256);
  return read.ok ? undefined : read.fault.code;
};
const changed = (change: Record<string, unknown>): EntryDraft => ({ ...payment, ...change }) as EntryDraft;
const withBody = (change: Record<string, unknown>): Uint8Array =>
  draftBytes(changed({ body: { ...payment.body, ...change } }));

test('[E2] [E3] [E4] each kind of damage is told by its name', () => {
  const { bytes } = payment;
  const at = (index: number, ...values: number[]) => {
    const copy = bytes.slice();
    copy.set(values, index);
    return copy;
  };
  expect(codeOf(bytes)).toBeUndefined();
  expect(codeOf(new Uint8Array(MAX_ENTRY_BYTES + 1))).toBe('oversize');
  expect(codeOf(bytes.subarray(0, 60))).toBe('truncated');
  expect(codeOf(Uint8Array.of(...bytes, 0))).toBe('trailing-bytes');
  expect(codeOf(at(1, 2))).toBe('newer-version');
  expect(codeOf(at(1, 0x18, 1))).toBe('newer-version');
  expect(codeOf(at(0, 0x8c))).toBe('wrong-length');
  expect(codeOf(at(0, 0xa1))).toBe('wrong-type');
  expect(codeOf(draftBytes(changed({ circle: CIRCLE })))).toBe('wrong-circle');
  expect(codeOf(draftBytes(changed({ lane: 1 })))).toBe('kind-not-of-lane');
  expect(
    codeOf(
      draftBytes(changed({ lane: 2, incarnation: 1, body: { kind: KIND.votes, votes: [], receipts: [] } })),
    ),
  ).toBe('out-of-range');
  expect(codeOf(withBody({ amount: 2 ** 40 }))).toBe('out-of-range');
  expect(codeOf(withBody({ amount: -1 }))).toBe('out-of-range');
  expect(codeOf(withBody({ balanceAfter: -(2 ** 40) }))).toBe('out-of-range');
  expect(codeOf(withBody({ claims: [{ debit: CIRCLE, amount: 0 }] }))).toBe('out-of-range');
  const claims = Array.from({ length: 33 }, () => ({ debit: CIRCLE, amount: 1 }));
  expect(codeOf(withBody({ claims }))).toBe('wrong-length');
  const kindAt = toHex(bytes).lastIndexOf('018b') / 2;
  expect(codeOf(at(kindAt, 9))).toBe('unknown-kind');
});
test('[E7] an attachment is at most 1 MiB', () => {
  const attachment = (length: number) => withBody({ attachment: { hash: CIRCLE, length, erasable: false } });
  expect(codeOf(attachment(2 ** 20))).toBeUndefined();
  expect(codeOf(attachment(2 ** 20 + 1))).toBe('out-of-range');
});
test('[E2] names of a circle are NFC and strict UTF-8, and not longer than a name', () => {
  const draft = foundingDraft(alice);
  const code = (bytes: Uint8Array) => {
    const read = decodeEntry(bytes, entryId(ZERO_ID, bytes, sha256), sha256);
    return read.ok ? undefined : read.fault.code;
  };
  const bytes = draftBytes({ ...draft, body: { ...draft.body, name: 'eee' } });
  const from = toHex(bytes).indexOf('63656565') / 2;
  const named = (...text: number[]) => {
    const copy = bytes.slice();
    copy.set(text, from + 1);
    return copy;
  };
  expect(code(named(0x65, 0xc3, 0xa9))).toBeUndefined();
  expect(code(named(0x65, 0xcc, 0x81))).toBe('not-nfc');
  expect(code(named(0x65, 0xc3, 0x28))).toBe('not-utf8');
  expect(code(draftBytes({ ...draft, body: { ...draft.body, name: 'x'.repeat(97) } }))).toBe('oversize');
  expect(code(draftBytes({ ...draft, seq: 1 }))).toBe('out-of-range');
});
test('[E2] arrays nest at most eight deep', () => {
  const nested = Uint8Array.of(...Array.from({ length: MAX_DEPTH + 1 }, () => 0x81), 0);
  const r = createReader(nested);
  for (let i = 0; i < nested.length - 1; i++) readArray(r, `level ${i}`, 1);
  readInt(r, 'leaf', 0, 1);
  for (let i = 0; i < nested.length - 1; i++) endArray(r);
  expect(readEnd(r)).toMatchObject({ code: 'too-deep', field: `level ${MAX_DEPTH}` });
});
test('[P8] one witness entry carries at most 64 votes and receipts', () => {
  const [receipts] = [Array.from({ length: 65 }, () => ({ id: CIRCLE, votes: [] }))];
  const body = (votes: number) => ({
    kind: KIND.votes,
    votes: Array.from({ length: votes }, () => ({
      device: alice.device,
      incarnation: 0,
      seq: 0,
      id: CIRCLE,
    })),
    receipts: receipts.slice(0, 64 - 20),
  });
  expect(codeOf(draftBytes(changed({ lane: 2, body: body(20) })))).toBeUndefined();
  expect(codeOf(draftBytes(changed({ lane: 2, body: body(21) })))).toBe('wrong-length');
});
test('[E2] an entry longer than 4 KiB is never written', () => {
  const claims = Array.from({ length: 32 }, () => ({ debit: CIRCLE, amount: 2 ** 39 }));
  expect(() => encodeEntry(changed({ body: { ...payment.body, claims } }), sha256)).not.toThrow();
  const ids = Array.from({ length: 200 }, () => CIRCLE);
  expect(() => encodeEntry(changed({ lane: 1, body: { kind: KIND.have, ids } }), sha256)).toThrow(RangeError);
});
test('[E3] names that differ in one byte are never taken for each other, however a reader remembers them', () => {
  const table = createNameTable(1);
  const base = Uint8Array.from({ length: 40 }, (_, i) => (i * 37) & 255);
  for (let at = 0; at < 32; at++) {
    const other = base.slice();
    other[at + 4] = (base[at + 4] ?? 0) ^ 1;
    for (const bytes of [base, other, base, other])
      expect(nameAt(table, bytes, 4)).toBe(toHex(bytes.subarray(4, 36)));
  }
  expect(nameAt(createNameTable(1), new Uint8Array(32), 0)).toBe(ZERO_ID);
});
test('[E3] the id names the circle and every byte: one bit more or another circle is another id', () => {
  expect(entryId(ledger.circle, payment.bytes, sha256)).toBe(payment.id);
  expect(entryId(CIRCLE, payment.bytes, sha256)).not.toBe(payment.id);
  expect(keepBook(ledger, alice)).toHaveLength(1);
});
