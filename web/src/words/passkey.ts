import type { PasskeySupport, PasskeyTrouble } from '../engine/passkey.ts';
import type { Words } from './language.ts';

/** Why this phone's own lock can't be chosen here; null where it can. */
export const passkeyMissing = (m: Words, support: PasskeySupport): string | null => {
  switch (support) {
    case 'offered':
      return null;
    case 'no-prf':
      return m.phone_unlock_no_browser();
    case 'no-screen-lock':
      return m.phone_unlock_no_screen_lock();
    case 'no-name':
      return m.phone_unlock_no_name();
  }
};

/** What happened when the phone was asked, that nothing is lost, and what still works. */
export const passkeyTrouble = (m: Words, trouble: PasskeyTrouble): string => {
  switch (trouble) {
    case 'cancelled':
      return m.phone_unlock_cancelled();
    case 'no-prf':
      return m.phone_unlock_no_answer();
    case 'other-host':
      return m.phone_unlock_other_host();
    case 'refused':
      return m.phone_unlock_refused();
  }
};
