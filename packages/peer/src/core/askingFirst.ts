/**
 * A device that starts asks the others for its own newest signature before it signs anything [W2]: its disk may be an
 * older one than it knows. Whoever it meets compares all that both have; once one has, and what was missing is here, it
 * signs. Where nobody is to be met it does not wait for long: a phone alone must be able to pay.
 */
import type { Clock } from '../ports.ts';
import { ASK_FIRST_MS, MAX_ASK_FIRST } from './limits.ts';

export interface AskingFirst {
  /** This device comes back to what its disk has. */
  begin(): void;
  /** A member has told all it has. */
  answered(): void;
  /** Resolves once it may sign. False: what wanted to sign has ended. */
  over(): Promise<boolean>;
  /** Whoever waits ends; who starts again asks still. */
  pause(): void;
}
/** `isMeeting`: whether somebody is just now telling what they have. */
export function createAskingFirst(clock: Clock, isMeeting: () => boolean): AskingFirst {
  let isAsking = false;
  let waiting: ((may: boolean) => void)[] = [];
  let cancel: (() => void) | undefined;
  const end = (may: boolean): void => {
    cancel?.();
    cancel = undefined;
    for (const resolve of waiting.splice(0)) resolve(may);
  };
  const answered = (): void => {
    isAsking = false;
    end(true);
  };
  const wait = (asked: number): void => {
    cancel = clock.after(ASK_FIRST_MS, () => {
      if (isMeeting() && asked < MAX_ASK_FIRST) wait(asked + 1);
      else answered();
    });
  };
  return {
    begin: () => void (isAsking = true),
    answered,
    over() {
      if (!isAsking) return Promise.resolve(true);
      if (cancel === undefined) wait(1);
      return new Promise((resolve) => void waiting.push(resolve));
    },
    pause: () => end(false),
  };
}
