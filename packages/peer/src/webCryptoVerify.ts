/**
 * The platform's own Ed25519 as an accelerator [E5]. In Chromium, and in Node 24 just as well: with 64 in
 * flight it keeps pace with node:crypto's callback form there, so one engine serves both.
 */
import { fromHex } from '@corridor/ledger';
import type { SignatureCheck } from './ports.ts';
import type { Accelerator } from './signatureChecker.ts';

/** Imported keys kept. A book has hundreds of feeds; importing one again costs a fifteenth of a verify. */
const MAX_IMPORTED_KEYS = 1024;

/** Verifies with WebCrypto. Rejects where the engine refuses the key or has no Ed25519. */
export const webCryptoAccelerator = (subtle: SubtleCrypto): Accelerator => {
  const importedKeys = new Map<string, Promise<CryptoKey>>();

  const importKey = (hex: string): Promise<CryptoKey> => {
    const known = importedKeys.get(hex);
    if (known !== undefined) return known;
    if (importedKeys.size >= MAX_IMPORTED_KEYS)
      for (const oldest of importedKeys.keys()) {
        importedKeys.delete(oldest);
        break;
      }
    const imported = subtle.importKey('raw', fromHex(hex) ?? new Uint8Array(), 'Ed25519', false, ['verify']);
    importedKeys.set(hex, imported);
    return imported;
  };

  return async ({ key, message, signature }: SignatureCheck) =>
    subtle.verify(
      'Ed25519',
      await importKey(key),
      fromHex(signature) ?? new Uint8Array(),
      // Shared memory would be refused at run time, and a refusal decides nothing.
      message as Uint8Array<ArrayBuffer>,
    );
};

/**
 * WebKit's Linux ports verify with libgcrypt, which does not refuse some crafted signatures but ends the whole process
 * ("mulm_25519: different sizes", WebKitGTK 2.50 with libgcrypt 1.10): there not even the self-test may ask it.
 */
export const mayAsk = (userAgent: string): boolean =>
  !/Linux/.test(userAgent) || !/AppleWebKit\//.test(userAgent) || /Chrom(?:e|ium)\//.test(userAgent);

/** WebCrypto of this page, worker or process; undefined on a page that is no secure context, and where it is not safe. */
export const platformAccelerator = (): Accelerator | undefined => {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  const userAgent = globalThis.navigator?.userAgent ?? '';
  return subtle === undefined || !mayAsk(userAgent) ? undefined : webCryptoAccelerator(subtle);
};
