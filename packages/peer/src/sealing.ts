/**
 * The sealed form [S1]: what is on disk, on the wire and at the relay is the same bytes.
 *
 *   sealed  = key id (8) ‖ nonce (12) ‖ AES-256-GCM(padded) ‖ tag (16)
 *   padded  = bytes ‖ 0x80 ‖ zeros, to the next multiple of 32
 *   context = "corridor/seal/1" ‖ kind ‖ subject   (authenticated, not sent)
 *   nonce   = HMAC(nonce key, SHA-256(context ‖ padded)) cut to 96 bits
 *
 * The subject of a signature is the entry's id and of a text its hash; an entry has none. The nonce covers
 * the context too: AES-GCM must not meet two contexts under one nonce any more than two texts. Nothing is
 * left to choose, so one thing under one key has one sealed value, whoever seals it, and who opens it
 * checks just that.
 */
import type { Id, Result, Signature, TextHash } from '@corridor/ledger';
import { equalBytes, fail, ok, toHex } from '@corridor/ledger';
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { CipherJob } from './cipher.ts';
import { paddedLength, unpad, writePadded } from './padding.ts';
import type { BookKey } from './sealingKey.ts';
import { KEY_ID_BYTES, MAX_SEALED_BYTES, NONCE_BYTES, PAD_STEP, SEAL_FRAME_BYTES } from './storageLimits.ts';

/** 'unknown-key': we don't hold it. 'bad-seal': not sealed with it, or damaged. 'not-canonical-seal': another nonce or padding than the rule's. */
export type SealFault = 'unknown-key' | 'bad-seal' | 'not-canonical-seal';
/** Book keys by their id. */
export type BookKeys = ReadonlyMap<string, BookKey>;
/** A text or signature and what it is bound to. */
export interface Bound<S extends string, T> {
  readonly subject: S;
  readonly value: T;
}

const DOMAIN = utf8ToBytes('corridor/seal/1');
const KIND = { entry: 0, signature: 1, text: 2 } as const;
type SealedKind = keyof typeof KIND;
const SIGNATURE_BYTES = 64;
/** Domain, kind and a subject of 32 bytes. */
const LONGEST_CONTEXT_BYTES = DOMAIN.length + 1 + 32;

interface Piece {
  /** Hex; empty for an entry. */
  readonly subject: string;
  readonly bytes: Uint8Array;
}

const contextOf = (kind: SealedKind, subject: string): Uint8Array => {
  const context = new Uint8Array(DOMAIN.length + 1 + subject.length / 2);
  context.set(DOMAIN);
  context[DOMAIN.length] = KIND[kind];
  context.set(hexToBytes(subject), DOMAIN.length + 1);
  return context;
};

const sealAll = async (
  key: BookKey,
  kind: SealedKind,
  pieces: readonly Piece[],
  signal?: AbortSignal,
): Promise<readonly Uint8Array[]> => {
  const shared = contextOf(kind, '');
  const jobs = pieces.map((piece): CipherJob => {
    const context = piece.subject === '' ? shared : contextOf(kind, piece.subject);
    const text = new Uint8Array(context.length + paddedLength(piece.bytes.length));
    if (text.length - context.length + SEAL_FRAME_BYTES > MAX_SEALED_BYTES)
      throw new RangeError(`${piece.bytes.length} bytes are too many to seal`);
    text.set(context);
    writePadded(text.subarray(context.length), piece.bytes);
    return { nonce: key.nonceFor(text), bytes: text.subarray(context.length), context };
  });
  const bodies = await key.cipher.seal(jobs, signal);
  return bodies.map((body, at) => {
    const sealed = new Uint8Array(KEY_ID_BYTES + NONCE_BYTES + body.length);
    sealed.set(key.idBytes);
    sealed.set((jobs[at] as CipherJob).nonce, KEY_ID_BYTES);
    sealed.set(body, KEY_ID_BYTES + NONCE_BYTES);
    return sealed;
  });
};

const hasSealedLength = (sealed: Uint8Array): boolean =>
  sealed.length >= SEAL_FRAME_BYTES + PAD_STEP &&
  sealed.length <= MAX_SEALED_BYTES &&
  (sealed.length - SEAL_FRAME_BYTES) % PAD_STEP === 0;

/** The id (hex) of the key that a sealed value names; undefined if it is too short to name one. */
export const keyIdOf = (sealed: Uint8Array): string | undefined =>
  sealed.length < KEY_ID_BYTES ? undefined : toHex(sealed.subarray(0, KEY_ID_BYTES));

/** What our own book holds had its one form when it came in: from there only the text is wanted. */
const unpadded = (padded: Uint8Array): Result<Uint8Array, SealFault> => {
  const bytes = unpad(padded);
  return bytes === undefined ? fail('not-canonical-seal') : ok(bytes);
};

/** Opened bytes, if sealing them again would give the same nonce and padding. `scratch`: room for context and text. */
const canonical = (
  key: BookKey,
  job: CipherJob,
  padded: Uint8Array,
  scratch: Uint8Array,
): Result<Uint8Array, SealFault> => {
  scratch.set(job.context);
  scratch.set(padded, job.context.length);
  const demanded = key.nonceFor(scratch.subarray(0, job.context.length + padded.length));
  return equalBytes(demanded, job.nonce) ? unpadded(padded) : fail('not-canonical-seal');
};

/** What one key is to open, and where in the answer it belongs. */
interface Batch {
  readonly key: BookKey;
  readonly places: number[];
  readonly jobs: CipherJob[];
}

