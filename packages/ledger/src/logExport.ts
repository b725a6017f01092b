/**
 * The signed book as a file, one thing a line, so that two replicas which hold the same write the same:
 *
 *   circle:2                     the form of the file; without this line it is the first form, which has entries alone
 *   <entry>[.<signature>]        unsigned bytes, and a signature where one is kept: the founding entry, then book after
 *                                book what the log needs before money before voices, by ordinal and seq
 *   handed:<entry>.<signature>   a payment taken by code whose chain has not come yet [P3]
 *   request:<code>               a request that a payment names: only its two phones know what it was for [P3]
 *   text:<salt and text>         what entries name by hash, as long as nobody has erased it [E6]
 *   end:<n>                      so many lines stand before this one: nothing was cut off
 *
 * All bytes in base64url. Nothing in it is secret to a member, and nothing in it can sign.
 */
import { fromBase64url, toBase64url } from './base64url.ts';
import { toHex } from './bytes.ts';
import { createDecoder, decodeWith, entryId, type Decoder, type Sha256 } from './entryCodec.ts';
import { LANE, type Entry } from './entry.ts';
import type { Feed, Stored } from './feed.ts';
import { ZERO_ID, type Id, type Signature } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { MAX_CODE_BYTES, MAX_ENTRY_BYTES } from './limits.ts';
import type { DecodeFault } from './reader.ts';
import { fail, ok, type Result } from './result.ts';
import { bytesOf } from './statements.ts';
import { decodeTextRecord, encodeTextRecord, type TextRecord } from './text.ts';

const SIGNATURE_BYTES = 64;
const FORM = 2;
/** Characters of the longest line: its mark, 4 for each 3 bytes of entry and signature, and the point between. */
const MAX_LINE = 8 + Math.ceil((MAX_ENTRY_BYTES * 4) / 3) + 1 + Math.ceil((SIGNATURE_BYTES * 4) / 3);
const LANE_ORDER = [LANE.witness, LANE.account, LANE.voice] as const;

/** Lines are counted from 1. */
export interface ExportedEntry {
  readonly line: number;
  readonly entry: Entry;
  readonly signature: Signature | null;
}
export interface ExportedLog {
  readonly circle: Id;
  readonly entries: readonly ExportedEntry[];
  readonly handed: readonly ExportedEntry[];
  /** Codes as a payee signed them; to be read with the log at hand. */
  readonly requests: readonly { readonly line: number; readonly code: Uint8Array }[];
  readonly texts: readonly { readonly line: number; readonly record: TextRecord }[];
}
export interface ExportFault {
  readonly line: number;
  readonly fault:
    | DecodeFault
    | {
        readonly code:
          | 'empty'
          | 'line-too-long'
          | 'not-base64url'
          | 'bad-signature-length'
          | 'no-final-newline'
          | 'newer-form'
          | 'unknown-line'
          | 'no-entry'
          | 'said-twice'
          | 'cut-off'
          | 'after-the-end';
      };
}
/** What a replica keeps beside its ledger. */
export interface BesideTheLedger {
  readonly handed: readonly { readonly entry: Entry; readonly signature: Signature }[];
  readonly requests: readonly Uint8Array[];
  readonly texts: readonly TextRecord[];
}
const NOTHING: BesideTheLedger = { handed: [], requests: [], texts: [] };

/** The lines of a file; join them with nothing. `older`: closed books of the circle that are here, oldest first [B4]. */
export function* exportLines(
  ledger: Ledger,
  signatureOf: (id: Id) => Signature | undefined,
  beside: BesideTheLedger = NOTHING,
  older: readonly Ledger[] = [],
): Generator<string> {
  let lines = 0;
  const line = (text: string): string => {
    lines++;
    return `${text}\n`;
  };
  const entryLine = ({ entry }: Stored): string => line(entryText(entry, signatureOf(entry.id)));
  yield line(`circle:${FORM}`);
  yield entryLine(ledger.founding);
  for (const { log, feeds } of [...older, ledger])
    for (const lane of LANE_ORDER)
      for (const device of log.ordinals) {
        const feed = feeds.get(device)?.[lane];
        if (feed === undefined) continue;
        for (const stored of inOrder(feed)) yield entryLine(stored);
      }
  for (const [mark, pieces] of [
    ['handed', beside.handed.map(({ entry, signature }) => entryText(entry, signature))],
    ['request', beside.requests.map(toBase64url)],
    ['text', beside.texts.map((record) => toBase64url(encodeTextRecord(record)))],
  ] as const)
    for (const piece of [...pieces].sort()) yield line(`${mark}:${piece}`);
  yield `end:${lines}\n`;
}
const entryText = (entry: Entry, signature: Signature | undefined): string =>
  signature === undefined
    ? toBase64url(entry.bytes)
    : `${toBase64url(entry.bytes)}.${toBase64url(bytesOf(signature))}`;

