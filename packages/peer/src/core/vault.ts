/**
 * The circle's record at rest: plain, or under the app lock [S4]. The lock's data key opens by the passphrase, and by a
 * passkey where the member added one. Settings stay outside the lock.
 */
import { fail, fromHex, ok, toHex, type Result } from '@corridor/ledger';
import { hexToBytes } from '@noble/hashes/utils.js';
import { openBookKey, sealBookKey } from '../bookKeys.ts';
import { lockRecord, unlockRecord, type UnlockFault } from '../passphrase.ts';
import type { KeyRing, Records } from '../ports.ts';
import { lockByPrf, unlockByPrf, type PrfFault } from '../prfLock.ts';
import { MAX_CREDENTIAL_BYTES, PRF_BYTES, PRF_SALT_BYTES } from '../storageLimits.ts';
import type { LockView, NewPasskey, PasskeyHint } from '../view.ts';
import {
  CIRCLE_RECORD,
  decodeStoredRecord,
  decodeSettings,
  encodeRecord,
  SETTINGS_RECORD,
  type CircleRecord,
  type PeerSettings,
} from './circleRecord.ts';
import {
  dataKeyHandle,
  newDataKey,
  openLocked,
  readLocked,
  sealLocked,
  type LockedRecord,
  type Ways,
} from './lockedRecord.ts';
import { orRefused } from './refusals.ts';

const LOCKED_RECORD = 'circle.locked';

export type VaultState =
  | { readonly type: 'empty' }
  | { readonly type: 'locked' }
  | { readonly type: 'damaged' }
  | { readonly type: 'open'; readonly record: CircleRecord };
