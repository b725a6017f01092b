/** Every bound of the ledger, in one place. A rule's number says where the bound comes from. */

/** [E2] unsigned bytes of one entry. */
export const MAX_ENTRY_BYTES = 4096;
/** [E2] arrays within arrays. */
export const MAX_DEPTH = 8;
/** [E4] amounts are below this, in minor units. */
export const AMOUNT_END = 2 ** 40;
/** [E4] every sum stays below this. */
export const SUM_END = 2 ** 53;
/** [F2] an entry is authentic by a signature at most this many entries later. */
export const MAX_LINKS = 64;
/** [P4] claims in one account entry. */
export const MAX_CLAIMS = 32;
/** [P8] votes and receipts in one witness entry. */
export const MAX_VOTES = 64;
/** ids in one "I have it". */
export const MAX_HAVE = 32;
/** [E7] bytes of one attachment. */
export const MAX_ATTACHMENT_BYTES = 2 ** 20;
/** Witnesses of one book (DESIGN steers to 1, 4, 7 or 10). */
export const MAX_WITNESSES = 10;
/** Approvals in one decision. */
export const MAX_APPROVALS = 16;
/** [E6] bytes of one detachable text (UTF-8). */
export const MAX_TEXT_BYTES = 1024;
/** Entries that wait for something they cite, per feed: the rest is asked for again later. */
export const MAX_PARKED_PER_FEED = 256;
/** Entries that wait, in all. */
export const MAX_PARKED = 8192;
/** Sequence numbers, heights, books, incarnations and epochs stay below this. */
export const COUNT_END = 2 ** 32;
/** Unix seconds stay below this (the year 36812). */
export const TIME_END = 2 ** 40;
/** Bytes of a circle's or a unit's name. */
export const MAX_NAME_BYTES = 96;
/** Categories of needs; which one means what is the community layer's. */
export const NEED_CATEGORY_END = 256;
/** Proofs of fault kept per feed. One pair per slot; more add nothing that the circle must talk about. */
export const MAX_PROOFS_PER_FEED = 16;
/** Entries kept on the losing side of a forked feed. */
export const MAX_SIDE_ENTRIES = 128;
