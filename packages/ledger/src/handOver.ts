/**
 * A payment handed over as one printed code [P3]: the entry with all that the payee can fill in left out. What comes
 * back are the entry's exact bytes and its signature; they go through decode, verify and apply like any others.
 */
import { readNeed, writeNeed } from './bodyCodec.ts';
import { readCodeHead, writeCodeHead } from './code.ts';
import { draftBytes } from './entryCodec.ts';
import { KIND, LANE, type Claim, type Entry, type PayBody } from './entry.ts';
import type { Id, Signature } from './ids.ts';
import { prefixOf, type InvoiceResolver } from './invoice.ts';
import type { Ledger } from './ledger.ts';
import {
  AMOUNT_END,
  COUNT_END,
  ID_PREFIX_BYTES,
  MAX_CODE_BYTES,
  MAX_HAND_OVER_CLAIMS,
  TIME_END,
} from './limits.ts';
import {
  createReader,
  endArray,
  readArray,
  readEitherHex,
  readEnd,
  readHex,
  readInt,
  readList,
  readOrNull,
  type DecodeFault,
  type Reader,
} from './reader.ts';
import { fail, ok, type Result } from './result.ts';
import {
  createWriter,
  writeArray,
  writeHex,
  writeInt,
  writeList,
  writeOrNull,
  written,
  type Writer,
} from './writer.ts';

/** The payee knows the requests it signed, so a crowded code names one by a prefix. */
export interface HandOverResolver extends InvoiceResolver {
  invoiceOf(circle: Id, prefix: string): Id | undefined;
}
export interface HandedOver {
  readonly circle: Id;
  /** Unsigned bytes of the entry. */
  readonly bytes: Uint8Array;
  readonly signature: Signature;
}
/** Why a payment cannot be handed over as a code; it can still travel any other way. */
export type HandOverRefusal =
  | { readonly code: 'not-a-payment' | 'has-a-memo' | 'has-an-attachment' }
  | { readonly code: 'too-many-claims'; readonly claims: number }
  | { readonly code: 'too-long'; readonly bytes: number };
export type HandOverFault =
  | DecodeFault
  | { readonly code: 'other-circle'; readonly prefix: string }
  | { readonly code: 'unknown-device'; readonly circle: Id; readonly ordinal: number }
  | { readonly code: 'unknown-invoice'; readonly circle: Id; readonly prefix: string };

const FIELDS = 17;

/** The code of a payment of this ledger. A long one names its request by a prefix. */
export function encodeHandOver(
  entry: Entry,
  signature: Signature,
  ledger: Ledger,
): Result<Uint8Array, HandOverRefusal> {
  const { body } = entry;
  if (body.kind !== KIND.pay || body.to.type !== 'device') return fail({ code: 'not-a-payment' });
  const payer = ledger.log.devices.get(entry.device);
  const payee = ledger.log.devices.get(body.to.device);
  if (payer === undefined || payee === undefined) return fail({ code: 'not-a-payment' });
  if (body.memo !== null) return fail({ code: 'has-a-memo' });
  if (body.attachment !== null) return fail({ code: 'has-an-attachment' });
  const { length } = body.claims;
  if (length > MAX_HAND_OVER_CLAIMS) return fail({ code: 'too-many-claims', claims: length });
  const write = (invoice: string | null): Uint8Array =>
    compact({ ...entry, body }, payer.ordinal, payee.ordinal, invoice, signature);
  const whole = write(body.invoice);
  if (whole.length <= MAX_CODE_BYTES) return ok(whole);
  const short = body.invoice === null ? whole : write(prefixOf(body.invoice));
  return short.length <= MAX_CODE_BYTES ? ok(short) : fail({ code: 'too-long', bytes: short.length });
}
function compact(
  entry: Entry<PayBody>,
  payer: number,
  payee: number,
  invoice: string | null,
  signature: Signature,
): Uint8Array {
  const { body } = entry;
  const w = createWriter();
  writeCodeHead(w, 'hand-over', FIELDS);
  writeHex(w, prefixOf(entry.circle));
  writeInt(w, entry.book);
  writeInt(w, entry.incarnation);
  writeInt(w, entry.epoch);
  writeInt(w, payer);
  writeInt(w, entry.seq);
  writeHex(w, entry.prev);
  writeList(w, body.claims, writeClaim);
  writeInt(w, body.limitRef);
  writeInt(w, body.logHeight);
  writeInt(w, body.balanceAfter);
  writeInt(w, body.amount);
  writeInt(w, payee);
  writeOrNull(w, body.need, writeNeed);
  writeOrNull(w, invoice, writeHex);
  writeInt(w, body.at);
  writeHex(w, signature);
  return written(w);
}
const writeClaim = (w: Writer, { debit, amount }: Claim): void => {
  writeArray(w, 2);
  writeHex(w, debit);
  writeInt(w, amount);
};
function readClaim(r: Reader): Claim {
  readArray(r, 'claim', 2);
  const claim: Claim = { debit: readHex(r, 'debit'), amount: readInt(r, 'claimed', 0, AMOUNT_END) };
  endArray(r);
  return claim;
}

