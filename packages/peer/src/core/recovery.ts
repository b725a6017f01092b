/**
 * The way back after a lost phone [C4]. Words stand for an invite that this device signed beforehand: who has them lets a
 * new device in, in the place of all the old ones. The sheet carries the rest of the invite, which is no secret.
 */
import {
  encodeInvite,
  fromHex,
  inviteStatement,
  publicKeyOfSeed,
  toHex,
  type Invite,
  type PublicKey,
} from '@corridor/ledger';
import type { Clock, KeyRing, RandomBytes, SignatureChecker } from '../ports.ts';
import type { Answer, RecoveryView } from '../view.ts';
import type { Names } from './acts.ts';
import { allow, refuse } from './answers.ts';
import type { Circle } from './circle.ts';
import { linkText } from './codes.ts';
import { RECOVERY_ENTROPY_BYTES, seedOfWords, wordsOf } from './recoveryWords.ts';
import { signedInvite } from './signedInvite.ts';
import type { SealedRecords } from './sealedRecords.ts';

export interface Recovery {
  view(names: Names): RecoveryView;
  /** Whether a way back is known to exist: the header no longer says *Practice*. */
  exists(): boolean;
  makeWords(
    circle: Circle,
    relays: Invite['relays'],
    appUrl: string,
  ): Promise<Answer<{ readonly words: readonly string[]; readonly sheetLink: string }>>;
  practise(words: string): Promise<Answer<null>>;
}
const RECORD = 'recovery';
const NO_SEED = '00'.repeat(32);
/** Years that a way back stays open: it is used up by being used. */
const RECOVERY_SECONDS = 50 * 365 * 24 * 3600;

interface Known {
  readonly invite: PublicKey;
  readonly wordsAt: number;
  readonly practisedAt: number | null;
}
export async function openRecovery(options: {
  readonly circle: () => Circle;
  readonly records: SealedRecords;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly random: RandomBytes;
}): Promise<Recovery> {
  const { records, keys, clock, random } = options;
  let known = readKnown(await records.get(RECORD));
  const now = (): number => Math.floor(clock.now() / 1000);
  const save = async (next: Known): Promise<boolean> => {
    const kept = await records.put(RECORD, writeKnown(next));
    if (kept) known = next;
    return kept;
  };
  const helpersOf = () => {
    const circle = options.circle();
    return circle.replica.ledger.log.helpers.get(circle.member);
  };
  return {
    view(names) {
      const helpers = helpersOf();
      return {
        wordsAt: known?.wordsAt ?? null,
        helpers: (helpers?.members ?? []).map((member) => ({ member, name: names.ofMember(member) })),
        helpersNeeded: helpers?.need ?? 0,
        practisedAt: known?.practisedAt ?? null,
      };
    },
    exists: () => known !== undefined || helpersOf() !== undefined,
    async makeWords(circle, relays, appUrl) {
      const words = wordsOf(random(RECOVERY_ENTROPY_BYTES));
      const seed = seedOfWords(words.join(' '));
      if (seed === undefined) throw new Error('words that we made ourselves');
      const invite = publicKeyOfSeed(seed);
      const sheet = await signedInvite(keys, circle, {
        invite,
        seed: NO_SEED,
        // It is used long after this log has gone on: it need know of nothing but the circle itself.
        decision: circle.replica.ledger.circle,
        as: 'recover',
        expiresAt: now() + RECOVERY_SECONDS,
        relays,
      });
      if (sheet === undefined) return refuse('internal', { what: 'cannot sign' });
      if (!(await save({ invite, wordsAt: now(), practisedAt: null }))) return refuse('storage-refused');
      return allow({ words, sheetLink: linkText(appUrl, 'join', encodeInvite(sheet)) });
    },
    async practise(typed) {
      if (known === undefined) return refuse('not-ready');
      const seed = seedOfWords(typed);
      if (seed === undefined || publicKeyOfSeed(seed) !== known.invite) return refuse('wrong-words');
      return (await save({ ...known, practisedAt: now() })) ? allow(null) : refuse('storage-refused');
    },
  };
}
/** A recovery sheet's link: an invite whose seed only the words know. */
export const isSheet = ({ as, seed }: Invite): boolean => as === 'recover' && seed === NO_SEED;
/**
 * The sheet's invite with the seed that the words stand for; undefined: not these words, or not of this sheet. Other words
 * can look right by themselves, but the sheet's maker has signed for one key alone.
 */
export async function inviteWithWords(
  sheet: Invite,
  typed: string,
  checker: SignatureChecker,
): Promise<Invite | undefined> {
  const seed = seedOfWords(typed);
  if (seed === undefined || !isSheet(sheet)) return undefined;
  const message = inviteStatement(sheet.circle, { ...sheet, invite: publicKeyOfSeed(seed) });
  const check = { key: sheet.inviter, message, signature: sheet.inviterSignature };
  const [verdict] = await checker.check([check], { left: 1 });
  return verdict === 'valid' ? { ...sheet, seed: toHex(seed) } : undefined;
}
/** invite key ‖ seconds of the words ‖ seconds of the practice run, 0 for none. */
function writeKnown({ invite, wordsAt, practisedAt }: Known): Uint8Array {
  const bytes = new Uint8Array(48);
  bytes.set(fromHex(invite) ?? []);
  const view = new DataView(bytes.buffer);
  view.setFloat64(32, wordsAt);
  view.setFloat64(40, practisedAt ?? 0);
  return bytes;
}
function readKnown(bytes: Uint8Array | undefined): Known | undefined {
  if (bytes?.length !== 48) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const practisedAt = view.getFloat64(40);
  return {
    invite: toHex(bytes.subarray(0, 32)) as PublicKey,
    wordsAt: view.getFloat64(32),
    practisedAt: practisedAt === 0 ? null : practisedAt,
  };
}
