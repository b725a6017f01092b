const NOT_WIPED = 'not-wiped:';

/** The reason of a broken view after a wipe that the disk did not carry out whole, with what it kept. */
export const notWiped = (remains: readonly string[]): string => `${NOT_WIPED}${remains.join(' ')}`;

/** What the disk kept, if that is the reason; else null. */
export const remainsOf = (reason: string): readonly string[] | null =>
  reason.startsWith(NOT_WIPED) ? reason.slice(NOT_WIPED.length).split(' ') : null;
