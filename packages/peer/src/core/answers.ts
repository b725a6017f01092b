/** Answers to a screen's intents. */
import type { Answer, Refusal } from '../view.ts';

export const allow = <T>(value: T): Answer<T> => ({ ok: true, value });
export const refuse = (code: Refusal['code'], values: Refusal['values'] = {}): Answer<never> => ({
  ok: false,
  refusal: { code, values },
});
