/**
 * Codes as text: what a QR shows and what a link carries. Base45 (RFC 9285) because a QR's alphanumeric mode packs it
 * almost as tightly as bytes and every reader gives it back unharmed; base64url in links.
 */
import { codeKindOf, fromBase64url, toBase64url } from '@corridor/ledger';
import { decodeBase45, encodeBase45 } from './base45.ts';
import { MAX_CODE_CHARS } from './limits.ts';

/** In front of a code, so that a shop's barcode is not taken for one of ours. */
const CODE_PREFIX = 'CORRIDOR:';
export const codeText = (bytes: Uint8Array): string => `${CODE_PREFIX}${encodeBase45(bytes)}`;

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
  if (start >= 0) return kinded(decodeBase45(text.slice(start + CODE_PREFIX.length)));
  const link = /#([jp])=([A-Za-z0-9_-]+)/.exec(text);
  if (link !== null) return kinded(fromBase64url(link[2] ?? ''));
  return /^[0-9]{8,14}$/.test(text) ? { type: 'shop-barcode' } : { type: 'unreadable' };
}
function kinded(bytes: Uint8Array | undefined): ReadText {
  const kind = bytes && codeKindOf(bytes);
  return bytes === undefined || kind === undefined ? { type: 'unreadable' } : { type: 'code', bytes, kind };
}
