import { MAX_ENTRY_BYTES, MAX_LINKS, MAX_TEXT_BYTES } from '@corridor/ledger';

/** Every bound of the protocol, in one place [I16, I18]. Bytes unless said. */

/** Version of the protocol this code speaks. A newer side speaks ours when it meets us. */
export const PROTOCOL_VERSION = 1;
/** Any one message; longer ones are refused before they are read. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** A HAVE, PUSH, PROOF, TEXT, FRONTIER or WANT message: what a sender fills before it starts the next. */
export const MAX_BATCH_BYTES = 48 * 1024;
/** One sealed entry: the entry, its padding, and what sealing adds [S1]. */
export const MAX_SEALED_BYTES = MAX_ENTRY_BYTES + 1024;
/** One sealed signature. */
export const MAX_SEALED_SIGNATURE_BYTES = 160;
/** One sealed text with its salt [E6]. */
export const MAX_SEALED_TEXT_BYTES = MAX_TEXT_BYTES + 1024;
/** Feeds one side may list or ask for in one round: about a megabyte of FRONTIER. */
export const MAX_FEEDS = 65_536;
/** Items in one run of a HAVE or PUSH. */
export const MAX_RUN_ITEMS = 1024;
/** Runs in one HAVE or PUSH. */
export const MAX_RUNS = 4096;
/** Books one side may have open at once. */
export const MAX_OPEN_BOOKS = 8;
/** Numbers that name a feed. */
export const MAX_BOOK = 2 ** 20 - 1;
export const MAX_ORDINAL = 2 ** 20 - 1;
export const MAX_SEQ = 2 ** 32 - 1;
/** Tags in the opener's HELLO: one for each epoch of the book key it would still speak under. */
export const MAX_HELLO_TAGS = 4;
/** Book-key epochs the answerer tries a HELLO against. */
export const MAX_SECRETS = 64;
/** Items of one branch of a proof: the entry and the links to a signature [F2, F3]. */
export const MAX_BRANCH_ITEMS = MAX_LINKS + 1;
/** Proofs a peer may wait for at once; an honest one waits for one. */
export const MAX_PROOFS_ASKED = 4;
/** Text hashes in one WANT_TEXT, and texts in one TEXT. */
export const MAX_TEXTS_PER_MESSAGE = 64;
/** Texts we have asked for and not got. */
export const MAX_TEXTS_ASKED = 256;
/** Texts a peer may have asked us for and not got. */
export const MAX_TEXTS_OWED = 512;
/** Texts the host may queue before we ask. */
export const MAX_TEXTS_QUEUED = 16_384;

/** What a sender may have under way to us, not yet settled: room for a thousand entries in one round trip. */
export const CREDIT_WINDOW = 512 * 1024;
/** Smallest and largest window a host may choose. */
export const MIN_CREDIT_WINDOW = 8 * 1024;
export const MAX_CREDIT_WINDOW = 1024 * 1024;
/** What a peer may have granted us that we have not used: so much leaves in one go at most. */
export const MAX_CREDIT_HELD = MAX_CREDIT_WINDOW;
/**
 * Questions after which a fork not found is given up until the heads have moved: one where the heads differ, one right
 * before, and then every answer halves what is left of the 2^26 stretches of 64 entries that a feed can have.
 */
export const MAX_FORK_STEPS = 32;
/** Proofs we ask one peer for in one session. */
export const MAX_PROOFS_WANTED = 4096;

/** A comparison is asked for at most this often unless a fetch has just ended. Milliseconds. */
export const RECOMPARE_MS = 15_000;
/** A peer that owes us an answer and says nothing for this long is left. Milliseconds. */
export const STALL_MS = 60_000;
/**
 * A feed that one peer is asked for is not asked of others meanwhile; one that has not grown for this long is.
 * Milliseconds. A peer that trickles what nobody vouches for would keep it from us otherwise.
 */
export const ALONE_MS = 10_000;
/** Comparisons a peer may start in a burst; one more for every ROUND_REFILL_MS, and for each batch it took. */
export const ROUND_BURST = 16;
export const ROUND_REFILL_MS = 1000;
/** What we send again to a peer that asks twice for the same entries; refilled per second. */
export const REPEAT_BURST = 16 * 1024 * 1024;
export const REPEAT_PER_SECOND = 64 * 1024;

/** Peers that get news as it comes; the others compare. */
export const MAX_PUSH_PEERS = 8;

/** JOIN, the only thing that runs before membership [S2]. */
export const JOIN_VERSION = 1;
export const MAX_JOIN_MESSAGE_BYTES = 16 * 1024;
/** A newcomer's ASK and REQUEST. */
export const MAX_JOIN_ASK_BYTES = 4 * 1024;
export const MAX_JOIN_REQUESTS_PER_LINK = 3;
/** Sealed book keys in one answer, one for each epoch. */
export const MAX_JOIN_KEYS = 64;
export const MAX_SEALED_KEY_BYTES = 192;
/** A newcomer's name. */
export const MAX_JOIN_NAME_BYTES = 128;
/** A link that neither asks nor answers for this long is left. Milliseconds. */
export const JOIN_STALL_MS = 30_000;
