/**
 * A device that starts asks the others for its own newest signature before it signs anything [W2]: its disk may be an
 * older one than it knows. Whoever it meets compares all that both have; once one has, and what was missing is here, it
 * signs. Where nobody is to be met it does not wait for long: a phone alone must be able to pay.
 */
import type { Clock } from '../ports.ts';
import { ASK_FIRST_MS, MAX_ASK_FIRST } from './limits.ts';
import type { Connection } from './links.ts';

/** Whether somebody still tells what they have: its session, or a book that is newer than ours. */
export const isTelling = ({ live, newestBook }: Connection, book: number): boolean =>
  !live || newestBook > book;

export interface AskingFirst {
  /** This device comes back to what its disk has. */
  begin(): void;
  /** A member has told all it has. */
  answered(): void;
  /** For a circle that opens. Both resolve to false if that circle is closed again. */
  opened(): {
    /** Resolves once it may sign. */
    readonly maySign: () => Promise<boolean>;
    /** Resolves once a member has told all it has, which may be never. */
    readonly hasHeard: () => Promise<boolean>;
  };
  /** What was open is closed, and waits no longer. */
  closed(): void;
}
/** `isMeeting`: whether somebody is just now telling what they have. */
export function createAskingFirst(clock: Clock, isMeeting: () => boolean): AskingFirst {
  let isAsking = false;
  let life = 0;
  let isTold = false;
  const waiting: ((may: boolean) => void)[] = [];
  const hoping: ((heard: boolean) => void)[] = [];
  let cancel: (() => void) | undefined;
  const end = (may: boolean): void => {
    cancel?.();
    cancel = undefined;
    for (const resolve of waiting.splice(0)) resolve(may);
  };
  const maySign = (): void => {
    isAsking = false;
    end(true);
  };
  const wait = (asked: number): void => {
    cancel = clock.after(ASK_FIRST_MS, () => {
      if (isMeeting() && asked < MAX_ASK_FIRST) wait(asked + 1);
      else maySign();
    });
  };
  return {
    begin() {
      isAsking = true;
      isTold = false;
    },
    answered() {
      isTold = true;
      maySign();
      for (const resolve of hoping.splice(0)) resolve(true);
    },
    opened() {
      const mine = ++life;
      return {
        maySign() {
          if (mine !== life) return Promise.resolve(false);
          if (!isAsking) return Promise.resolve(true);
          if (cancel === undefined) wait(1);
          return new Promise((resolve) => void waiting.push(resolve));
        },
        hasHeard() {
          if (mine !== life || isTold) return Promise.resolve(mine === life);
          return new Promise((resolve) => void hoping.push(resolve));
        },
      };
    },
    closed() {
      life++;
      end(false);
      for (const resolve of hoping.splice(0)) resolve(false);
    },
  };
}