/** The exact bytes and signature of the entry in a code. Total. */
export function decodeHandOver(
  bytes: Uint8Array,
  resolve: HandOverResolver,
): Result<HandedOver, HandOverFault> {
  if (bytes.length > MAX_CODE_BYTES) return fail({ code: 'oversize', at: MAX_CODE_BYTES, field: 'code' });
  const r = createReader(bytes);
  readCodeHead(r, 'hand-over', FIELDS);
  const prefix: string = readHex(r, 'circle', ID_PREFIX_BYTES);
  const book = readInt(r, 'book', 0, COUNT_END);
  const incarnation = readInt(r, 'incarnation', 0, COUNT_END);
  const epoch = readInt(r, 'epoch', 0, COUNT_END);
  const payer = readInt(r, 'device', 0, COUNT_END);
  const seq = readInt(r, 'seq', 0, COUNT_END);
  const prev: Id = readHex(r, 'prev');
  const account = {
    claims: readList(r, 'claims', MAX_HAND_OVER_CLAIMS, readClaim),
    limitRef: readInt(r, 'limitRef', 0, COUNT_END),
    logHeight: readInt(r, 'logHeight', 0, COUNT_END),
    balanceAfter: readInt(r, 'balanceAfter', 1 - AMOUNT_END, AMOUNT_END),
  };
  const amount = readInt(r, 'amount', 0, AMOUNT_END);
  const payee = readInt(r, 'payee', 0, COUNT_END);
  const need = readOrNull(r, readNeed);
  const named = readOrNull(r, (inner) => readEitherHex(inner, 'invoice', 32, ID_PREFIX_BYTES));
  const at = readInt(r, 'at', 0, TIME_END);
  const signature: Signature = readHex(r, 'signature', 64);
  endArray(r);
  const fault = readEnd(r);
  if (fault !== undefined) return fail(fault);

  const circle = resolve.circleOf(prefix);
  if (circle === undefined) return fail({ code: 'other-circle', prefix });
  const device = resolve.deviceOf(circle, payer);
  if (device === undefined) return fail({ code: 'unknown-device', circle, ordinal: payer });
  const to = resolve.deviceOf(circle, payee);
  if (to === undefined) return fail({ code: 'unknown-device', circle, ordinal: payee });
  const invoice = wholeInvoice(circle, named, resolve);
  if (invoice === undefined) return fail({ code: 'unknown-invoice', circle, prefix: named ?? '' });
  const body: PayBody = {
    kind: KIND.pay,
    ...account,
    amount,
    to: { type: 'device', device: to },
    need,
    invoice,
    memo: null,
    attachment: null,
    at,
  };
  const lane = LANE.account;
  return ok({
    circle,
    bytes: draftBytes({ circle, book, incarnation, epoch, device, lane, seq, prev, body }),
    signature,
  });
}
function wholeInvoice(circle: Id, named: string | null, resolve: HandOverResolver): Id | null | undefined {
  if (named === null || named.length === 64) return named as Id | null;
  return resolve.invoiceOf(circle, named);
}
