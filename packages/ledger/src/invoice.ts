/**
 * A request to be paid [P3]: the creditor speaks first, signs, and shows it as a code or a link. Its id commits to
 * everything in it under the circle's name, so a payment that names the id answers this request and no other.
 *
 * The code names the circle by a prefix and the payee by the log's ordinal: whoever is in the circle expands them,
 * and only then do id and signature fit.
 */
import { readNeed, writeNeed } from './bodyCodec.ts';
import { concatBytes, toHex } from './bytes.ts';
import { readCodeHead, writeCodeHead } from './code.ts';
import type { Sha256 } from './entryCodec.ts';
import type { Need } from './entry.ts';
import type { DeviceKey, Id, Signature } from './ids.ts';
import {
  AMOUNT_END,
  COUNT_END,
  ID_PREFIX_BYTES,
  INVOICE_NONCE_BYTES,
  MAX_CODE_BYTES,
  MAX_INVOICE_TEXT_BYTES,
  SALT_BYTES,
  TIME_END,
} from './limits.ts';
import {
  createReader,
  endArray,
  readArray,
  readEnd,
  readHex,
  readInt,
  readOrNull,
  readText,
  type DecodeFault,
  type Reader,
} from './reader.ts';
import { fail, ok, type Result } from './result.ts';
import { bytesOf, DOMAIN, invoiceStatement } from './statements.ts';
import { boundedText, type TextRecord } from './text.ts';
import type { NeededCheck } from './verify.ts';
import {
  createWriter,
  writeArray,
  writeHex,
  writeInt,
  writeOrNull,
  writeText,
  written,
  type Writer,
} from './writer.ts';

export interface Invoice {
  readonly circle: Id;
  readonly payee: DeviceKey;
  /** Minor units; 0: any amount. */
  readonly amount: number;
  readonly need: Need | null;
  /** At most {@link MAX_INVOICE_TEXT_BYTES}; salted, so that its hash in a chain gives nothing away [E6]. */
  readonly text: TextRecord | null;
  /** {@link INVOICE_NONCE_BYTES} random bytes, hex. */
  readonly nonce: string;
  /** Unix seconds by the payee's clock: a courtesy, never validity. */
  readonly expiresAt: number;
}
export interface SignedInvoice {
  readonly invoice: Invoice;
  readonly id: Id;
  readonly signature: Signature;
}
/** How a reader who is in the circle fills in what the code leaves out. */
export interface InvoiceResolver {
  /** The circle whose id begins with these {@link ID_PREFIX_BYTES}, hex. */
  circleOf(prefix: string): Id | undefined;
  /** The device with that ordinal in the circle's log. */
  deviceOf(circle: Id, ordinal: number): DeviceKey | undefined;
}
export type InvoiceFault =
  | DecodeFault
  | { readonly code: 'other-circle'; readonly prefix: string }
  | { readonly code: 'unknown-device'; readonly circle: Id; readonly ordinal: number };

export const prefixOf = (id: Id): string => id.slice(0, ID_PREFIX_BYTES * 2);

/** The amount, need, text, nonce and expiry: the part that both forms share. */
function writeTerms(w: Writer, invoice: Invoice): void {
  writeInt(w, invoice.amount);
  writeOrNull(w, invoice.need, writeNeed);
  writeOrNull(w, invoice.text, (inner, { salt, text }) => {
    writeArray(inner, 2);
    writeHex(inner, salt);
    writeText(inner, text);
  });
  writeHex(w, invoice.nonce);
  writeInt(w, invoice.expiresAt);
}
const TERMS = 5;
function readTerms(r: Reader): Omit<Invoice, 'circle' | 'payee'> {
  return {
    amount: readInt(r, 'amount', 0, AMOUNT_END),
    need: readOrNull(r, readNeed),
    text: readOrNull(r, readInvoiceText),
    nonce: readHex(r, 'nonce', INVOICE_NONCE_BYTES),
    expiresAt: readInt(r, 'expiresAt', 0, TIME_END),
  };
}
function readInvoiceText(r: Reader): TextRecord {
  readArray(r, 'text', 2);
  const record = { salt: readHex(r, 'salt', SALT_BYTES), text: readText(r, 'text', MAX_INVOICE_TEXT_BYTES) };
  endArray(r);
  return record;
}

/** The whole bytes that the id commits to: [circle, payee, amount, need, text, nonce, expiresAt]. */
export function invoiceBytes(invoice: Invoice): Uint8Array {
  const w = createWriter();
  writeArray(w, 2 + TERMS);
  writeHex(w, invoice.circle);
  writeHex(w, invoice.payee);
  writeTerms(w, invoice);
  return written(w);
}
/** SHA-256(domain ‖ circle ‖ bytes) [E3]. */
export const invoiceId = (invoice: Invoice, sha256: Sha256): Id =>
  toHex(sha256(concatBytes(DOMAIN.invoice, bytesOf(invoice.circle), invoiceBytes(invoice)))) as Id;

/** The signature that makes a decoded request the payee's. */
export const invoiceCheck = ({ invoice, id, signature }: SignedInvoice): NeededCheck => ({
  key: invoice.payee,
  message: invoiceStatement(id),
  signature,
});

/** The code: at most {@link MAX_CODE_BYTES}. `ordinal`: the payee's in the log. A text beyond its bound throws. */
export function encodeInvoice(invoice: Invoice, signature: Signature, ordinal: number): Uint8Array {
  const w = createWriter();
  if (invoice.text !== null && !boundedText(invoice.text.text, MAX_INVOICE_TEXT_BYTES).ok)
    throw new RangeError('a request with too long a text');
  writeCodeHead(w, 'invoice', 3 + TERMS);
  writeHex(w, prefixOf(invoice.circle));
  writeInt(w, ordinal);
  writeTerms(w, invoice);
  writeHex(w, signature);
  if (w.length > MAX_CODE_BYTES) throw new RangeError(`a request of ${w.length} bytes`);
  return written(w);
}
/** Reads a code and fills in what it leaves out. Total; the signature is still to be checked: {@link invoiceCheck}. */
export function decodeInvoice(
  bytes: Uint8Array,
  resolve: InvoiceResolver,
  sha256: Sha256,
): Result<SignedInvoice, InvoiceFault> {
  if (bytes.length > MAX_CODE_BYTES) return fail({ code: 'oversize', at: MAX_CODE_BYTES, field: 'code' });
  const r = createReader(bytes);
  readCodeHead(r, 'invoice', 3 + TERMS);
  const prefix: string = readHex(r, 'circle', ID_PREFIX_BYTES);
  const ordinal = readInt(r, 'payee', 0, COUNT_END);
  const terms = readTerms(r);
  const signature: Signature = readHex(r, 'signature', 64);
  endArray(r);
  const fault = readEnd(r);
  if (fault !== undefined) return fail(fault);
  const circle = resolve.circleOf(prefix);
  if (circle === undefined) return fail({ code: 'other-circle', prefix });
  const payee = resolve.deviceOf(circle, ordinal);
  if (payee === undefined) return fail({ code: 'unknown-device', circle, ordinal });
  const invoice: Invoice = { circle, payee, ...terms };
  return ok({ invoice, id: invoiceId(invoice, sha256), signature });
}
