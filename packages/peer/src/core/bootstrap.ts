/** A newcomer with the book key and nothing else: finds the founding entry in what the first peer delivers [L0]. */
import {
  decodeEntry,
  foundingCheck,
  isOrdinaryKey,
  LANE,
  toHex,
  verifyFounding,
  type Sha256,
} from '@corridor/ledger';
import type { Run, Shelf } from '@corridor/sync';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Cipher } from '../cipher.ts';
import type { SignatureChecker } from '../ports.ts';
import { openEntries, openSignature } from '../sealing.ts';
import { prepareBookKey } from '../sealingKey.ts';
import type { CircleRecord } from './circleRecord.ts';
import type { RuleOptions } from './replica.ts';

/** A shelf with nothing on it. */
export const EMPTY_SHELF: Shelf = {
  books: () => [],
  takes: () => true,
  heads: () => [],
  head: () => undefined,
  idAt: () => undefined,
  read: () => [],
  text: () => ({ state: 'unknown' }),
  proofs: () => [],
};

/** The founding entry among these runs, proven and by ordinary keys [E5]; undefined if it is not there or not it. */
export async function foundingAmong(
  runs: readonly Run[],
  record: CircleRecord,
  ports: {
    readonly cipher: Cipher;
    readonly sha256: Sha256;
    readonly checker: SignatureChecker;
    readonly rules?: RuleOptions | undefined;
  },
): Promise<CircleRecord['founding'] | undefined> {
  const run = runs.find((r) => r.feed.lane === LANE.founding);
  const item = run?.items[0];
  if (item?.signature == null) return undefined;
  const prepared = await Promise.all(
    record.bookKeys.map(({ key }) => prepareBookKey(hexToBytes(key), ports.cipher, ports.sha256)),
  );
  const keys = new Map(prepared.map((key) => [key.id, key]));
  const [opened] = await openEntries(keys, [item.sealed]);
  const signature = await openSignature(keys, record.circle, item.signature);
  if (opened?.ok !== true || !signature.ok) return undefined;
  const entry = decodeEntry(opened.value, record.circle, ports.sha256);
  if (!entry.ok) return undefined;
  const [verdict] = await ports.checker.check([foundingCheck(entry.value, signature.value)], { left: 1 });
  const isOrdinary = ports.rules?.isOrdinaryKey ?? isOrdinaryKey;
  const verified = verifyFounding(entry.value, verdict ?? 'undecided', isOrdinary);
  return verified.ok ? { bytes: toHex(verified.value.bytes), signature: signature.value } : undefined;
}
