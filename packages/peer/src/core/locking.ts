/** The app lock as screens ask for it [S4]: set, change, take off, lock, and the two ways to unlock. */
import type { Result } from '@corridor/ledger';
import type { UnlockFault } from '../passphrase.ts';
import type { PrfFault } from '../prfLock.ts';
import type { Answer, PeerIntents } from '../view.ts';
import { allow, refuse } from './answers.ts';
import type { CircleRecord } from './circleRecord.ts';
import type { Lifecycle } from './intents.ts';
import type { PeerState } from './peerState.ts';

type Guarded = <T>(work: () => Promise<Answer<T>>) => Promise<Answer<T>>;
type Locking = Pick<PeerIntents, 'setLock' | 'setPasskey' | 'unlock' | 'unlockByPasskey' | 'lock'>;

export function createLocking(state: PeerState, life: Lifecycle, guarded: Guarded): Locking {
  const { vault } = state;
  const changed = async (
    change: (record: CircleRecord) => Promise<Result<null, LockFault>>,
  ): Promise<Answer<null>> => {
    if (state.stage === 'locked') return refuse('locked');
    if (state.record === undefined) return refuse('not-ready');
    const set = await change(state.record);
    if (!set.ok) return refused(set.fault);
    life.show();
    return allow(null);
  };
  const opened = async (open: () => Promise<Result<CircleRecord, LockFault>>): Promise<Answer<null>> => {
    if (state.stage !== 'locked') return allow(null);
    const record = await open();
    if (!record.ok) return refused(record.fault);
    await life.enter(record.value);
    return allow(null);
  };
  const inTurn = (work: () => Promise<Answer<null>>): Promise<Answer<null>> =>
    guarded(() => life.exclusive(work));
  return {
    setLock: (passphrase, current) =>
      inTurn(() =>
        changed((record) => vault.setPassphrase(passphrase === '' ? null : passphrase, current, record)),
      ),
    setPasskey: (passkey, passphrase) =>
      inTurn(() => changed((record) => vault.setPasskey(passkey, passphrase, record))),
    unlock: (passphrase) => inTurn(() => opened(() => vault.unlock(passphrase))),
    unlockByPasskey: (prf) => inTurn(() => opened(() => vault.unlockByPasskey(prf))),
    lock: () =>
      inTurn(async () => {
        if (!vault.lock().isSet) return refuse('not-ready');
        await life.leave('locked');
        vault.forget();
        return allow(null);
      }),
  };
}
type LockFault = UnlockFault | PrfFault | 'storage-refused' | 'no-lock';

/** A passphrase that was not tried is not wrong [S4]. */
function refused(fault: LockFault): Answer<never> {
  switch (fault) {
    case 'wrong-passphrase':
    case 'wrong-passkey':
    case 'storage-refused':
      return refuse(fault);
    case 'lock-unavailable':
    case 'no-lock':
      return refuse('not-ready', { what: fault });
    case 'unreadable-record':
      return refuse('internal', { what: fault });
  }
}