type LockFault = UnlockFault | 'storage-refused';
export interface Vault {
  open(): Promise<VaultState>;
  unlock(passphrase: string): Promise<Result<CircleRecord, UnlockFault>>;
  /** Opens by what the passkey computed; overwrites it. */
  unlockByPasskey(prf: Uint8Array): Promise<Result<CircleRecord, UnlockFault | PrfFault>>;
  /** Saves under the lock in force. False: the disk refused, or the lock is shut. */
  save(record: CircleRecord): Promise<boolean>;
  /** Sets, changes or (null) takes off the lock. A passkey goes with the lock, and stays when the passphrase changes. */
  setPassphrase(
    next: string | null,
    current: string | null,
    record: CircleRecord,
  ): Promise<Result<null, LockFault>>;
  /** Adds a passkey, which takes the passphrase; or (null) lets it go. Overwrites what the passkey computed. */
  setPasskey(
    passkey: NewPasskey | null,
    passphrase: string | null,
    record: CircleRecord,
  ): Promise<Result<null, LockFault | PrfFault | 'no-lock'>>;
  lock(): LockView;
  /** The data key leaves memory: from here on only a way in opens the record. */
  forget(): void;
  settings(): Promise<PeerSettings>;
  saveSettings(settings: PeerSettings): Promise<boolean>;
  clear(): Promise<void>;
}
/** What is in memory of the lock while the app is open. */
interface OpenLock {
  readonly key: CryptoKey;
  readonly ways: Ways;
}
export function createVault(records: Records, keys: KeyRing, sealKey = sealBookKey): Vault {
  let open: OpenLock | undefined;
  let lockSet = false;
  let passkey: PasskeyHint | null = null;
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
  const saveUnder = async (lock: OpenLock | undefined, record: CircleRecord): Promise<boolean> => {
    const bytes = await encode(record);
    if (lock === undefined) return records.put(CIRCLE_RECORD, bytes);
    return records.put(LOCKED_RECORD, await sealLocked(lock.key, lock.ways, bytes));
  };
  const drop = (name: string): Promise<boolean> =>
    orRefused(
      records.remove(name).then(() => true),
      () => false,
    );
  const adopt = (lock: OpenLock | undefined): void => {
    open = lock;
    passkey = hintOf(lock?.ways);
  };
  /** The data key by the passphrase; of a record from before there was one, a fresh key and what it shall seal. */
  const byPassphrase = async (given: string): Promise<Result<Opened, UnlockFault>> => {
    const bytes = await records.get(LOCKED_RECORD);
    if (bytes === undefined) return fail('unreadable-record');
    const locked = readLocked(bytes);
    const opened = await unlockRecord(given, locked?.ways.passphrase ?? bytes);
    if (!opened.ok) return opened;
    if (locked !== undefined) return ok({ raw: opened.value, locked });
    const raw = newDataKey();
    const ways = { passphrase: await lockRecord(given, raw), passkey: null };
    const renewed = await sealLocked(await dataKeyHandle(raw), ways, opened.value);
    const read = readLocked(renewed);
    return read === undefined ? fail('unreadable-record') : ok({ raw, locked: read, renewed });
  };
  const enter = async ({ raw, locked }: Opened): Promise<Result<CircleRecord, UnlockFault>> => {
    const key = await dataKeyHandle(raw);
    raw.fill(0);
    const content = await openLocked(key, locked);
    const record = content && (await decode(content));
    content?.fill(0);
    if (record === undefined) return fail('unreadable-record');
    adopt({ key, ways: locked.ways });
    return ok(record);
  };
  return {
    async open() {
      // A crash while the lock was being set can leave both: the locked one was written last and is the newer.
      const locked = await records.get(LOCKED_RECORD);
      lockSet = locked !== undefined;
      if (locked !== undefined) {
        passkey = hintOf(readLocked(locked)?.ways);
        await drop(CIRCLE_RECORD);
        return { type: 'locked' };
      }
      const bytes = await records.get(CIRCLE_RECORD);
      if (bytes === undefined) return { type: 'empty' };
      const record = await decode(bytes);
      return record === undefined ? { type: 'damaged' } : { type: 'open', record };
    },
    async unlock(given) {
      const opened = await byPassphrase(given);
      if (!opened.ok) return opened;
      const entered = await enter(opened.value);
      // A disk that refuses keeps the older form, which opens the same way.
      const { renewed } = opened.value;
      if (entered.ok && renewed !== undefined) await records.put(LOCKED_RECORD, renewed);
      return entered;
    },
    async unlockByPasskey(prf) {
      const bytes = await records.get(LOCKED_RECORD);
      const locked = bytes && readLocked(bytes);
      const way = locked?.ways.passkey;
      const opened = way ? await unlockByPrf(prf, way.lock) : fail<PrfFault>('wrong-passkey');
      prf.fill(0);
      if (!opened.ok || locked === undefined) return fail('wrong-passkey');
      return enter({ raw: opened.value, locked });
    },
    // Locked, there is nothing to save under; in the open it would protect nothing.
    save: async (record) => !(lockSet && open === undefined) && saveUnder(open, record),
    async setPassphrase(next, current, record) {
      const known = lockSet ? await byPassphrase(current ?? '') : undefined;
      if (known?.ok === false) return known;
      const raw = known?.value.raw ?? newDataKey();
      const lock =
        next === null ? undefined : await lockOf(raw, next, known?.value.locked.ways.passkey ?? null);
      raw.fill(0);
      const [written, former] =
        lock === undefined ? [CIRCLE_RECORD, LOCKED_RECORD] : [LOCKED_RECORD, CIRCLE_RECORD];
      const switches = lockSet !== (lock !== undefined);
      const saved = await saveUnder(lock, record);
      // Half a lock is none: while the open record lies beside it, the passphrase protects nothing.
      if (!saved || (switches && !(await drop(former)))) {
        if (saved) await drop(written);
        return fail('storage-refused');
      }
      adopt(lock);
      lockSet = lock !== undefined;
      return ok(null);
    },
    async setPasskey(added, passphrase, record) {
      if (open === undefined) return fail('no-lock');
      const lock =
        added === null
          ? ok({ key: open.key, ways: { ...open.ways, passkey: null } })
          : await lockWith(added, passphrase ?? '');
      if (!lock.ok) return lock;
      if (!(await saveUnder(lock.value, record))) return fail('storage-refused');
      adopt(lock.value);
      return ok(null);
    },
    lock: () => ({ isSet: lockSet, passkey }),
    forget() {
      open = undefined;
    },
    settings: async () => decodeSettings(await records.get(SETTINGS_RECORD)),
    saveSettings: (settings) => records.put(SETTINGS_RECORD, encodeRecord(settings)),
    async clear() {
      await records.remove(CIRCLE_RECORD);
      await records.remove(LOCKED_RECORD);
      adopt(undefined);
      lockSet = false;
    },
  };

  /** The lock with one more way in, which gets the data key from the passphrase: memory has no bytes of it. */
  async function lockWith(
    { credential, salt, prf }: NewPasskey,
    passphrase: string,
  ): Promise<Result<OpenLock, UnlockFault | PrfFault>> {
    const isUsable =
      credential.length > 0 &&
      credential.length <= MAX_CREDENTIAL_BYTES &&
      salt.length === PRF_SALT_BYTES &&
      prf.length === PRF_BYTES;
    const opened = isUsable ? await byPassphrase(passphrase) : fail<PrfFault>('wrong-passkey');
    if (!opened.ok) {
      prf.fill(0);
      return opened;
    }
    const { raw, locked } = opened.value;
    const lock = await lockByPrf(prf, raw);
    prf.fill(0);
    const key = await dataKeyHandle(raw);
    raw.fill(0);
    return ok({ key, ways: { ...locked.ways, passkey: { credential, salt, lock } } });
  }
}
/** A data key with the record that it opens. */
interface Opened {
  readonly raw: Uint8Array;
  readonly locked: LockedRecord;
  /** The record in today's form, where the disk has an older one. */
  readonly renewed?: Uint8Array;
}
const lockOf = async (raw: Uint8Array, passphrase: string, passkey: Ways['passkey']): Promise<OpenLock> => ({
  key: await dataKeyHandle(raw),
  ways: { passphrase: await lockRecord(passphrase, raw), passkey },
});
const hintOf = (ways: Ways | undefined): PasskeyHint | null =>
  ways?.passkey ? { credential: ways.passkey.credential, salt: ways.passkey.salt } : null;
