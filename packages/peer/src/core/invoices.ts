/**
 * Requests to be paid: the ones this device made or answered, remembered as their signed codes, so that a code may name
 * them by a prefix and a line can say what it was for [P3].
 */
import {
  codeKindOf,
  decodeInvoice,
  encodeInvoice,
  fail,
  invoiceCheck,
  invoiceId,
  invoiceStatement,
  ok,
  prefixOf,
  toHex,
  type Id,
  type Invoice,
  type InvoiceResolver,
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
  /** Remembers what a request of somebody else was for. */
  noteText(signed: SignedInvoice): Promise<void>;
  /** The same for one from a saved book, as long as there is room: our own open requests must not give way. */
  takeIn(signed: SignedInvoice): Promise<boolean>;
  /** The signed code of a remembered request; undefined also where only its text was kept, as it once was. */
  codeOf(invoice: Id): Uint8Array | undefined;
  has(invoice: Id): boolean;
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
  const codes = new Map<Id, Uint8Array>();
  const resolver: InvoiceResolver = {
    circleOf: (prefix) => (prefixOf(ledger.circle) === prefix ? ledger.circle : undefined),
    deviceOf: (_circle, ordinal) => ledger.log.ordinals[ordinal],
  };
  for (const name of (await records.names(PREFIX)).slice(-MAX_INVOICES)) {
    const row = await records.get(name);
    if (row === undefined) continue;
    const id = name.slice(PREFIX.length) as Id;
    if (codeKindOf(row) === undefined) {
      // A row from before codes were kept: the text alone. No text begins as a code does.
      texts.set(id, new TextDecoder().decode(row));
      continue;
    }
    const read = decodeInvoice(row, resolver, sha256);
    texts.set(id, (read.ok && read.value.invoice.text?.text) || '');
    codes.set(id, row);
  }
  const remember = async ({ invoice, id, signature }: SignedInvoice): Promise<boolean> => {
    const ordinal = ledger.log.devices.get(invoice.payee)?.ordinal;
    if (ordinal === undefined) return false;
    const code = encodeInvoice(invoice, signature, ordinal);
    if (!(await records.put(`${PREFIX}${id}`, code))) return false;
    texts.set(id, invoice.text?.text ?? '');
    codes.set(id, code);
    for (const oldest of texts.keys()) {
      if (texts.size <= MAX_INVOICES) break;
      texts.delete(oldest);
      codes.delete(oldest);
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
      const signed = { invoice, id, signature };
      return (await remember(signed)) ? ok(signed) : fail('storage-refused');
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
    async noteText(signed) {
      if (signed.invoice.text !== null && signed.invoice.text.text !== '') await remember(signed);
    },
    async takeIn(signed) {
      const isNews = !texts.has(signed.id) && (signed.invoice.text?.text ?? '') !== '';
      return isNews && texts.size < MAX_INVOICES && remember(signed);
    },
    codeOf: (invoice) => codes.get(invoice),
    has: (invoice) => texts.has(invoice),
  };
}
