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

export interface GateOutcome {
  readonly kept: readonly Stored[];
  readonly changes: readonly Change[];
  /** Runs (by index) that hang on nothing we hold. */
  readonly unlinked: readonly number[];
  /** Runs (by index) that our log cannot judge yet. */
  readonly later: readonly number[];
  /** Ids whose signature was checked now, so that it may be kept. */
  readonly signed: readonly Id[];
  /** What no honest peer would have sent. */
  readonly fault: VerifyFault | ApplyFault | null;
}
/** Verdicts without computing them: for entries this device has just signed itself. */
export const OWN_SIGNATURES: SignatureChecker = {
  check: (checks) => Promise.resolve(checks.map((): SignatureVerdict => 'valid')),
};

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

  for (const [index, run] of runs.entries()) {
    for (const segment of segmentsOf(unknownPart(ledger, run.entries))) {
      const first = segment[0];
      if (first === undefined) continue;
      const signer = signerOf(ledger.log, first.device, first.lane, first.seq);
      if (!signer.ok) {
        later.push(index);
        break;
      }
      // Before any signature is paid for: does it hang on our chain at all?
      if (first.seq > 0 && !ledger.entries.has(first.prev)) {
        unlinked.push(index);
        break;
      }
      // Nobody vouches for any of it yet: the caller keeps it until the next run [F2].
      if (!segment.some((entry) => run.signatures.has(entry.id))) break;
      const plan = planRun({ entries: segment, signatures: run.signatures }, signer.value);
      if (!plan.ok) return outcome(plan.fault);
      const verified = verifyRun(plan.value, await verdictsOn(plan.value, checker, budget, signal));
      if (!verified.ok) return outcome(verified.fault);
      for (const check of plan.value.checks) if (check.covers) signed.push(check.entry.id);
      const stop = takeVerified(ledger, verified.value, kept, changes);
      if (stop === undefined) continue;
      if (stop.code === 'gap' || stop.code === 'wrong-prev') unlinked.push(index);
      else if (stop.code === 'unknown-device' || stop.code === 'not-a-witness') later.push(index);
      else if (stop.code !== 'fork-is-full') return outcome(stop);
      break;
    }
  }
  return outcome(null);
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