const openAll = async (
  keys: BookKeys,
  kind: SealedKind,
  pieces: readonly Piece[],
  signal?: AbortSignal,
  isOurs = false,
): Promise<readonly Result<Uint8Array, SealFault>[]> => {
  const results = new Array<Result<Uint8Array, SealFault>>(pieces.length).fill(fail('bad-seal'));
  const batches = new Map<string, Batch>();
  const shared = contextOf(kind, '');
  pieces.forEach(({ subject, bytes: sealed }, at) => {
    if (!hasSealedLength(sealed)) return;
    const id = toHex(sealed.subarray(0, KEY_ID_BYTES));
    const key = keys.get(id);
    if (key === undefined) {
      results[at] = fail('unknown-key');
      return;
    }
    const batch = batches.get(id) ?? { key, places: [], jobs: [] };
    if (batch.places.length === 0) batches.set(id, batch);
    batch.places.push(at);
    batch.jobs.push({
      nonce: sealed.subarray(KEY_ID_BYTES, KEY_ID_BYTES + NONCE_BYTES),
      bytes: sealed.subarray(KEY_ID_BYTES + NONCE_BYTES),
      context: subject === '' ? shared : contextOf(kind, subject),
    });
  });
  const scratch = new Uint8Array(LONGEST_CONTEXT_BYTES + MAX_SEALED_BYTES);
  for (const { key, places, jobs } of batches.values()) {
    const opened = await key.cipher.open(jobs, signal);
    places.forEach((at, i) => {
      const padded = opened[i];
      if (padded === undefined) return;
      results[at] = isOurs ? unpadded(padded) : canonical(key, jobs[i] as CipherJob, padded, scratch);
    });
  }
  return results;
};

const first = <T>(results: readonly T[]): T => results[0] as T;
const unbound = (bytes: Uint8Array): Piece => ({ subject: '', bytes });
const bound = ({ subject, value }: Bound<string, Uint8Array>): Piece => ({ subject, bytes: value });

/** Seals entries' unsigned bytes. Throws RangeError on bytes beyond what an entry may have [E2]. */
export const sealEntries = (
  key: BookKey,
  entries: readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<readonly Uint8Array[]> => sealAll(key, 'entry', entries.map(unbound), signal);

/** Opens sealed entries, each with its own verdict, in order. Total: garbage is a fault, never an exception. */
export const openEntries = (
  keys: BookKeys,
  sealed: readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<readonly Result<Uint8Array, SealFault>[]> => openAll(keys, 'entry', sealed.map(unbound), signal);

/** {@link openEntries} for what lies in our own book, which the gate let in: damage is found, a second form is not looked for. */
export const openKeptEntries = (
  keys: BookKeys,
  sealed: readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<readonly Result<Uint8Array, SealFault>[]> =>
  openAll(keys, 'entry', sealed.map(unbound), signal, true);

/** {@link sealEntries} for one. */
export const sealEntry = async (key: BookKey, unsignedBytes: Uint8Array): Promise<Uint8Array> =>
  first(await sealEntries(key, [unsignedBytes]));

/** {@link openEntries} for one. */
export const openSealed = async (
  keys: BookKeys,
  sealed: Uint8Array,
): Promise<Result<Uint8Array, SealFault>> => first(await openEntries(keys, [sealed]));

/** Seals signatures, each bound to the id of the entry it stands beside. */
export const sealSignatures = (
  key: BookKey,
  signatures: readonly Bound<Id, Signature>[],
  signal?: AbortSignal,
): Promise<readonly Uint8Array[]> =>
  sealAll(
    key,
    'signature',
    signatures.map(({ subject, value }) => ({ subject, bytes: hexToBytes(value) })),
    signal,
  );

/** Opens sealed signatures; one bound to another entry is a bad seal. */
export const openSignatures = async (
  keys: BookKeys,
  sealed: readonly Bound<Id, Uint8Array>[],
  signal?: AbortSignal,
): Promise<readonly Result<Signature, SealFault>[]> => {
  const opened = await openAll(keys, 'signature', sealed.map(bound), signal);
  return opened.map((result) => {
    if (!result.ok) return result;
    return result.value.length === SIGNATURE_BYTES ? ok(toHex(result.value) as Signature) : fail('bad-seal');
  });
};

/** {@link sealSignatures} for one. */
export const sealSignature = async (key: BookKey, entry: Id, signature: Signature): Promise<Uint8Array> =>
  first(await sealSignatures(key, [{ subject: entry, value: signature }]));

/** {@link openSignatures} for one. */
export const openSignature = async (
  keys: BookKeys,
  entry: Id,
  sealed: Uint8Array,
): Promise<Result<Signature, SealFault>> =>
  first(await openSignatures(keys, [{ subject: entry, value: sealed }]));

/** Seals detachable texts (salt and all), each bound to its hash [E6]. */
export const sealTexts = (
  key: BookKey,
  texts: readonly Bound<TextHash, Uint8Array>[],
  signal?: AbortSignal,
): Promise<readonly Uint8Array[]> => sealAll(key, 'text', texts.map(bound), signal);

/** Opens sealed texts; one bound to another hash is a bad seal. */
export const openTexts = (
  keys: BookKeys,
  sealed: readonly Bound<TextHash, Uint8Array>[],
  signal?: AbortSignal,
): Promise<readonly Result<Uint8Array, SealFault>[]> => openAll(keys, 'text', sealed.map(bound), signal);
