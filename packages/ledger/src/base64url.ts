/** Base64url without padding (RFC 4648 §5), for links and exports. Pure: `ledger` has no `btoa`. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = Int8Array.from({ length: 128 }, (_, code) => ALPHABET.indexOf(String.fromCharCode(code)));
const valueAt = (text: string, at: number): number => VALUES[text.charCodeAt(at)] ?? -1;
const digit = (value: number): string => ALPHABET[value & 63] ?? '';

export function toBase64url(bytes: Uint8Array): string {
  const digits: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    digits.push(digit(group >> 18), digit(group >> 12));
    if (i + 1 < bytes.length) digits.push(digit(group >> 6));
    if (i + 2 < bytes.length) digits.push(digit(group));
  }
  return digits.join('');
}
/** The bytes; undefined unless the text is exactly what {@link toBase64url} writes of them. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const rest = text.length % 4;
  if (rest === 1) return undefined;
  const bytes = new Uint8Array((text.length >> 2) * 3 + (rest === 0 ? 0 : rest - 1));
  let at = 0;
  let group = 0;
  for (let i = 0; i < text.length; i++) {
    const value = valueAt(text, i);
    if (value < 0) return undefined;
    group = ((group << 6) | value) & 0xffffff;
    // A whole byte is complete after the second, third and fourth digit of each four.
    if (i % 4 === 1) bytes[at++] = group >> 4;
    else if (i % 4 === 2) bytes[at++] = (group >> 2) & 0xff;
    else if (i % 4 === 3) bytes[at++] = group & 0xff;
  }
  // Bits beyond the last byte must be zero, or two texts would mean the same bytes.
  if ((rest === 2 && (group & 15) !== 0) || (rest === 3 && (group & 3) !== 0)) return undefined;
  return bytes;
}
