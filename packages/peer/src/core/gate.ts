/**
 * The one way into a replica: decoded runs are linked, verified by F2 with the fewest signatures, applied, and only
 * then written. Whatever it does not take, it names; what it cannot judge yet it leaves for later.
 */
import {
  applyEntry,
  planRun,
  signerOf,
  verifyRun,
  LANE,
  type ApplyFault,
  type Change,
  type Entry,
  type Id,
  type Ledger,
  type PlannedRun,
  type Stored,
  type VerifyFault,
} from '@corridor/ledger';
import type { CheckBudget, SignatureChecker, SignatureVerdict } from '../ports.ts';
import type { OpenRun } from './opening.ts';
import { endsTerm } from './sealedShelf.ts';

/** What the gate made of some runs. Which of it is whose fault: docs/SPEC.md, "Whose fault". */
export interface GateOutcome {
  readonly kept: readonly Stored[];
  readonly changes: readonly Change[];
  /** Runs (by index) that hang on nothing we hold. */
  readonly unlinked: readonly number[];
  /** Runs (by index) that our log cannot judge yet. */
  readonly later: readonly number[];
  /** Ids whose signature was checked now, so that it may be kept. */
  readonly signed: readonly Id[];
  /** What no honest peer would have sent: it would not have kept it either. */
  readonly fault: VerifyFault | ApplyFault | null;
}
/** Verdicts without computing them: for entries this device has just signed itself. */
export const OWN_SIGNATURES: SignatureChecker = {
  check: (checks) => Promise.resolve(checks.map((): SignatureVerdict => 'valid')),
};

/** Why the rest of a run was not taken; `aside`: not now, and nobody's fault. */
type Stop =
  | { readonly type: 'unlinked' | 'later' | 'aside' }
  | { readonly type: 'fault'; readonly fault: VerifyFault | ApplyFault };
const UNLINKED: Stop = { type: 'unlinked' };
const LATER: Stop = { type: 'later' };
const ASIDE: Stop = { type: 'aside' };

/** Takes runs in, in order. Changes the ledger; the caller writes what was kept. */
export async function passGate(
  ledger: Ledger,
  runs: readonly OpenRun[],
  checker: SignatureChecker,
  budget: CheckBudget,
  signal?: AbortSignal,
): Promise<GateOutcome> {
  const kept: Stored[] = [];
  const changes: Change[] = [];
  const signed: Id[] = [];
  const unlinked: number[] = [];
  const later: number[] = [];
  const outcome = (fault: GateOutcome['fault']): GateOutcome => ({
    kept,
    changes,
    unlinked,
    later,
    signed,
    fault,
  });

  const takeSegment = async (
    segment: readonly Entry[],
    signatures: OpenRun['signatures'],
  ): Promise<Stop | undefined> => {
    const first = segment[0];
    if (first === undefined) return undefined;
    const signer = signerOf(ledger.log, first.device, first.lane, first.seq);
    if (!signer.ok) return LATER;
    // Before any signature is paid for: does it hang on our chain at all?
    if (first.seq > 0 && !ledger.entries.has(first.prev)) return UNLINKED;
    const entries = linkedPart(segment);
    const isTorn = entries.length < segment.length;
    // Nobody vouches for any of it yet: the caller keeps it until the next run [F2].
    if (!entries.some((entry) => signatures.has(entry.id))) return isTorn ? UNLINKED : ASIDE;
    const plan = planRun({ entries, signatures }, signer.value);
    if (!plan.ok) return { type: 'fault', fault: plan.fault };
    const verified = verifyRun(plan.value, await verdictsOn(plan.value, checker, budget, signal));
    if (!verified.ok) return notVerified(ledger, first, verified.fault);
    for (const check of plan.value.checks) if (check.covers) signed.push(check.entry.id);
    const refused = takeVerified(ledger, verified.value, kept, changes);
    if (refused !== undefined) return notKept(refused);
    return isTorn ? UNLINKED : undefined;
  };
  for (const [index, run] of runs.entries()) {
    for (const segment of segmentsOf(unknownPart(ledger, run.entries))) {
      const stop = await takeSegment(segment, run.signatures);
      if (stop === undefined) continue;
      if (stop.type === 'fault') return outcome(stop.fault);
      if (stop.type === 'unlinked') unlinked.push(index);
      else if (stop.type === 'later') later.push(index);
      break;
    }
  }
  return outcome(null);
}

/** Who kept it checked it by the same rule [E5], unless it is we who cannot tell. */
function notVerified(ledger: Ledger, first: Entry, fault: VerifyFault): Stop {
  // Our budget for this link is spent: its owner looks at that.
  if (fault.code === 'undecided') return ASIDE;
  // Where the log has two histories [L1], replicas rightly differ on who signs a witness's lane from which entry on.
  if (fault.code === 'bad-signature' && first.lane === LANE.witness && ledger.halt !== null) return LATER;
  return { type: 'fault', fault };
}
/** What apply refuses by the entry, its chain and the policy alone nobody else has kept either. */
function notKept(fault: ApplyFault): Stop {
  switch (fault.code) {
    case 'gap':
    case 'wrong-prev':
      return UNLINKED;
    case 'unknown-device':
    case 'unknown-decision':
    case 'not-a-witness':
      return LATER;
    // Who came first has the room [F3].
    case 'fork-is-full':
      return ASIDE;
    case 'too-many-entries':
    case 'too-many-bytes':
    case 'wrong-book':
    case 'wrong-incarnation':
    case 'second-founding':
      return { type: 'fault', fault };
  }
}

function takeVerified(
  ledger: Ledger,
  entries: readonly Parameters<typeof applyEntry>[1][],
  kept: Stored[],
  changes: Change[],
): ApplyFault | undefined {
  for (const entry of entries) {
    const applied = applyEntry(ledger, entry);
    if (applied.type === 'refused') return applied.fault;
    if (applied.type === 'known') continue;
    kept.push(applied.stored);
    changes.push(...applied.changes);
  }
  return undefined;
}

const verdictsOn = (
  plan: PlannedRun,
  checker: SignatureChecker,
  budget: CheckBudget,
  signal?: AbortSignal,
): Promise<readonly SignatureVerdict[]> => checker.check(plan.checks, budget, signal);

/** Entries before the first one we lack are held already, whatever came with them. */
function unknownPart(ledger: Ledger, entries: readonly Entry[]): readonly Entry[] {
  const from = entries.findIndex((entry) => !ledger.entries.has(entry.id));
  return from < 0 ? [] : entries.slice(from);
}

/**
 * Up to where the links hold. A run can be put together from two messages, and between them its sender may have
 * learned which of two histories the witnesses certified: the second then goes on in the other one.
 */
function linkedPart(segment: readonly Entry[]): readonly Entry[] {
  const torn = segment.findIndex((entry, i) => {
    const before = segment[i - 1];
    return before !== undefined && entry.seq === before.seq + 1 && entry.prev !== before.id;
  });
  return torn < 0 ? segment : segment.slice(0, torn);
}

/** A witness lane changes its key where a term ends: each stretch is verified under its own. */
function segmentsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  if (entries[0]?.lane !== LANE.witness) return [entries];
  const segments: Entry[][] = [[]];
  for (const entry of entries) {
    segments.at(-1)?.push(entry);
    if (endsTerm(entry)) segments.push([]);
  }
  return segments;
}
