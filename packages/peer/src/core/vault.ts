/** The circle's record at rest: plain, or under the app lock's passphrase [S4]. Settings stay outside the lock. */
import { fail, fromHex, ok, toHex, type Result } from '@corridor/ledger';
import { hexToBytes } from '@noble/hashes/utils.js';
import { openBookKey, sealBookKey } from '../bookKeys.ts';
import { lockRecord, unlockRecord, type UnlockFault } from '../passphrase.ts';
import type { KeyRing, Records } from '../ports.ts';
import {
  CIRCLE_RECORD,
  decodeStoredRecord,
  decodeSettings,
  encodeRecord,
  SETTINGS_RECORD,
  type CircleRecord,
  type PeerSettings,
} from './circleRecord.ts';
import { orRefused } from './refusals.ts';

const LOCKED_RECORD = 'circle.locked';

export type VaultState =
  | { readonly type: 'empty' }
  | { readonly type: 'locked' }
  | { readonly type: 'damaged' }
  | { readonly type: 'open'; readonly record: CircleRecord };
export interface Vault {
  open(): Promise<VaultState>;
  unlock(passphrase: string): Promise<Result<CircleRecord, UnlockFault>>;
  /** Saves under the passphrase in force. False: the disk refused. */
  save(record: CircleRecord): Promise<boolean>;
  /** Sets, changes or (null) takes off the lock. */
  setPassphrase(
    next: string | null,
    current: string | null,
    record: CircleRecord,
  ): Promise<Result<null, UnlockFault | 'storage-refused'>>;
  isLockSet(): boolean;
  forgetPassphrase(): void;
  settings(): Promise<PeerSettings>;
  saveSettings(settings: PeerSettings): Promise<boolean>;
  clear(): Promise<void>;
}
export function createVault(records: Records, keys: KeyRing, sealKey = sealBookKey): Vault {
  let passphrase: string | null = null;
  let lockSet = false;
  const encode = async ({ bookKeys, ...rest }: CircleRecord): Promise<Uint8Array> => {
    const sealedKeys: { epoch: number; sealed: string }[] = [];
    for (const { epoch, key } of bookKeys) {
      const binding = { circle: rest.circle, book: 0, epoch, device: rest.device };
      const sealed = await sealKey(rest.sealing, hexToBytes(key), binding);
      if (sealed === undefined) throw new Error('our own sealing key takes no book key');
      sealedKeys.push({ epoch, sealed: toHex(sealed) });
    }
    return encodeRecord({ ...rest, sealedKeys });
  };
  const decode = async (bytes: Uint8Array): Promise<CircleRecord | undefined> => {
    const stored = decodeStoredRecord(bytes);
    if (stored === undefined) return undefined;
    const { sealedKeys, ...rest } = stored;
    const bookKeys: { epoch: number; key: string }[] = [];
    for (const { epoch, sealed } of sealedKeys) {
      const binding = { circle: rest.circle, book: 0, epoch, device: rest.device };
      const key = await openBookKey(keys, rest.sealing, fromHex(sealed) ?? new Uint8Array(0), binding);
      if (key === undefined) return undefined;
      bookKeys.push({ epoch, key: toHex(key) });
    }
    return { ...rest, bookKeys };
  };
  const save = async (record: CircleRecord): Promise<boolean> => {
    const bytes = await encode(record);
    if (passphrase === null) return records.put(CIRCLE_RECORD, bytes);
    return records.put(LOCKED_RECORD, await lockRecord(passphrase, bytes));
  };
  const drop = (name: string): Promise<boolean> =>
    orRefused(
      records.remove(name).then(() => true),
      () => false,
    );
  const unlock: Vault['unlock'] = async (given) => {
    const locked = await records.get(LOCKED_RECORD);
    if (locked === undefined) return fail('unreadable-record');
    const opened = await unlockRecord(given, locked);
    if (!opened.ok) return opened;
    const record = await decode(opened.value);
    if (record === undefined) return fail('unreadable-record');
    passphrase = given;
    return ok(record);
  };
  return {
    async open() {
      // A crash while the lock was being set can leave both: the locked one was written last and is the newer.
      lockSet = (await records.get(LOCKED_RECORD)) !== undefined;
      if (lockSet) {
        await drop(CIRCLE_RECORD);
        return { type: 'locked' };
      }
      const bytes = await records.get(CIRCLE_RECORD);
      if (bytes === undefined) return { type: 'empty' };
      const record = await decode(bytes);
      return record === undefined ? { type: 'damaged' } : { type: 'open', record };
    },
    unlock,
    save,
    async setPassphrase(next, current, record) {
      if (lockSet) {
        const known = await unlock(current ?? '');
        if (!known.ok) return known;
      }
      const before = passphrase;
      passphrase = next;
      const [written, former] =
        next === null ? [CIRCLE_RECORD, LOCKED_RECORD] : [LOCKED_RECORD, CIRCLE_RECORD];
      const switches = lockSet !== (next !== null);
      const saved = await save(record);
      // Half a lock is none: while the open record lies beside it, the passphrase protects nothing.
      if (!saved || (switches && !(await drop(former)))) {
        passphrase = before;
        if (saved) await drop(written);
        return fail('storage-refused');
      }
      lockSet = next !== null;
      return ok(null);
    },
    isLockSet: () => lockSet,
    forgetPassphrase() {
      passphrase = null;
    },
    settings: async () => decodeSettings(await records.get(SETTINGS_RECORD)),
    saveSettings: (settings) => records.put(SETTINGS_RECORD, encodeRecord(settings)),
    async clear() {
      await records.remove(CIRCLE_RECORD);
      await records.remove(LOCKED_RECORD);
      passphrase = null;
      lockSet = false;
    },
  };
}
