import { effect, signal, type Signal } from '@preact/signals';
import type { RequestView } from '@corridor/peer';

/** A payment request on its way to the pay screen. `near`: it came by camera, so the answer is shown as a code. */
export interface Asked {
  readonly request: RequestView;
  readonly code: string;
  readonly near: boolean;
}
const SHELF = 'corridor.asked';

const read = (): Asked | null => {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(SHELF) ?? 'null');
    const isAsked = typeof kept === 'object' && kept !== null && 'code' in kept && 'request' in kept;
    return isAsked ? (kept as Asked) : null;
  } catch {
    return null;
  }
};

/** The request that is being answered. A reload keeps it: the stall must not show its code twice. */
export const createAsked = (): Signal<Asked | null> => {
  const asked = signal(read());
  effect(() => {
    const { value } = asked;
    try {
      if (value === null) sessionStorage.removeItem(SHELF);
      else sessionStorage.setItem(SHELF, JSON.stringify(value));
    } catch {
      // without it a reload asks for one more scan
    }
  });
  return asked;
};
