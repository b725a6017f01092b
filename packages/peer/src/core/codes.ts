/**
 * Codes as text: what a QR shows and what a link carries. Base45 (RFC 9285) because a QR's alphanumeric mode packs it
 * almost as tightly as bytes and every reader gives it back unharmed; base64url in links.
 */
import { codeKindOf, fromBase64url, toBase64url } from '@corridor/ledger';
import { MAX_CODE_CHARS } from './limits.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** RFC 9285. */
export function toBase45(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const low = bytes[i] ?? 0;
    const pair = i + 1 < bytes.length;
    let value = pair ? low * 256 + (bytes[i + 1] ?? 0) : low;
    for (let digits = pair ? 3 : 2; digits > 0; digits--) {
      text += ALPHABET.charAt(value % 45);
      value = Math.floor(value / 45);
    }
  }
  return text;
}
/** The bytes; undefined for text that RFC 9285 does not allow. */
export function fromBase45(text: string): Uint8Array | undefined {
  if (text.length % 3 === 1) return undefined;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = [...text.slice(i, i + 3)].map((char) => ALPHABET.indexOf(char));
    if (digits.includes(-1)) return undefined;
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (digits.length === 3) {
      if (value > 0xffff) return undefined;
      bytes.push(value >> 8, value & 255);
    } else if (value > 255) return undefined;
    else bytes.push(value);
  }
  return Uint8Array.from(bytes);
}

/** In front of a code, so that a shop's barcode is not taken for one of ours. */
const CODE_PREFIX = 'CORRIDOR:';
export const codeText = (bytes: Uint8Array): string => `${CODE_PREFIX}${toBase45(bytes)}`;

export const LINK_KINDS = { join: 'j', request: 'p' } as const;
/** `https://APP/#j=…`: the secret stands in the fragment alone, which browsers send to nobody. */
export const linkText = (app: string, kind: keyof typeof LINK_KINDS, bytes: Uint8Array): string =>
  `${app.replace(/\/$/, '')}/#${LINK_KINDS[kind]}=${toBase64url(bytes)}`;

export type ReadText =
  | {
      readonly type: 'code';
      readonly bytes: Uint8Array;
      readonly kind: NonNullable<ReturnType<typeof codeKindOf>>;
    }
  | { readonly type: 'shop-barcode' | 'unreadable' };

/** What a scanned or pasted text holds. Anything may be pasted: spaces around, a whole message with a link in it. */
export function readText(typed: string): ReadText {
  if (typed.length > MAX_CODE_CHARS) return { type: 'unreadable' };
  const text = typed.trim();
  const start = text.indexOf(CODE_PREFIX);
  if (start >= 0) return kinded(fromBase45(text.slice(start + CODE_PREFIX.length)));
  const link = /#([jp])=([A-Za-z0-9_-]+)/.exec(text);
  if (link !== null) return kinded(fromBase64url(link[2] ?? ''));
  return /^[0-9]{8,14}$/.test(text) ? { type: 'shop-barcode' } : { type: 'unreadable' };
}
function kinded(bytes: Uint8Array | undefined): ReadText {
  const kind = bytes && codeKindOf(bytes);
  return bytes === undefined || kind === undefined ? { type: 'unreadable' } : { type: 'code', bytes, kind };
}
