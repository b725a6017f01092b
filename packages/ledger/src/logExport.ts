/**
 * The signed log as a file: one line per entry, base64url of its unsigned bytes, then `.` and its signature where one
 * is kept. The founding entry comes first; then what the log needs before money before voices, by ordinal and seq, so
 * two replicas with the same entries and signatures write the same file.
 */
import { fromBase64url, toBase64url } from './base64url.ts';
import { toHex } from './bytes.ts';
import { decodeEntry, entryId, type Sha256 } from './entryCodec.ts';
import { LANE, type Entry } from './entry.ts';
import type { Feed, Stored } from './feed.ts';
import { ZERO_ID, type Id, type Signature } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { MAX_ENTRY_BYTES } from './limits.ts';
import type { DecodeFault } from './reader.ts';
import { fail, ok, type Result } from './result.ts';
import { bytesOf } from './statements.ts';

const SIGNATURE_BYTES = 64;
/** Characters of the longest line: 4 for each 3 bytes of entry and signature, and the point between. */
const MAX_LINE = Math.ceil((MAX_ENTRY_BYTES * 4) / 3) + 1 + Math.ceil((SIGNATURE_BYTES * 4) / 3);
const LANE_ORDER = [LANE.witness, LANE.account, LANE.voice] as const;

export interface ExportedEntry {
  readonly entry: Entry;
  readonly signature: Signature | null;
}
export interface ExportedLog {
  readonly circle: Id;
  readonly entries: readonly ExportedEntry[];
}
/** Lines are counted from 1. */
export interface ExportFault {
  readonly line: number;
  readonly fault:
    | DecodeFault
    | {
        readonly code:
          'empty' | 'line-too-long' | 'not-base64url' | 'bad-signature-length' | 'no-final-newline';
      };
}

/** The lines of a file, the founding entry first; join them with nothing. */
export function* exportLines(
  ledger: Ledger,
  signatureOf: (id: Id) => Signature | undefined,
): Generator<string> {
  const line = ({ entry }: Stored): string => {
    const signature = signatureOf(entry.id);
    const tail = signature === undefined ? '' : `.${toBase64url(bytesOf(signature))}`;
    return `${toBase64url(entry.bytes)}${tail}\n`;
  };
  yield line(ledger.founding);
  for (const lane of LANE_ORDER)
    for (const device of ledger.log.ordinals) {
      const feed = ledger.feeds.get(device)?.[lane];
      if (feed === undefined) continue;
      for (const stored of inOrder(feed)) yield line(stored);
    }
}
/** By seq, and at one seq by id, so that which branch is the main one does not show. */
const inOrder = (feed: Feed): readonly Stored[] =>
  feed.side.size === 0
    ? feed.main
    : [...feed.main, ...feed.side.values()].sort(
        (a, b) => a.entry.seq - b.entry.seq || (a.entry.id < b.entry.id ? -1 : 1),
      );

/** Reads a file back to decoded entries; signatures are still to be checked. Total: the fault names the line. */
export function parseLog(text: string, sha256: Sha256): Result<ExportedLog, ExportFault> {
  const entries: ExportedEntry[] = [];
  let circle = ZERO_ID;
  let line = 0;
  for (let start = 0; start < text.length;) {
    line++;
    const end = text.indexOf('\n', start);
    if (end < 0) return fail({ line, fault: { code: 'no-final-newline' } });
    if (end - start > MAX_LINE) return fail({ line, fault: { code: 'line-too-long' } });
    const [body = '', tail, more] = text.slice(start, end).split('.');
    start = end + 1;
    const bytes = more === undefined ? fromBase64url(body) : undefined;
    const signature = tail === undefined ? null : fromBase64url(tail);
    if (bytes === undefined || signature === undefined)
      return fail({ line, fault: { code: 'not-base64url' } });
    if (signature !== null && signature.length !== SIGNATURE_BYTES)
      return fail({ line, fault: { code: 'bad-signature-length' } });
    if (line === 1) circle = entryId(ZERO_ID, bytes, sha256);
    const decoded = decodeEntry(bytes, circle, sha256);
    if (!decoded.ok) return fail({ line, fault: decoded.fault });
    entries.push({ entry: decoded.value, signature: signature && (toHex(signature) as Signature) });
  }
  return entries.length === 0 ? fail({ line: 1, fault: { code: 'empty' } }) : ok({ circle, entries });
}
