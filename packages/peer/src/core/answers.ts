/** Answers to a screen's intents. */
import type { Answer, Refusal } from '../view.ts';
import type { AppendFault } from './replica.ts';

export const allow = <T>(value: T): Answer<T> => ({ ok: true, value });
export const refuse = (code: Refusal['code'], values: Refusal['values'] = {}): Answer<never> => ({
  ok: false,
  refusal: { code, values },
});
/** Why nothing was written. A book that was closed in that moment is gone on from: the same can be asked again then. */
export function refuseAppend(fault: AppendFault): Answer<never> {
  switch (fault) {
    case 'storage-refused':
      return refuse(fault);
    case 'stale-head':
      return refuse('other-tab-is-writing');
    case 'closed':
      return refuse('not-ready');
    case 'forked':
      return refuse('needs-a-talk');
    case 'cannot-sign':
    case 'not-encodable':
      return refuse('internal', { what: fault });
  }
}
