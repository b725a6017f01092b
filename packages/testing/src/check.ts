/** Checks for suites that also run inside a page, where there is no test runner to bring its own. */

/** Throws unless `holds`. */
export function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`not so: ${what}`);
}

/** Throws unless both read the same as JSON. */
export const checkSame = (actual: unknown, expected: unknown, what = 'differs'): void => {
  const left = JSON.stringify(actual);
  const right = JSON.stringify(expected);
  if (left !== right) throw new Error(`${what}: ${left}, expected ${right}`);
};

/** Throws unless both hold the same bytes. */
export const checkBytes = (actual: Uint8Array | undefined, expected: Uint8Array): void =>
  checkSame(actual === undefined ? undefined : [...actual], [...expected], 'other bytes');

/** Throws unless the promise rejects with an error of that name. */
export const rejection = async (promise: Promise<unknown>, name: string): Promise<void> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  check(error !== undefined, `${name} was expected, and there was no error`);
  const actual = error instanceof Error ? error.name : 'no error object';
  checkSame(actual, name, 'another error');
};
