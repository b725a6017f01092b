/** The circle's record at rest: plain, or under the app lock's passphrase [S4]. Settings stay outside the lock. */
import { fail, ok, type Result } from '@corridor/ledger';
import { lockRecord, unlockRecord } from '../passphrase.ts';
import type { Records } from '../ports.ts';
import {
  CIRCLE_RECORD,
  decodeCircleRecord,
  decodeSettings,
  encodeRecord,
  SETTINGS_RECORD,
  type CircleRecord,
  type PeerSettings,
} from './circleRecord.ts';

const LOCKED_RECORD = 'circle.locked';

export type VaultState =
  | { readonly type: 'empty' }
  | { readonly type: 'locked' }
  | { readonly type: 'damaged' }
  | { readonly type: 'open'; readonly record: CircleRecord };
export interface Vault {
  open(): Promise<VaultState>;
  unlock(passphrase: string): Promise<Result<CircleRecord, 'wrong-passphrase' | 'damaged'>>;
  /** Saves under the passphrase in force. False: the disk refused. */
  save(record: CircleRecord): Promise<boolean>;
  /** Sets, changes or (null) takes off the lock. */
  setPassphrase(
    next: string | null,
    current: string | null,
    record: CircleRecord,
  ): Promise<Result<null, 'wrong-passphrase' | 'storage-refused'>>;
  isLockSet(): boolean;
  forgetPassphrase(): void;
  settings(): Promise<PeerSettings>;
  saveSettings(settings: PeerSettings): Promise<boolean>;
  clear(): Promise<void>;
}
export function createVault(records: Records): Vault {
  let passphrase: string | null = null;
  let lockSet = false;
  const save = async (record: CircleRecord): Promise<boolean> => {
    const bytes = encodeRecord(record);
    if (passphrase === null) return records.put(CIRCLE_RECORD, bytes);
    return records.put(LOCKED_RECORD, await lockRecord(passphrase, bytes));
  };
  const unlock: Vault['unlock'] = async (given) => {
    const locked = await records.get(LOCKED_RECORD);
    if (locked === undefined) return fail('damaged');
    const opened = await unlockRecord(given, locked);
    if (!opened.ok) return fail(opened.fault === 'unreadable-record' ? 'damaged' : 'wrong-passphrase');
    const record = decodeCircleRecord(opened.value);
    if (record === undefined) return fail('damaged');
    passphrase = given;
    return ok(record);
  };
  return {
    async open() {
      // A crash while the lock was being set can leave both: the locked one was written last and is the newer.
      lockSet = (await records.get(LOCKED_RECORD)) !== undefined;
      if (lockSet) {
        await records.remove(CIRCLE_RECORD);
        return { type: 'locked' };
      }
      const bytes = await records.get(CIRCLE_RECORD);
      if (bytes === undefined) return { type: 'empty' };
      const record = decodeCircleRecord(bytes);
      return record === undefined ? { type: 'damaged' } : { type: 'open', record };
    },
    unlock,
    save,
    async setPassphrase(next, current, record) {
      if (lockSet && !(await unlock(current ?? '')).ok) return fail('wrong-passphrase');
      const before = passphrase;
      passphrase = next;
      if (!(await save(record))) {
        passphrase = before;
        return fail('storage-refused');
      }
      await records.remove(next === null ? LOCKED_RECORD : CIRCLE_RECORD);
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
