/**
 * Names of things in the ledger. All are lower-case hex strings, so they compare, sort and serve as
 * map keys without a second representation; `bytes.ts` turns them into bytes where bytes are needed.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** SHA-256 of an entry, a decision or an invoice under its own domain [E3]. 64 hex digits. */
export type Id = Branded<'Id'>;
/** A device's Ed25519 public key; also the name of its account. 64 hex digits. */
export type DeviceKey = Branded<'DeviceKey'>;
/** A person's membership, named by the key of their first device. 64 hex digits. */
export type MemberId = Branded<'MemberId'>;
/** Any other 32-byte public key (X25519, witness, invite). 64 hex digits. */
export type PublicKey = Branded<'PublicKey'>;
/** SHA-256(domain ‖ salt ‖ text): what an entry says of a text that can be erased [E6]. 64 hex digits. */
export type TextHash = Branded<'TextHash'>;
/** An Ed25519 signature. 128 hex digits. */
export type Signature = Branded<'Signature'>;

/** The id that stands where there is nothing before: 32 zero bytes. */
export const ZERO_ID = '0'.repeat(64) as Id;
