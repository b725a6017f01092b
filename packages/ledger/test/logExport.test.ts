import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyEntry,
  exportLines,
  fromBase64url,
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
  const fault = (text: string) => {
    const parsed = parseLog(text, sha256);
    return parsed.ok ? undefined : [parsed.fault.line, parsed.fault.fault.code];
  };
  const withLine = (at: number, line: string) => lines.with(at, line).join('\n');
  expect(fault('')).toEqual([1, 'empty']);
  expect(fault(file.slice(0, -1))).toEqual([lines.length - 1, 'no-final-newline']);
  expect(fault(withLine(1, '*'))).toEqual([2, 'not-base64url']);
  expect(fault(withLine(2, `${lines[2]?.split('.')[0]}.AAAA`))).toEqual([3, 'bad-signature-length']);
  expect(fault(withLine(1, 'A'.repeat(10_000)))).toEqual([2, 'line-too-long']);
  expect(fault(withLine(1, lines[0] ?? '').replace(/^[^\n]*\n/, ''))).toBeUndefined();
  expect(fault(lines.slice(1).join('\n'))).toEqual([1, 'wrong-circle']);
  expect(fault(withLine(1, toBase64url(Uint8Array.of(0x8b, 1))))).toEqual([2, 'truncated']);
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
  const alphabet = fc.string({ unit: fc.constantFrom(...'AZaz09-_.=\n +é'), maxLength: 12 });
  fc.assert(
    fc.property(alphabet, (text) => {
      const bytes = fromBase64url(text);
      if (bytes !== undefined) expect(toBase64url(bytes)).toBe(text);
      parseLog(text, sha256);
    }),
    { numRuns: RUNS },
  );
});
