/** Requests to be paid: the ones this device made, remembered so that a code may name them by a prefix [P3]. */
import {
  fail,
  invoiceCheck,
  invoiceId,
  invoiceStatement,
  ok,
  prefixOf,
  toHex,
  type Id,
  type Invoice,
  type Need,
  type Result,
  type Sha256,
  type SignedInvoice,
  type TextRecord,
  type Ledger,
  type DeviceKey,
} from '@corridor/ledger';
import type { Clock, KeyRing, RandomBytes, SignatureChecker } from '../ports.ts';
import { MAX_INVOICES } from './limits.ts';
import type { SealedRecords } from './sealedRecords.ts';

export interface Invoices {
  make(
    amount: number,
    text: TextRecord | null,
    need: Need | null,
    minutes: number,
  ): Promise<Result<SignedInvoice, 'storage-refused' | 'cannot-sign'>>;
  byPrefix(prefix: string): Id | undefined;
  /** What one of our own requests was for: a payment that answers it carries no text of its own. */
  textOf(invoice: Id): string | undefined;
  check(signed: SignedInvoice): Promise<boolean>;
  noteText(invoice: Id, text: TextRecord | null): Promise<void>;
}
const PREFIX = 'invoice/';

export async function openInvoices(options: {
  readonly ledger: Ledger;
  readonly device: DeviceKey;
  readonly records: SealedRecords;
  readonly keys: KeyRing;
  readonly checker: SignatureChecker;
  readonly sha256: Sha256;
  readonly clock: Clock;
  readonly random: RandomBytes;
}): Promise<Invoices> {
  const { ledger, device, records, keys, checker, sha256, clock, random } = options;
  const texts = new Map<Id, string>();
  for (const name of (await records.names(PREFIX)).slice(-MAX_INVOICES)) {
    const row = await records.get(name);
    if (row !== undefined) texts.set(name.slice(PREFIX.length) as Id, new TextDecoder().decode(row));
  }
  const remember = async (id: Id, text: string): Promise<boolean> => {
    if (!(await records.put(`${PREFIX}${id}`, new TextEncoder().encode(text)))) return false;
    texts.set(id, text);
    for (const oldest of texts.keys()) {
      if (texts.size <= MAX_INVOICES) break;
      texts.delete(oldest);
      await records.remove(`${PREFIX}${oldest}`);
    }
    return true;
  };
  return {
    async make(amount, text, need, minutes) {
      const expiresAt = Math.floor(clock.now() / 1000) + minutes * 60;
      const invoice: Invoice = {
        circle: ledger.circle,
        payee: device,
        amount,
        need,
        text,
        nonce: toHex(random(8)),
        expiresAt,
      };
      const id = invoiceId(invoice, sha256);
      const signature = await keys.sign(device, invoiceStatement(id));
      if (signature === undefined) return fail('cannot-sign');
      return (await remember(id, text?.text ?? ''))
        ? ok({ invoice, id, signature })
        : fail('storage-refused');
    },
    byPrefix(prefix) {
      for (const id of texts.keys()) if (prefixOf(id) === prefix) return id;
      return undefined;
    },
    textOf: (invoice) => texts.get(invoice),
    async check(signed) {
      const [verdict] = await checker.check([invoiceCheck(signed)], { left: 1 });
      return verdict === 'valid';
    },
    async noteText(invoice, text) {
      if (text !== null && text.text !== '') await remember(invoice, text.text);
    },
  };
}
