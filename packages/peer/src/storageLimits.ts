/** Every bound of storage, keys and sealing, in one place. */
import { MAX_ENTRY_BYTES } from '@corridor/ledger';

/** [S1] what is sealed grows to the next multiple of this. */
export const PAD_STEP = 32;
/** [S1] key id ‖ nonce ‖ … ‖ tag. */
export const KEY_ID_BYTES = 8;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
/** What a seal adds before padding. */
export const SEAL_FRAME_BYTES = KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;
/** The longest sealed value: an entry of {@link MAX_ENTRY_BYTES} padded by a whole step. Longer is not opened. */
export const MAX_SEALED_BYTES = MAX_ENTRY_BYTES + PAD_STEP + SEAL_FRAME_BYTES;
/** Cipher calls under way at once: Chromium is fastest about here, and memory stays bounded. */
export const CIPHERS_IN_FLIGHT = 256;
/** Synchronous cipher calls before other work gets its turn. */
export const CIPHERS_PER_TURN = 1024;

/** Bytes of a book key, and of each key derived from it. */
export const BOOK_KEY_BYTES = 32;
/** A book key sealed to a device: HPKE's encapsulated key, the key, the tag. */
export const SEALED_BOOK_KEY_BYTES = 32 + BOOK_KEY_BYTES + TAG_BYTES;

/** [S4] what a lock record may demand of this device; a longer or costlier one is not tried. */
export const MAX_LOCK_MEMORY_KIB = 256 * 1024;
export const MAX_LOCK_PASSES = 10;
export const MAX_LOCK_LANES = 4;
export const MAX_LOCKED_BYTES = 64 * 1024;
/** [S4] what a passkey is asked, and what it computes of that (WebAuthn's PRF: HMAC-SHA-256). */
export const PRF_SALT_BYTES = 32;
export const PRF_BYTES = 32;
/** [S4] a passkey's name, at most: WebAuthn's own bound. */
export const MAX_CREDENTIAL_BYTES = 1023;
/** [S4] bytes of the key that both ways to unlock open. */
export const DATA_KEY_BYTES = 32;

/** Stored updates of one document before they are considered for merging into one. */
export const COMPACT_AFTER_UPDATES = 500;
/** How long a wipe waits for a database that another connection still holds; its content is gone by then. */
export const WIPE_WAIT_MS = 200;
/** How long it waits for a slow disk before it says that the disk refused. */
export const WIPE_PATIENCE_MS = 5000;
