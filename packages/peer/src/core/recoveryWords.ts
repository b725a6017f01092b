/** Recovery words: BIP-39, twelve of the English list, and the signing seed that they stand for [C4]. */
import { entropyToMnemonic, mnemonicToEntropy, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

export const RECOVERY_ENTROPY_BYTES = 16;
const SALT = utf8ToBytes('corridor/recovery/1');

/** Twelve words for 16 random bytes; throws on another length. */
export const wordsOf = (entropy: Uint8Array): readonly string[] =>
  entropyToMnemonic(entropy, wordlist).split(' ');

/**
 * The seed behind words as somebody typed or pasted them: in any case, with any spaces, commas or numbers between them;
 * undefined if they are not twelve words of the list with the right checksum. 128 random bits need no stretching.
 */
export function seedOfWords(typed: string): Uint8Array | undefined {
  const words = typed
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const phrase = words.join(' ');
  if (words.length !== 12 || !validateMnemonic(phrase, wordlist)) return undefined;
  return expand(
    sha256,
    extract(sha256, mnemonicToEntropy(phrase, wordlist), SALT),
    utf8ToBytes('invite'),
    32,
  );
}
