import { useState } from 'preact/hooks';
import type { Need } from '@corridor/peer';

/** A payment that is being written. */
export interface PayDraft {
  /** Device key of the payee, and the invoice it answers: another target is another draft. */
  readonly target: string;
  readonly amount: string;
  readonly memo: string;
  readonly need: Need | null;
  /** Goes along with the press: the same content keeps it, so a reload and a second press sign once. */
  readonly intent: string;
  /** Written; pressed, and its receipt not on the screen yet; or over. */
  readonly stage: 'open' | 'pressed' | 'over';
}

const SHELF = 'corridor.draft';

const newIntent = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const isDraft = (value: unknown): value is PayDraft =>
  typeof value === 'object' &&
  value !== null &&
  ['target', 'amount', 'memo', 'intent', 'stage'].every(
    (name) => typeof Reflect.get(value, name) === 'string',
  );

const read = (): PayDraft | null => {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(SHELF) ?? 'null');
    return isDraft(kept) ? kept : null;
  } catch {
    return null;
  }
};
const write = (draft: PayDraft): void => {
  try {
    sessionStorage.setItem(SHELF, JSON.stringify(draft));
  } catch {
    // without it a reload forgets the draft; the press itself still signs once
  }
};

/**
 * The press that was under way when the page went: what became of it is asked before anybody presses again. A page
 * that is loaded again lives on for a moment, and may come as far as its receipt; so where a page was loaded, and nobody
 * has gone elsewhere since, a press that is over counts too.
 */
export const openPress = (isWhereLoaded: boolean): string | null => {
  const kept = read();
  const isOpen = kept?.stage === 'pressed' || (kept?.stage === 'over' && isWhereLoaded);
  return isOpen ? kept.intent : null;
};
/** The receipt is on the screen: the next payment is another one. */
export const closePress = (): void => {
  const kept = read();
  if (kept?.stage === 'pressed') write({ ...kept, stage: 'over' });
};

type Content = Partial<Pick<PayDraft, 'amount' | 'memo' | 'need'>>;

/**
 * The draft for a target, kept over a reload, with a function to change its content and one to note the press. `isAsked`:
 * an earlier press is being asked for, and must not be forgotten before that is answered.
 */
export const usePayDraft = (
  target: string,
  start: Pick<PayDraft, 'amount' | 'memo' | 'need'>,
  isAsked: boolean,
): readonly [PayDraft, (content: Content) => void, () => void] => {
  const [draft, setDraft] = useState<PayDraft>(() => {
    const kept = read();
    if (kept?.target === target && kept.stage !== 'over') return kept;
    const made: PayDraft = { target, ...start, intent: newIntent(), stage: 'open' };
    if (!isAsked) write(made);
    return made;
  });
  const change = (content: Content): void => {
    const next: PayDraft = { ...draft, ...content, intent: newIntent(), stage: 'open' };
    write(next);
    setDraft(next);
  };
  return [draft, change, () => write({ ...draft, stage: 'pressed' })];
};
