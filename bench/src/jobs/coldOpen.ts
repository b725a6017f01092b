/**
 * A cold open of a whole book against its two measures: a check of every signature, and the floor of hashing (and
 * decrypting) alone. All in turns within one process, so that the ratios are of one run.
 */
import { createPublicKey, verify as verifyBySsl, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import {
  concatBytes,
  entryStatement,
  fromHex,
  LANE,
  planRun,
  signerOf,
  utf8Bytes,
  type Id,
  type Signature,
} from '@corridor/ledger';
import type { CipherJob } from '../../../packages/peer/src/cipher.ts';
import type { SignatureCheck } from '../../../packages/peer/src/ports.ts';
import { openKeptEntries, sealEntries } from '../../../packages/peer/src/sealing.ts';
import { createSignatureChecker } from '../../../packages/peer/src/signatureChecker.ts';
import { KEY_ID_BYTES, NONCE_BYTES } from '../../../packages/peer/src/storageLimits.ts';
import { webCryptoAccelerator } from '../../../packages/peer/src/webCryptoVerify.ts';
import { chains } from '../book.ts';
import { answerJob } from '../job.ts';
import { coldOpen, hashAll, storedBook, type StoredBook } from '../ledger.ts';
import { collect, costOf } from '../measure.ts';
import { benchKeys } from '../sealedBook.ts';

export interface ColdOpenQuestion {
  readonly entries: number;
  readonly feeds: number;
  readonly rounds: number;
}
/** Seconds on the wall of one round. */
export interface ColdOpenRound {
  readonly decode: number;
  /** Links, signatures and fold. */
  readonly fold: number;
  /** The signatures that F2 asks for, once more and alone. */
  readonly checks: number;
  /** Decode, verify, fold: all of it, signatures included. */
  readonly open: number;
  /** Opening the sealed entries, before that. */
  readonly unseal: number;
  readonly hashAlone: number;
  readonly decryptAlone: number;
  readonly everySignature: number;
}
export interface ColdOpenAnswer {
  readonly entries: number;
  readonly signatures: number;
  readonly engine: string;
  readonly rounds: readonly ColdOpenRound[];
}

/** What is authenticated beside a sealed entry [S1]. */
const ENTRY_CONTEXT = concatBytes(utf8Bytes('corridor/seal/1'), Uint8Array.of(0));
/** Asked of an engine at a time. */
const IN_FLIGHT = 64;
/** Checks by which the faster engine is found. */
const TRIAL = 4_000;

type Engine = (check: SignatureCheck) => Promise<boolean>;
/** node:crypto's verify in its callback form, which uses the thread pool as WebCrypto does. */
function opensslEngine(): Engine {
  const keys = new Map<string, KeyObject>();
  const verify = promisify<null, Uint8Array, KeyObject, Uint8Array, boolean>(verifyBySsl);
  const keyOf = (hex: string): KeyObject => {
    const known = keys.get(hex);
    if (known !== undefined) return known;
    const x = Buffer.from(hex, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    keys.set(hex, key);
    return key;
  };
  return ({ key, message, signature }) => verify(null, message, keyOf(key), fromHex(signature) ?? message);
}
async function checkAll(engine: Engine, checks: readonly SignatureCheck[]): Promise<void> {
  for (let from = 0; from < checks.length; from += IN_FLIGHT) {
    const verdicts = await Promise.all(checks.slice(from, from + IN_FLIGHT).map(engine));
    if (verdicts.includes(false)) throw new Error('a good signature was refused');
  }
}
const wallOf = async (task: () => unknown): Promise<number> => {
  collect();
  return (await costOf(task)).wall;
};

/** One check for every entry of the book, and those alone that F2 asks for. */
function checksOf({ book, chains: stored }: StoredBook): {
  every: SignatureCheck[];
  needed: SignatureCheck[];
} {
  const every: SignatureCheck[] = [];
  const needed: SignatureCheck[] = [];
  for (const [at, chain] of chains(book.entries).entries()) {
    const signatures = new Map<Id, Signature>(chain.map((entry) => [entry.id, book.sign(entry)]));
    for (const [i, entry] of chain.entries()) {
      const key = entry.lane === LANE.witness ? book.keeper.witness : entry.device;
      const signature = signatures.get(entry.id);
      if (signature !== undefined) every.push({ key, message: entryStatement(entry.id), signature });
      if (stored[at]?.[i]?.signature === undefined) signatures.delete(entry.id);
    }
    const [first] = chain;
    const signer = first && signerOf(book.ledger.log, first.device, first.lane, first.seq);
    const plan = signer?.ok ? planRun({ entries: chain, signatures }, signer.value) : undefined;
    if (!plan?.ok) throw new Error('a written chain that is no run');
    needed.push(...plan.value.checks);
  }
  return { every, needed };
}

answerJob(async ({ entries, feeds, rounds }: ColdOpenQuestion): Promise<ColdOpenAnswer> => {
  const stored = await storedBook({ entries, feeds });
  const { every, needed } = checksOf(stored);
  const checker = await createSignatureChecker();
  const { key, keys } = await benchKeys(stored.book);
  const sealed = await sealEntries(
    key,
    stored.chains.flat().map((item) => item.bytes),
  );
  const jobs = sealed.map((bytes): CipherJob => ({
    nonce: bytes.subarray(KEY_ID_BYTES, KEY_ID_BYTES + NONCE_BYTES),
    bytes: bytes.subarray(KEY_ID_BYTES + NONCE_BYTES),
    context: ENTRY_CONTEXT,
  }));

  const engines: readonly (readonly [string, Engine])[] = [
    ['WebCrypto', webCryptoAccelerator(crypto.subtle)],
    ['node:crypto', opensslEngine()],
  ];
  const trials: { name: string; engine: Engine; seconds: number }[] = [];
  for (const [name, engine] of engines) {
    await checkAll(engine, every.slice(0, TRIAL));
    trials.push({ name, engine, seconds: await wallOf(() => checkAll(engine, every.slice(0, TRIAL))) });
  }
  const [fastest] = trials.toSorted((a, b) => a.seconds - b.seconds);
  if (fastest === undefined) throw new Error('no engine');

  const done: ColdOpenRound[] = [];
  for (let i = 0; i < rounds; i++) {
    collect();
    const cold = await coldOpen(stored, checker);
    const checks = await wallOf(async () => {
      const verdicts = await checker.check(needed, { left: 0 });
      if (verdicts.some((verdict) => verdict !== 'valid')) throw new Error('not all valid');
    });
    const unseal = await wallOf(async () => {
      if ((await openKeptEntries(keys, sealed)).some((result) => !result.ok))
        throw new Error('not all opened');
    });
    const decryptAlone = await wallOf(async () => {
      if ((await key.cipher.open(jobs)).includes(undefined)) throw new Error('not all decrypted');
    });
    const hashAlone = await wallOf(() => {
      hashAll(stored);
    });
    const everySignature = await wallOf(() => checkAll(fastest.engine, every));
    done.push({
      decode: cold.decode / 1000,
      fold: cold.fold / 1000,
      checks,
      open: (cold.decode + cold.fold) / 1000,
      unseal,
      hashAlone,
      decryptAlone,
      everySignature,
    });
  }
  return { entries: stored.entries, signatures: needed.length, engine: fastest.name, rounds: done };
});
