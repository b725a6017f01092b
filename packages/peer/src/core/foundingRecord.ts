/** The founding entry as a circle's record keeps it, proven anew at every start [L0]. */
import {
  decodeEntry,
  fail,
  foundingCheck,
  fromHex,
  isOrdinaryKey,
  verifyFounding,
  type FoundBody,
  type Result,
  type Sha256,
  type VerifiedEntry,
} from '@corridor/ledger';
import type { SignatureChecker } from '../ports.ts';
import type { CircleRecord } from './circleRecord.ts';
import type { RuleOptions } from './replica.ts';

export type FoundingFault = 'founding-is-damaged' | 'no-founding';

export async function readFounding(
  record: CircleRecord,
  ports: {
    readonly sha256: Sha256;
    readonly checker: SignatureChecker;
    readonly rules?: RuleOptions | undefined;
  },
  signal?: AbortSignal,
): Promise<Result<VerifiedEntry<FoundBody>, FoundingFault>> {
  if (record.founding === null) return fail('no-founding');
  const bytes = fromHex(record.founding.bytes);
  const decoded = bytes && decodeEntry(bytes, record.circle, ports.sha256);
  if (decoded?.ok !== true) return fail('founding-is-damaged');
  const check = foundingCheck(decoded.value, record.founding.signature);
  const [verdict] = await ports.checker.check([check], { left: Number.POSITIVE_INFINITY }, signal);
  const isOrdinary = ports.rules?.isOrdinaryKey ?? isOrdinaryKey;
  const verified = verifyFounding(decoded.value, verdict ?? 'undecided', isOrdinary);
  return verified.ok ? verified : fail('founding-is-damaged');
}
