/**
 * Payments taken from hand to hand [P3]. The code is proof by itself, so it is kept strictly at once; it enters the
 * ledger when the payer's chain up to it has come, by this payer or anybody else.
 */
import {
  decodeEntry,
  entryStatement,
  fromHex,
  KIND,
  LANE,
  toHex,
  type Entry,
  type Id,
  type PayBody,
  type Sha256,
  type Signature,
} from '@corridor/ledger';
import type { Records, SignatureChecker } from '../ports.ts';
import { MAX_HANDED } from './limits.ts';
import type { Replica } from './replica.ts';

export interface HandedPayment {
  readonly entry: Entry<PayBody>;
  readonly signature: Signature;
}
export interface Handed {
  /** Those whose chain has not come yet. */
  waiting(): readonly HandedPayment[];
  has(id: Id): boolean;
  take(
    bytes: Uint8Array,
    signature: Signature,
  ): Promise<'kept' | 'known' | 'bad-signature' | 'storage-refused' | 'not-a-payment'>;
  /** Tries the waiting ones again, now that more of the ledger is here. */
  retry(): Promise<void>;
}
const PREFIX = 'handed/';
const encoder = new TextEncoder();

export async function openHanded(options: {
  readonly replica: Replica;
  readonly records: Records;
  readonly checker: SignatureChecker;
  readonly sha256: Sha256;
}): Promise<Handed> {
  const { replica, records, checker, sha256 } = options;
  const { ledger } = replica;
  const waiting = new Map<Id, HandedPayment>();

  const decode = (bytes: Uint8Array, signature: Signature): HandedPayment | undefined => {
    const decoded = decodeEntry(bytes, replica.circle, sha256);
    if (!decoded.ok || decoded.value.lane !== LANE.account) return undefined;
    const { body } = decoded.value;
    return body.kind === KIND.pay ? { entry: { ...decoded.value, body }, signature } : undefined;
  };
  const enter = async ({ entry, signature }: HandedPayment): Promise<boolean> => {
    const run = { entries: [entry], signatures: new Map([[entry.id, signature]]), sealed: new Map() };
    const outcome = await replica.takeOpen([run], { left: 1 });
    return ledger.entries.has(entry.id) || outcome.fault !== null;
  };
  for (const name of await records.names(PREFIX)) {
    const row = await records.get(name);
    const [bytes, signature] = row === undefined ? [] : new TextDecoder().decode(row).split('.');
    const payment =
      bytes && signature ? decode(fromHex(bytes) ?? new Uint8Array(0), signature as Signature) : undefined;
    if (payment === undefined || ledger.entries.has(payment.entry.id)) continue;
    waiting.set(payment.entry.id, payment);
  }
  return {
    waiting: () => [...waiting.values()],
    has: (id) => waiting.has(id),
    async take(bytes, signature) {
      const payment = decode(bytes, signature);
      if (payment === undefined) return 'not-a-payment';
      const { entry } = payment;
      if (waiting.has(entry.id) || ledger.entries.has(entry.id)) return 'known';
      const check = { key: entry.device, message: entryStatement(entry.id), signature };
      const [verdict] = await checker.check([check], { left: 1 });
      if (verdict !== 'valid') return 'bad-signature';
      if (waiting.size >= MAX_HANDED) return 'storage-refused';
      const row = encoder.encode(`${toHex(entry.bytes)}.${signature}`);
      if (!(await records.put(`${PREFIX}${entry.id}`, row))) return 'storage-refused';
      waiting.set(entry.id, payment);
      if (await enter(payment)) waiting.delete(entry.id);
      return 'kept';
    },
    async retry() {
      for (const payment of [...waiting.values()]) {
        const { entry } = payment;
        const linked = entry.seq === 0 || ledger.entries.has(entry.prev);
        if (!ledger.entries.has(entry.id) && (!linked || !(await enter(payment)))) continue;
        waiting.delete(entry.id);
        // The book's document is not strict: the row stays until the payment is settled, then it is everybody's.
        if (ledger.entries.get(entry.id)?.settled === true) await records.remove(`${PREFIX}${entry.id}`);
      }
    },
  };
}
