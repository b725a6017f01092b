/** Small records of an open circle, sealed under its book key like all else on disk [S1] [S4]. */
import { toHex, type Sha256, type TextHash } from '@corridor/ledger';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Records } from '../ports.ts';
import { openTexts, sealTexts, type BookKeys } from '../sealing.ts';
import type { BookKey } from '../sealingKey.ts';
import { orRefused } from './refusals.ts';

export interface SealedRecords {
  /** undefined: not there, or not sealed by this circle. */
  get(name: string): Promise<Uint8Array | undefined>;
  /** False: the disk refused, or the value is longer than a seal takes. */
  put(name: string, value: Uint8Array): Promise<boolean>;
  /** What cannot be removed now stays; nothing hangs on it. */
  remove(name: string): Promise<void>;
  names(prefix: string): Promise<readonly string[]>;
}
export function createSealedRecords(
  records: Records,
  keys: BookKeys,
  key: BookKey,
  sha256: Sha256,
): SealedRecords {
  /** A record is bound to its name, so that none can be put in another's place. */
  const subjectOf = (name: string): TextHash =>
    toHex(sha256(utf8ToBytes(`corridor/record/1 ${name}`))) as TextHash;
  return {
    async get(name) {
      const value = await records.get(name);
      if (value === undefined) return undefined;
      const [opened] = await openTexts(keys, [{ subject: subjectOf(name), value }]);
      return opened?.ok === true ? opened.value : undefined;
    },
    async put(name, value) {
      const [sealed] = await sealTexts(key, [{ subject: subjectOf(name), value }]);
      return sealed !== undefined && (await orRefused(records.put(name, sealed), () => false));
    },
    remove: (name) => orRefused(records.remove(name), () => undefined),
    names: (prefix) => records.names(prefix),
  };
}
