/** An expected failure is a value that names its culprit; only broken invariants throw. */
export type Result<T, F> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: F };

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const fail = <const F>(fault: F): Result<never, F> => ({ ok: false, fault });
