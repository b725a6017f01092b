import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyEntry,
  decodeEntry,
  encodeEntry,
  encodeTextRecord,
  exportLines,
  fromBase64url,
  LANE,
  parseLog,
  stateRoot,
  toBase64url,
  toHex,
  type Id,
  type Signature,
} from '@corridor/ledger';
import { admit, admitBytes, deliver, found, keepBook, openLedger, pay, person } from '@corridor/testing';
import { RUNS } from './runs.ts';

const [alice, bob] = [person('Alice'), person('Bob')];
const { founding, ledger } = found(alice);
const entries = [
  admit(ledger, alice, alice, bob),
  ...pay(ledger, bob, alice, 480),
  ...keepBook(ledger, alice),
];
const signature = '5a'.repeat(64) as Signature;
const signatureOf = (id: Id) => (id === ledger.log.head ? undefined : signature);
const file = [...exportLines(ledger, signatureOf)].join('');

test('[E1] [F1] the exported log, read back, rebuilds the same book', () => {
  const parsed = parseLog(file, sha256);
  expect(parsed.ok).toBe(true);
  if (!parsed.ok) return;
  expect(parsed.value.circle).toBe(ledger.circle);
  expect(parsed.value.entries.every((e) => e.signature === signature)).toBe(true);
  const again = openLedger(founding);
  for (const { entry } of parsed.value.entries.slice(1)) applyEntry(again, admitBytes(again, entry.bytes));
  expect(stateRoot(again)).toBe(stateRoot(ledger));
});

test('[E1] two replicas with the same entries write the same file, whatever came first', () => {
  const other = openLedger(founding);
  deliver(other, [...entries].reverse());
  expect([...exportLines(other, signatureOf)].join('')).toBe(file);
});

test('[I16] a damaged export names the line and what is wrong there', () => {
  const lines = file.split('\n');
  const first = (text: string): string => text.replace(/^circle:2\n/, '').replace(/end:\d+\n$/, '');
  const fault = (text: string) => {
    const parsed = parseLog(text, sha256);
    return parsed.ok ? undefined : [parsed.fault.line, parsed.fault.fault.code];
  };
  const withLine = (at: number, line: string) => lines.with(at, line).join('\n');
  expect(fault('')).toEqual([1, 'empty']);
  expect(fault('circle:3\n')).toEqual([1, 'newer-form']);
  expect(fault('circle:2\n')).toEqual([1, 'cut-off']);
  expect(fault('circle:2\nend:1\n')).toEqual([2, 'no-entry']);
  expect(fault(file.slice(0, -1))).toEqual([lines.length - 1, 'no-final-newline']);
  expect(fault(withLine(1, '*'))).toEqual([2, 'not-base64url']);
  expect(fault(withLine(2, `${lines[2]?.split('.')[0]}.AAAA`))).toEqual([3, 'bad-signature-length']);
  expect(fault(withLine(2, 'A'.repeat(10_000)))).toEqual([3, 'line-too-long']);
  expect(fault(withLine(1, lines[2] ?? ''))).toEqual([2, 'wrong-circle']);
  expect(fault(withLine(2, toBase64url(Uint8Array.of(0x8b, 1))))).toEqual([3, 'truncated']);
  expect(fault(withLine(2, lines[3] ?? ''))).toEqual([4, 'said-twice']);
  expect(fault(withLine(2, 'note:AAAA'))).toEqual([3, 'unknown-line']);
  expect(fault(withLine(2, 'text:AAAA'))).toEqual([3, 'wrong-type']);
  expect(fault(withLine(2, `request:${'A'.repeat(404)}`))).toEqual([3, 'line-too-long']);
  expect(fault(lines.toSpliced(3, 1).join('\n'))).toEqual([lines.length - 2, 'cut-off']);
  expect(fault(lines.toSpliced(-2, 1).join('\n'))).toEqual([lines.length - 2, 'cut-off']);
  expect(fault(`${file}${lines[1]}\n`)).toEqual([lines.length, 'after-the-end']);
  // The first form: entries alone, and nothing that says where they end.
  expect(fault(first(file))).toBeUndefined();
  expect(fault(first(file).slice(0, -1))).toEqual([lines.length - 3, 'no-final-newline']);
});

test('[E6] [P3] what is kept beside the entries goes along, in one order whoever writes it', () => {
  const parsed = parseLog(file, sha256);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.fault));
  const payment = parsed.value.entries.find(({ entry }) => entry.lane === LANE.account)?.entry;
  if (payment === undefined) throw new Error('a payment');
  const handed = decodeEntry(
    encodeEntry({ ...payment, seq: 7, prev: payment.id }, sha256).bytes,
    ledger.circle,
    sha256,
  );
  if (!handed.ok) throw new Error(JSON.stringify(handed.fault));
  const texts = ['Jam', 'Añil', ''].map((text, at) => ({ salt: `0${at}`.repeat(16), text }));
  const beside = { handed: [{ entry: handed.value, signature }], requests: [Uint8Array.of(1, 2)], texts };
  const written = [...exportLines(ledger, signatureOf, beside)].join('');
  const turned = { ...beside, texts: texts.toReversed() };
  expect([...exportLines(ledger, signatureOf, turned)].join('')).toBe(written);
  const read = parseLog(written, sha256);
  if (!read.ok) throw new Error(JSON.stringify(read.fault));
  expect(read.value.entries).toEqual(parsed.value.entries);
  expect(read.value.handed.map(({ entry, signature: by }) => [entry.id, by])).toEqual([
    [handed.value.id, signature],
  ]);
  expect(read.value.requests.map(({ code }) => [...code])).toEqual([[1, 2]]);
  expect(read.value.texts.map(({ record }) => record.text).sort()).toEqual(['', 'Añil', 'Jam']);
  const lines = written.split('\n');
  for (const { line, record } of read.value.texts)
    expect(lines[line - 1]).toBe(`text:${toBase64url(encodeTextRecord(record))}`);
});

test('[I16] reading an export is total, and base64url has one text for each bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = toBase64url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(toHex(fromBase64url(text) ?? new Uint8Array(99))).toBe(toHex(bytes));
    }),
    { numRuns: RUNS },
  );
  const alphabet = fc.string({
    unit: fc.constantFrom(...'AZaz09-_.=\n +é:', 'circle:2\n', 'text:', 'end:'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(alphabet, (text) => {
      const bytes = fromBase64url(text);
      if (bytes !== undefined) expect(toBase64url(bytes)).toBe(text);
      parseLog(text, sha256);
    }),
    { numRuns: RUNS },
  );
});
