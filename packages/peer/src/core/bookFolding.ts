/**
 * A whole book into an empty ledger, the quick way [F2] [P9]: all accounts and voices are verified together, then folded
 * along the witnesses' lanes. What does not fit is left for the gate, which takes anything in any order.
 */
import {
  applyEntry,
  createReplay,
  LANE,
  planRun,
  signerOf,
  verifyRun,
  type DeviceKey,
  type Entry,
  type Id,
  type Ledger,
  type PlannedRun,
  type PublicKey,
  type Signature,
  type VerifiedEntry,
} from '@corridor/ledger';
import type { CheckBudget, SignatureChecker } from '../ports.ts';
import { endsTerm } from './sealedShelf.ts';

type Chain = readonly Entry[];
const OWN_BUDGET: CheckBudget = { left: Number.POSITIVE_INFINITY };

/**
 * Folds what it can; the rest is not in `ledger.entries` afterwards. `chains`: as they hang together, oldest first.
 * `budget`: what a book from elsewhere may cost in slow checks [E5]; our own may cost anything.
 */
export async function foldBook(
  ledger: Ledger,
  chains: readonly Chain[],
  signatures: ReadonlyMap<Id, Signature>,
  checker: SignatureChecker,
  signal?: AbortSignal,
  budget = OWN_BUDGET,
): Promise<void> {
  const whole = chains.filter((chain) => chain[0]?.seq === 0);
  // An account's or a voice's entries are signed by their device, whether or not the log has admitted it yet.
  const plans = whole
    .filter((chain) => chain[0]?.lane === LANE.account || chain[0]?.lane === LANE.voice)
    .map((chain) => planOf(chain, signatures, chain[0]?.device));
  const verified = await verifyAll(plans, checker, budget, signal);
  const replay = createReplay(verified.filter((chain) => chain[0]?.lane === LANE.account));
  const stopped = new Set<string>();
  const take = (entries: readonly VerifiedEntry[]): void => {
    for (const entry of entries) {
      if (stopped.size > 0 && stopped.has(`${entry.device}/${entry.lane}`)) continue;
      if (applyEntry(ledger, entry).type === 'refused') stopped.add(`${entry.device}/${entry.lane}`);
    }
  };
  // Who signs a term of a witness stands in the log, so each stretch waits for the decision before it.
  let waiting = whole.filter((chain) => chain[0]?.lane === LANE.witness).flatMap(termsOf);
  for (let before = -1; waiting.length > 0 && waiting.length !== before;) {
    before = waiting.length;
    const left: Chain[] = [];
    for (const term of waiting) {
      const signer = signerOfFirst(ledger, term);
      if (signer === undefined) left.push(term);
      else
        for (const entries of await verifyAll([planOf(term, signatures, signer)], checker, budget, signal))
          take(replay.along(entries));
    }
    waiting = left;
  }
  take(replay.rest());
  for (const chain of verified) if (chain[0]?.lane === LANE.voice) take(chain);
}

/** Under which key a stretch of a witness lane stands, once the log has come so far and the lane reaches up to it. */
function signerOfFirst(ledger: Ledger, term: Chain): DeviceKey | PublicKey | undefined {
  const first = term[0];
  if (first === undefined || (first.seq > 0 && !ledger.entries.has(first.prev))) return undefined;
  const signer = signerOf(ledger.log, first.device, first.lane, first.seq);
  return signer.ok ? signer.value : undefined;
}
function planOf(
  entries: Chain,
  signatures: ReadonlyMap<Id, Signature>,
  signer: DeviceKey | PublicKey | undefined,
): PlannedRun | undefined {
  const plan = signer === undefined ? undefined : planRun({ entries, signatures }, signer);
  return plan?.ok === true ? plan.value : undefined;
}
/** The runs of which every signature holds; all checks are asked for at once. */
async function verifyAll(
  plans: readonly (PlannedRun | undefined)[],
  checker: SignatureChecker,
  budget: CheckBudget,
  signal?: AbortSignal,
): Promise<readonly (readonly VerifiedEntry[])[]> {
  const planned = plans.filter((plan) => plan !== undefined);
  const verdicts = await checker.check(
    planned.flatMap((plan) => plan.checks),
    budget,
    signal,
  );
  let next = 0;
  return planned.flatMap((plan) => {
    const own = verdicts.slice(next, next + plan.checks.length);
    next += plan.checks.length;
    const run = verifyRun(plan, own);
    return run.ok ? [run.value] : [];
  });
}
/** A witness lane changes its key where a term ends. */
function termsOf(chain: Chain): readonly Chain[] {
  const terms: Chain[] = [];
  let from = 0;
  for (let at = 0; at < chain.length; at++) {
    const entry = chain[at];
    if (entry === undefined || !endsTerm(entry)) continue;
    terms.push(chain.slice(from, at + 1));
    from = at + 1;
  }
  if (from < chain.length) terms.push(chain.slice(from));
  return terms;
}
