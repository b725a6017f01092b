/** What a witness owes the circle's log now: `rounds.ts` asked with the facts of this replica [L1]. */
import { decisionId } from './entryCodec.ts';
import type { Act, Decision } from './act.ts';
import { judgeDecision } from './judgeDecision.ts';
import { KIND, type ProposeBody, type RoundBody } from './entry.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { currentTerm } from './log.ts';
import type { Wish } from './wishes.ts';
import { whatNext, type HeightFacts, type RoundTimer, type Statement } from './rounds.ts';

export interface RoundDuty {
  /** The next bodies of the witness lane, in this order. They are on the disk before they leave, like votes [P6]. */
  readonly bodies: readonly (ProposeBody | RoundBody)[];
  /** To run once the bodies are written; null: only others can go on. Asking again may name another, or none. */
  readonly timer: RoundTimer | null;
}
const NOTHING: RoundDuty = { bodies: [], timer: null };

/**
 * The device's next words at the log's next height. Its own witness lane must be here to the last entry: what stands
 * there is all that binds it [W1]. Of the wishes the first lawful one counts. `expired` are the timers that ran out
 * since the device started; those of other heights say nothing. `isKeyReady`: whether the next book key of that id has
 * come to all who are to have it, for all that this device knows [S1].
 */
export function draftRound(
  ledger: Ledger,
  device: DeviceKey,
  wishes: readonly Wish[],
  expired: readonly Pick<RoundTimer, 'height' | 'round' | 'step'>[],
  isKeyReady: (key: string) => boolean = () => true,
): RoundDuty {
  const term = currentTerm(ledger.log, device);
  if (term === undefined || ledger.halt !== null) return NOTHING;
  const height = ledger.log.height + 1;
  const wish = firstLawful(ledger, wishes);
  // Alone, a proposal decides.
  if (ledger.n === 1)
    return wish === undefined
      ? NOTHING
      : { bodies: [{ kind: KIND.propose, round: 0, decision: wish.decision }], timer: null };

  const decisionOf = (id: Id): Decision | undefined => {
    const carrier = ledger.proposals.get(id)?.entry.body;
    if (carrier?.kind === KIND.propose) return carrier.decision;
    return id === wish?.id ? wish.decision : undefined;
  };
  const judged = new Map<Id, boolean>();
  const isLawful = (id: Id): boolean => {
    const known = judged.get(id);
    if (known !== undefined) return known;
    const decision = decisionOf(id);
    const lawful = decision !== undefined && judgeDecision(ledger, decision).type === 'lawful';
    judged.set(id, lawful);
    return lawful;
  };
  const facts: HeightFacts = {
    n: ledger.n,
    height,
    own: term.index,
    rounds: ledger.heights.get(height)?.rounds ?? new Map(),
    isLawful,
    isReady: (id) => {
      const key = newKeyOf(decisionOf(id)?.act);
      return key === null || isKeyReady(key);
    },
    wish: wish?.id ?? null,
    hasExpired: (round, step) =>
      expired.some((timer) => timer.height === height && timer.round === round && timer.step === step),
  };
  const { statements, timer } = whatNext(facts);
  return { bodies: statements.map((statement) => bodyOf(statement, height, decisionOf)), timer };
}
/** The id of the book's next key, for an act that changes it. */
export const newKeyOf = (act: Act | undefined): string | null =>
  act !== undefined && 'key' in act ? act.key : null;
/** What has been proposed so far as the log's next decision. */
export function proposedNext(ledger: Ledger): readonly Decision[] {
  const ids = new Set<Id>();
  for (const { propose } of ledger.heights.get(ledger.log.height + 1)?.rounds.values() ?? [])
    for (const id of propose.keys()) if (id !== null) ids.add(id);
  return [...ids].flatMap((id): readonly Decision[] => {
    const body = ledger.proposals.get(id)?.entry.body;
    return body?.kind === KIND.propose ? [body.decision] : [];
  });
}
function firstLawful(
  ledger: Ledger,
  wishes: readonly Wish[],
): { readonly id: Id; readonly decision: Decision } | undefined {
  const { height, head } = ledger.log;
  for (const { act, approvals } of wishes) {
    const decision: Decision = { height: height + 1, prev: head, act, approvals };
    if (judgeDecision(ledger, decision).type === 'lawful')
      return { id: decisionId(ledger.circle, decision, ledger.sha256), decision };
  }
  return undefined;
}
function bodyOf(
  { round, step, id }: Statement,
  height: number,
  decisionOf: (id: Id) => Decision | undefined,
): ProposeBody | RoundBody {
  if (step !== 'propose') return { kind: KIND[step], height, round, decision: id };
  const decision = id === null ? undefined : decisionOf(id);
  if (decision === undefined) throw new Error('a proposal of what is not here');
  return { kind: KIND.propose, round, decision };
}