/** By seq, and at one seq by id, so that which branch is the main one does not show. */
const inOrder = (feed: Feed): readonly Stored[] =>
  feed.side.size === 0
    ? feed.main
    : [...feed.main, ...feed.side.values()].sort(
        (a, b) => a.entry.seq - b.entry.seq || (a.entry.id < b.entry.id ? -1 : 1),
      );

type LineFault = ExportFault['fault'];
type LineResult<T> = Result<T, LineFault>;
const wrong = (code: Exclude<LineFault, DecodeFault>['code']): LineResult<never> => fail({ code });

/**
 * Reads a file of either form back, each piece decoded; signatures, and whether a text belongs to anything, are still
 * to be checked. Total: the first fault is the answer and names its line.
 */
export function parseLog(text: string, sha256: Sha256): Result<ExportedLog, ExportFault> {
  const reading = createReading(sha256);
  let line = 0;
  for (let start = 0; start < text.length;) {
    line++;
    const end = text.indexOf('\n', start);
    if (end < 0) return fail({ line, fault: { code: 'no-final-newline' } });
    if (end - start > MAX_LINE) return fail({ line, fault: { code: 'line-too-long' } });
    const read = reading.take(text.slice(start, end), line);
    if (!read.ok) return fail({ line, fault: read.fault });
    start = end + 1;
  }
  const ended = reading.end(line);
  return ended.ok ? ended : fail({ line: Math.max(1, line), fault: ended.fault });
}

function createReading(sha256: Sha256) {
  const entries: ExportedEntry[] = [];
  const handed: ExportedEntry[] = [];
  const requests: { line: number; code: Uint8Array }[] = [];
  const texts: { line: number; record: TextRecord }[] = [];
  const known = new Set<Id>();
  let decoder: Decoder | undefined;
  let isWhole: boolean | undefined;

  const takeEntry = (piece: string, line: number, into: ExportedEntry[]): LineResult<null> => {
    const [body = '', tail, more] = piece.split('.');
    const bytes = more === undefined ? fromBase64url(body) : undefined;
    const signature = tail === undefined ? null : fromBase64url(tail);
    if (bytes === undefined || signature === undefined) return wrong('not-base64url');
    if (signature !== null && signature.length !== SIGNATURE_BYTES) return wrong('bad-signature-length');
    // The first one founds the circle that all others name.
    decoder ??= createDecoder(entryId(ZERO_ID, bytes, sha256), sha256);
    const decoded = decodeWith(decoder, bytes);
    if (!decoded.ok) return decoded;
    if (known.has(decoded.value.id)) return wrong('said-twice');
    known.add(decoded.value.id);
    into.push({ line, entry: decoded.value, signature: signature && (toHex(signature) as Signature) });
    return ok(null);
  };
  const takeMarked = (mark: string, piece: string, line: number): LineResult<null> => {
    if (mark === 'circle')
      return wrong(/^[1-9]\d*$/.test(piece) && line === 1 ? 'newer-form' : 'unknown-line');
    if (entries.length === 0) return wrong('no-entry');
    if (mark === 'end') {
      if (piece !== String(line - 1)) return wrong('cut-off');
      isWhole = true;
      return ok(null);
    }
    if (mark === 'handed') return takeEntry(piece, line, handed);
    if (mark !== 'request' && mark !== 'text') return wrong('unknown-line');
    const bytes = fromBase64url(piece);
    if (bytes === undefined) return wrong('not-base64url');
    if (mark === 'request') {
      if (bytes.length > MAX_CODE_BYTES) return wrong('line-too-long');
      requests.push({ line, code: bytes });
      return ok(null);
    }
    const record = decodeTextRecord(bytes);
    if (!record.ok) return record;
    texts.push({ line, record: record.value });
    return ok(null);
  };
  return {
    take(text: string, line: number): LineResult<null> {
      if (isWhole === true) return wrong('after-the-end');
      if (line === 1 && text === `circle:${FORM}`) {
        isWhole = false;
        return ok(null);
      }
      const colon = text.indexOf(':');
      if (colon < 0) return takeEntry(text, line, entries);
      return takeMarked(text.slice(0, colon), text.slice(colon + 1), line);
    },
    end(lines: number): LineResult<ExportedLog> {
      if (lines === 0) return wrong('empty');
      if (isWhole === false) return wrong('cut-off');
      if (decoder === undefined) return wrong('no-entry');
      return ok({ circle: decoder.circle, entries, handed, requests, texts });
    },
  };
}
