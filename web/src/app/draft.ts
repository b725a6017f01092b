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
}

const SHELF = 'corridor.draft';

const newIntent = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const isDraft = (value: unknown): value is PayDraft =>
  typeof value === 'object' &&
  value !== null &&
  ['target', 'amount', 'memo', 'intent'].every((name) => typeof Reflect.get(value, name) === 'string');

const read = (): PayDraft | null => {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(SHELF) ?? 'null');
    return isDraft(kept) ? kept : null;
  } catch {
    return null;
  }
};
const write = (draft: PayDraft | null): void => {
  try {
    if (draft) sessionStorage.setItem(SHELF, JSON.stringify(draft));
    else sessionStorage.removeItem(SHELF);
  } catch {
    // without it a reload forgets the draft; the press itself still signs once
  }
};

type Content = Partial<Pick<PayDraft, 'amount' | 'memo' | 'need'>>;

/** The draft for a target, kept over a reload, with a function to change its content and one to end it. */
export const usePayDraft = (
  target: string,
  start: Pick<PayDraft, 'amount' | 'memo' | 'need'>,
): readonly [PayDraft, (content: Content) => void, () => void] => {
  const [draft, setDraft] = useState<PayDraft>(() => {
    const kept = read();
    const made = kept?.target === target ? kept : { target, ...start, intent: newIntent() };
    write(made);
    return made;
  });
  const change = (content: Content): void => {
    const next = { ...draft, ...content, intent: newIntent() };
    write(next);
    setDraft(next);
  };
  return [draft, change, () => write(null)];
};
