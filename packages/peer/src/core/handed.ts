/**
 * Payments taken from hand to hand [P3]. The code is proof by itself, so it is kept strictly at once; it enters the
 * ledger when the payer's chain up to it has come, by this payer or anybody else. If its book closes before, its payer
 * signs it again in the next one [B1], and the code has done its work.
 */
import {
  bytesOf,
  entryStatement,
  KIND,
  LANE,
  toHex,
  type Entry,
  type Id,
  type Ledger,
  type PayBody,
  type Sha256,
  type Signature,
  type Stored,
} from '@corridor/ledger';
import { concatBytes } from '@noble/hashes/utils.js';
import type { SignatureChecker } from '../ports.ts';
import { decodeInOneOf } from './circleRecord.ts';
import { MAX_HANDED } from './limits.ts';
import { createOvertakings, type Overtaking } from './overtaking.ts';
import type { Replica } from './replica.ts';
import type { SealedRecords } from './sealedRecords.ts';

export interface HandedPayment {
  readonly entry: Entry<PayBody>;
  readonly signature: Signature;
}
export interface Handed {
  /** Those whose chain has not come yet. */
  waiting(): readonly HandedPayment[];
  /** What became of a waiting one: 'not-overtaken' while its book is open, so that its chain may still come. */
  since(payment: HandedPayment): Overtaking;
  has(id: Id): boolean;
  take(
    bytes: Uint8Array,
    signature: Signature,
  ): Promise<'kept' | 'known' | 'bad-signature' | 'storage-refused' | 'not-a-payment'>;
  /** Tries the waiting ones again, now that more of the ledger is here. */
  retry(): Promise<void>;
}
/** Names of the rows. */
export const HANDED_PREFIX = 'handed/';
const SIGNATURE_BYTES = 64;

/**
 * The document that holds it now is not strict: the row stays until we said "I have it", or it is settled, or its book is
 * closed and nothing more comes of it there.
 */
const isSafe = ({ ledger }: Replica, stored: Stored): boolean =>
  stored.settled || stored.delivered || ledger.log.closed !== null;

export async function openHanded(options: {
  /** The book in use, and older ones that are open: a payment goes into the one that it names. */
  readonly replica: Replica;
  readonly bookOf: (book: number) => Replica | undefined;
  /** Open ones, newest first. */
  readonly books: () => readonly Ledger[];
  /** Whose payments can be among them: this one, and what it was founded from [K1]. */
  readonly circles: readonly Id[];
  readonly records: SealedRecords;
  readonly checker: SignatureChecker;
  readonly sha256: Sha256;
}): Promise<Handed> {
  const { replica, bookOf, books, circles, records, checker, sha256 } = options;
  const waiting = new Map<Id, HandedPayment>();

  const decode = (bytes: Uint8Array, signature: Signature): HandedPayment | undefined => {
    const decoded = decodeInOneOf(circles, bytes, sha256);
    if (decoded?.lane !== LANE.account) return undefined;
    const { body } = decoded;
    return body.kind === KIND.pay ? { entry: { ...decoded, body }, signature } : undefined;
  };
  const storedOf = ({ book, id }: Entry): Stored | undefined => bookOf(book)?.ledger.entries.get(id);
  const noteEntered = ({ entry }: HandedPayment): void => {
    if (storedOf(entry) !== undefined) waiting.delete(entry.id);
  };
  const enter = async (payment: HandedPayment): Promise<void> => {
    const { entry, signature } = payment;
    const run = { entries: [entry], signatures: new Map([[entry.id, signature]]), sealed: new Map() };
    await bookOf(entry.book)?.takeOpen([run], { left: 1 });
    noteEntered(payment);
  };
  const since = ({ entry }: HandedPayment): Overtaking => {
    const home = bookOf(entry.book)?.ledger;
    const isOver =
      home === undefined
        ? entry.book < replica.ledger.book
        : home.log.closed !== null || home.circle !== replica.circle;
    return isOver ? createOvertakings(books()).since(entry) : { type: 'not-overtaken' };
  };
  for (const name of await records.names(HANDED_PREFIX)) {
    const row = await records.get(name);
    const signature = row && (toHex(row.subarray(0, SIGNATURE_BYTES)) as Signature);
    const payment = row && signature && decode(row.slice(SIGNATURE_BYTES), signature);
    if (payment === undefined) continue;
    const home = bookOf(payment.entry.book);
    const stored = storedOf(payment.entry);
    if (home === undefined || stored === undefined) waiting.set(payment.entry.id, payment);
    else if (isSafe(home, stored)) await records.remove(name);
  }
  return {
    waiting: () => [...waiting.values()],
    since,
    has: (id) => waiting.has(id),
    async take(bytes, signature) {
      const payment = decode(bytes, signature);
      if (payment === undefined) return 'not-a-payment';
      const { entry } = payment;
      if (waiting.has(entry.id)) return 'known';
      // It came another way: what the screen now says is taken must be as strictly kept [P6].
      if (storedOf(entry) !== undefined)
        return (await bookOf(entry.book)?.flush()) === true ? 'known' : 'storage-refused';
      const check = { key: entry.device, message: entryStatement(entry.id), signature };
      const [verdict] = await checker.check([check], { left: 1 });
      if (verdict !== 'valid') return 'bad-signature';
      if (waiting.size >= MAX_HANDED) return 'storage-refused';
      // Who takes it must still know who pays, and in which circle, when the power comes back.
      if (!(await replica.flush())) return 'storage-refused';
      const row = concatBytes(bytesOf(signature), entry.bytes);
      if (!(await records.put(`${HANDED_PREFIX}${entry.id}`, row))) return 'storage-refused';
      waiting.set(entry.id, payment);
      await enter(payment);
      return 'kept';
    },
    async retry() {
      for (const payment of [...waiting.values()]) {
        const { entry } = payment;
        // What stands for it now is in the book as any payment is [B1].
        if (since(payment).type === 'signed-again') {
          if (!(await replica.flush())) continue;
          waiting.delete(entry.id);
          await records.remove(`${HANDED_PREFIX}${entry.id}`);
          continue;
        }
        const home = bookOf(entry.book);
        if (home === undefined) continue;
        const linked = entry.seq === 0 || home.ledger.entries.has(entry.prev);
        if (linked && storedOf(entry) === undefined) await enter(payment);
        else noteEntered(payment);
        const stored = storedOf(entry);
        // The row goes once the book holds it as strictly as the row does [P6].
        if (stored !== undefined && isSafe(home, stored) && (await home.flush()))
          await records.remove(`${HANDED_PREFIX}${entry.id}`);
      }
    },
  };
}
