/** Byte credit, both ends of it: a receiver never lets a sender run ahead. All amounts in bytes. */
import { MAX_CREDIT_HELD } from './limits.ts';

/** What the other side may still send us, and what we owe it back once the host has settled it. */
export interface GrantedCredit {
  /** The first grant. */
  readonly open: () => number;
  /** Charges a message that came; false: more than was granted. */
  readonly charge: (bytes: number) => boolean;
  /** The host is through with so much. */
  readonly settle: (bytes: number) => void;
  /** What to grant now: at once when it rides on another message, else only when a quarter is owed. */
  readonly regrant: (riding: boolean) => number;
}

/** Credit we grant, `window` bytes under way at most. */
export const createGrantedCredit = (window: number): GrantedCredit => {
  let left = 0;
  let owed = 0;
  const grant = (bytes: number): number => {
    left += bytes;
    return bytes;
  };
  return {
    open: () => grant(window),
    charge: (bytes) => {
      if (bytes > left) return false;
      left -= bytes;
      return true;
    },
    settle: (bytes) => {
      owed += bytes;
    },
    regrant: (riding) => {
      if (!riding && owed < window / 4) return 0;
      const bytes = owed;
      owed = 0;
      return grant(bytes);
    },
  };
};

/** What the other side lets us send. */
export interface HeldCredit {
  readonly left: () => number;
  /** Adds a grant; false: more than any honest receiver grants. */
  readonly add: (bytes: number) => boolean;
  readonly spend: (bytes: number) => void;
}

export const createHeldCredit = (): HeldCredit => {
  let left = 0;
  return {
    left: () => left,
    add: (bytes) => {
      left += bytes;
      return left <= MAX_CREDIT_HELD;
    },
    spend: (bytes) => {
      if (bytes > left) throw new Error(`spent ${bytes} bytes of ${left}`);
      left -= bytes;
    },
  };
};
