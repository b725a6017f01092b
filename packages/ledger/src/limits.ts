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
/** [C3] accounts closed by one act, and so the open devices of one member. */
export const MAX_CLOSINGS = 4;
/** [C1] reports in one stop entry, and stop entries that together close a book [B1]. */
export const MAX_REPORTS = 48;
export const MAX_STOP_PARTS = 4096;
/** [B1] devices that a circle can have, and so accounts in an opening. */
export const MAX_DEVICES = 2 ** 15;
/** [B1] unclaimed credits that a book brings along: of one account, and of all together. */
export const MAX_ACCOUNT_CREDITS = 1024;
export const MAX_OPENING_CREDITS = 2 ** 20;
/** [S2] of a closed book's decisions, so many of the newest can still be named by an invite. */
export const MAX_KNOWN_DECISIONS = 4096;
/** [C4] recovery invites that were used: they are remembered for good. */
export const MAX_RECOVERIES = 2 ** 15;
/** [B1] bytes of an opening; what the bounds above allow stays within it. */
export const MAX_OPENING_BYTES = 2 ** 26;
/** [B2] bytes of a closing statement in one entry, and such entries of one. */
export const MAX_OPENING_PART_BYTES = 3584;
export const MAX_OPENING_PARTS = 2 ** 15;
/** [C4] members that one member can choose to vouch for them. */
export const MAX_HELPERS = 7;
/** [L3] bytes that make two alike motions differ. */
export const MOTION_SALT_BYTES = 8;
/** [L3] motions of one device that nobody else has spoken of: beyond so many it pushes out its own oldest. */
export const MAX_OPEN_MOTIONS = 32;
/** Parts of the whole in a share of the stewards. */
export const SHARE_END = 101;
/** [B3] a levy or demurrage in thousandths stays below this; days of a book below the other. */
export const PERMILLE_END = 101;
export const BOOK_DAYS_END = 367;
/** First grants that one inviter's newcomers can share at most. */
export const NEWCOMERS_SHARE_END = 1001;
/** [S1] bytes of a key's own id, and of a book key sealed to a device; sealed keys in one entry. */
export const KEY_ID_BYTES = 8;
export const SEALED_KEY_BYTES = 80;
export const MAX_SEALED_KEYS = 36;
/** [K1] bytes of a founding entry inside another one, and witness lanes that the settled state is read off. */
export const MAX_FOUNDING_BYTES = 1024;
export const MAX_CUT = 32;
/** Bytes of one step in a shared text, and texts that a circle can share. */
export const MAX_UPDATE_BYTES = 3072;
export const SHARED_TEXT_END = 1024;
/** Commons accounts: their numbers stay below this. */
export const COMMONS_END = 2;
/** [E6] bytes of one detachable text (UTF-8). */
export const MAX_TEXT_BYTES = 1024;
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
/** Double votes kept per witness device and kind of statement: one would do. */
export const MAX_DOUBLE_VOTES_PER_DEVICE = 16;
/** Entries taken in on the losing side of a forked feed; certified ones always are. */
export const MAX_SIDE_ENTRIES = 128;
/** [E6] bytes of a text's salt. */
export const SALT_BYTES = 16;
/** Bytes of a code that must fit one static QR: a request, or a payment handed over. */
export const MAX_CODE_BYTES = 300;
/** [P3] bytes of the text of a request: it travels inside the code. */
export const MAX_INVOICE_TEXT_BYTES = 60;
/** [P3] bytes that make two alike requests differ. */
export const INVOICE_NONCE_BYTES = 8;
/** Claims of a payment that a printed code has room for. */
export const MAX_HAND_OVER_CLAIMS = 3;
/** Bytes of a circle's, an invoice's id that a code carries where the reader knows the rest. */
export const ID_PREFIX_BYTES = 8;
/** [S2] newcomers that one poster lets in. */
export const POSTER_NEWCOMERS = 20;
/** [S2] bytes of an invite, before base64url. */
export const MAX_INVITE_BYTES = 1024;
/** [S2] relays that an invite can name, and bytes of one address. */
export const MAX_INVITE_RELAYS = 2;
export const MAX_RELAY_ADDRESS_BYTES = 128;
/** Members that an invite can speak of. */
export const MEMBER_COUNT_END = 1_000_000;
/** [L1] how long a witness waits for the preferred proposal, and for votes that can still change a round's outcome. */
export const PROPOSE_WAIT_MS = 4_000;
export const VOTE_WAIT_MS = 2_000;
/** [L1] waits double from round to round, up to this. */
export const MAX_ROUND_WAIT_MS = 6 * 60 * 60 * 1_000;
