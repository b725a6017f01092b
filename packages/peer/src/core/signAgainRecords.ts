/**
 * Payments of this device that a closing left out, and what became of them [C2]: a sealed record for each, written before
 * the book that holds the payment is left behind, and again before its successor is signed.
 */
import {
  concatBytes,
  feedOf,
  fromHex,
  isOvertaken,
  KIND,
  LANE,
  toHex,
  ZERO_ID,
  type DeviceKey,
  type Entry,
  type Id,
  type Ledger,
  type PayBody,
  type Sha256,
  type Stored,
} from '@corridor/ledger';
import { decodeInOneOf } from './circleRecord.ts';
import type { SealedRecords } from './sealedRecords.ts';

/** 'impossible': the rules that hold now leave no room for it. */
export type AgainState =
  | { readonly type: 'waits' | 'impossible' }
  /** Its successor's id was known before that was signed: whether it was, the book says. */
  | { readonly type: 'signed'; readonly by: Id; readonly book: number };
export interface AgainRecord {
  readonly entry: Entry<PayBody>;
  readonly state: AgainState;
}
const PREFIX = 'again/';
const STATES = ['waits', 'impossible', 'signed'] as const;
const HEAD_BYTES = 1 + 4 + 32;

export interface AgainRecords {
  all(): Promise<readonly AgainRecord[]>;
  put(record: AgainRecord): Promise<boolean>;
  remove(id: Id): Promise<void>;
}
/** `circles`: whose payments can be among them. */
export function createAgainRecords(
  records: SealedRecords,
  circles: readonly Id[],
  sha256: Sha256,
): AgainRecords {
  const read = (bytes: Uint8Array | undefined): AgainRecord | undefined => {
    const type = STATES[bytes?.[0] ?? STATES.length];
    if (bytes === undefined || type === undefined || bytes.length <= HEAD_BYTES) return undefined;
    const entry = decodeInOneOf(circles, bytes.slice(HEAD_BYTES), sha256);
    const body = entry?.body;
    if (entry === undefined || body?.kind !== KIND.pay) return undefined;
    const book = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
    const by = toHex(bytes.subarray(5, HEAD_BYTES)) as Id;
    return { entry: { ...entry, body }, state: type === 'signed' ? { type, by, book } : { type } };
  };
  return {
    async all() {
      const found: AgainRecord[] = [];
      for (const name of await records.names(PREFIX)) {
        const record = read(await records.get(name));
        if (record !== undefined) found.push(record);
      }
      return found.sort((a, b) => a.entry.book - b.entry.book || a.entry.seq - b.entry.seq);
    },
    put({ entry, state }) {
      const head = new Uint8Array(HEAD_BYTES);
      head[0] = STATES.indexOf(state.type);
      if (state.type === 'signed') new DataView(head.buffer).setUint32(1, state.book);
      head.set(fromHex(state.type === 'signed' ? state.by : ZERO_ID) ?? [], 5);
      return records.put(`${PREFIX}${entry.id}`, concatBytes(head, entry.bytes));
    },
    remove: (id) => records.remove(`${PREFIX}${id}`),
  };
}

/** Payments of a device that closings left out, oldest first. What the rules find invalid was never worth anything. */
export function overtakenOf(ledger: Ledger, device: DeviceKey): readonly Entry<PayBody>[] {
  const feed = feedOf(ledger, device, LANE.account);
  // Two histories need a talk, not a third one.
  if (feed === undefined || feed.forked || feed.side.size === 0) return [];
  return [...feed.side.values()]
    .flatMap((stored) => overtakenPayment(ledger, stored))
    .sort((a, b) => a.seq - b.seq);
}
function overtakenPayment(ledger: Ledger, stored: Stored): readonly Entry<PayBody>[] {
  const { entry, verdict } = stored;
  const { body } = entry;
  const counts = body.kind === KIND.pay && verdict.type !== 'invalid' && isOvertaken(ledger.log, stored);
  return counts ? [{ ...entry, body }] : [];
}

/**
 * When the circle is founded anew [K1]: what waits goes along, and so does what the new one does not count. False: the disk
 * refused.
 */
export async function carryOver(
  here: AgainRecords,
  there: AgainRecords,
  old: Ledger,
  left: readonly Entry<PayBody>[],
): Promise<boolean> {
  const known = new Map((await here.all()).map((record) => [record.entry.id, record]));
  for (const { entry, state } of known.values()) {
    const isSigned = state.type !== 'signed' || state.book !== old.book || old.entries.has(state.by);
    if (!(await there.put({ entry, state: isSigned ? state : { type: 'waits' } }))) return false;
  }
  for (const entry of left)
    if (!known.has(entry.id) && !(await there.put({ entry, state: { type: 'waits' } }))) return false;
  return true;
}
/** At the border of a book [B1]: notes what is to be signed again in the next. False: the disk refused. */
export async function noteOvertaken(
  again: AgainRecords,
  closed: Ledger,
  device: DeviceKey,
): Promise<boolean> {
  const known = new Map((await again.all()).map((record) => [record.entry.id, record]));
  for (const { entry, state } of known.values()) {
    // Signed in this book, or noted and not signed any more: then it waits for the next.
    if (state.type === 'signed' && state.book === closed.book && !closed.entries.has(state.by))
      if (!(await again.put({ entry, state: { type: 'waits' } }))) return false;
    if (state.type !== 'waits' && entry.book + 1 < closed.book) await again.remove(entry.id);
  }
  for (const entry of overtakenOf(closed, device))
    if (!known.has(entry.id) && !(await again.put({ entry, state: { type: 'waits' } }))) return false;
  return true;
}
