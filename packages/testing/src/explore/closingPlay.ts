/** Plays one case of a closing on the real reducer, on replicas that get everything in different orders, and judges it. */
import { sha256 } from '@noble/hashes/sha2.js';
import {
  applyEntry,
  closeAccount,
  decisionId,
  findViolations,
  KIND,
  LANE,
  stateRoot,
  type ClosingRules,
  type CloseVerdict,
  type Decision,
  type Id,
  type VerifiedEntry,
} from '@corridor/ledger';
import { chooser, shuffled } from '../historyWorld.ts';
import { deliver, type Person } from '../village.ts';
import { certifiedSides, expectedOf, type ClosingCase, type Expected, type Faults } from './closingCase.ts';
import { createStage, type Stage } from './closingStage.ts';

export interface Played {
  readonly outcome: Expected;
  /** What it breaks, in words. */
  readonly broken: readonly string[];
}
export interface ClosingWorld {
  play(chosen: ClosingCase): Played;
}
/** A world of n witnesses, of whom a case says which lie. */
export function createClosingWorld(
  n: number,
  closingRules?: ClosingRules,
  faults: Faults = {},
): ClosingWorld {
  const stage = createStage(n, closingRules);
  return { play: (chosen) => play(stage, chosen, faults) };
}

function play(stage: Stage, chosen: ClosingCase, faults: Faults): Played {
  const {
    witnesses,
    emil,
    q,
    base,
    left,
    right,
    invalid,
    starts,
    idOf,
    sign,
    say,
    open,
    liarReport,
    viewOf,
  } = stage;
  const { honest, liars, equivocates } = chosen;
  const broken: string[] = [];
  const [certified] = certifiedSides(
    honest.map(({ vote }) => vote),
    liars.map(({ votes }) => votes),
    q,
  );
  const accounts = equivocates ? [left, right, invalid] : [left];
  const lanes: VerifiedEntry[][] = [];
  const branches: VerifiedEntry[] = [];
  const late: VerifiedEntry[] = [];
  const stops: VerifiedEntry[] = [];
  const votesOf = honest.map(({ vote }, i) =>
    vote === null ? undefined : say(witnesses[i] as Person, [idOf(vote)], [], starts[i]),
  );
  for (const [k, { votes }] of liars.entries()) {
    const at = honest.length + k;
    const [main, branch] = votes;
    lanes[at] = main === undefined ? [] : [say(witnesses[at] as Person, [idOf(main)], [], starts[at])];
    if (branch !== undefined) branches.push(say(witnesses[at] as Person, [idOf(branch)], [], starts[at]));
  }
  const cast = [...votesOf.filter((v) => v !== undefined), ...lanes.flat(), ...branches];
  const next = (at: number, body: (head: VerifiedEntry | undefined) => VerifiedEntry): VerifiedEntry => {
    const lane = (lanes[at] ??= []);
    const entry = body(lane.at(-1) ?? starts[at]);
    lane.push(entry);
    return entry;
  };
  for (const [at, { vote, sees, reports }] of honest.entries()) {
    const witness = witnesses[at] as Person;
    const mine = votesOf[at];
    if (mine !== undefined) next(at, () => mine);
    if (sees === 'receipt' && certified !== undefined)
      next(at, (head) => say(witness, [], [idOf(certified)], head));
    if (!reports) continue;
    // It has its own vote's entry, and with the certificate that of others.
    const side = sees === 'nothing' ? vote : (certified ?? null);
    const known = side === null ? [] : [side === 'left' ? left : right];
    if (vote !== null && vote !== side) known.push(vote === 'left' ? left : right);
    const view = viewOf(at, lanes[at] ?? [], sees === 'nothing' ? known : [...known, ...cast]);
    broken.push(...view.broken);
    stops.push(
      next(at, (head) =>
        sign(witness, LANE.witness, { kind: KIND.stop, reports: [view.report], parts: 0, next: null }, head),
      ),
    );
  }
  for (const [k, { receipts, report }] of liars.entries()) {
    const at = honest.length + k;
    const witness = witnesses[at] as Person;
    if (receipts) next(at, (head) => say(witness, [], [left.id, right.id], head));
    if (report === null) continue;
    const reports = [liarReport(report)];
    stops.push(
      next(at, (head) =>
        sign(witness, LANE.witness, { kind: KIND.stop, reports, parts: 0, next: null }, head),
      ),
    );
  }
  const before = [...accounts, ...branches, ...lanes.flat()];

  const whole = open();
  for (const entry of before) applyEntry(whole, entry);
  const ids = stops.map(({ id }) => id);
  const verdicts = [ids, [...ids].reverse(), [...ids.slice(1), ...ids.slice(0, 1)]].map((order) =>
    closeAccount(whole, { device: emil.device, incarnation: 0, stops: order }),
  );
  if (new Set(verdicts.map((one) => outcomeOf(stage, one))).size > 1)
    broken.push('[C2] the order of the reports decides');
  const [verdict] = verdicts;
  const outcome = outcomeOf(stage, verdict);
  const expected = expectedOf(chosen, q);
  if (outcome !== expected) broken.push(`[C2] comes to ${outcome}, by the table ${expected}`);
  if (outcome === 'unusable') {
    if (liars.every(({ report }) => report === null))
      broken.push('[C2] the honest reports alone close nothing');
    return { outcome, broken };
  }

  // Who has not promised goes on until it learns of the decision.
  const certifiedLate = certifiedSides(
    honest.map(({ vote, late: { vote: then } }) => vote ?? then),
    liars.map((liar) => (liar.late ? ['left', 'right'] : liar.votes)),
    q,
  );
  for (const [at, { reports, late: then }] of honest.entries()) {
    const witness = witnesses[at] as Person;
    const side = reports && faults.votesAfterPromise === true ? 'left' : then.vote;
    if (side !== null) late.push(next(at, (head) => say(witness, [idOf(side)], [], head)));
    const speaks = reports ? faults.receiptsAfterPromise === true : then.receipt;
    if (speaks && certifiedLate.length > 0)
      late.push(next(at, (head) => say(witness, [], certifiedLate.map(idOf), head)));
  }
  for (const [k, liar] of liars.entries()) {
    const at = honest.length + k;
    const witness = witnesses[at] as Person;
    if (!liar.late) continue;
    const receipts = [left.id, right.id];
    late.push(say(witness, [left.id], receipts, starts[at]), say(witness, [right.id], receipts, starts[at]));
  }
  const act = { type: 'unlock', closing: { device: emil.device, incarnation: 0, stops: ids } } as const;
  const decision: Decision = { height: 1, prev: whole.circle, act, approvals: [] };
  const id = decisionId(whole.circle, decision, sha256);
  const decided: VerifiedEntry[] = [];
  const isIn = [...honest.map(({ reports }) => reports), ...liars.map(({ report }) => report !== null)];
  const byPromise = witnesses.map((_, at) => at).sort((a, b) => Number(isIn[b]) - Number(isIn[a]));
  for (const at of byPromise.slice(0, q)) {
    const witness = witnesses[at] as Person;
    const propose = { kind: KIND.propose, round: 0, decision } as const;
    if (decided.length === 0) decided.push(next(at, (head) => sign(witness, LANE.witness, propose, head)));
    const body = { kind: KIND.precommit, height: 1, round: 0, decision: id } as const;
    decided.push(next(at, (head) => sign(witness, LANE.witness, body, head)));
  }

  for (const entry of late) applyEntry(whole, entry);
  const settled = [...whole.entries.values()].filter((s) => s.settled).map(({ entry }) => entry.id);
  for (const entry of decided) applyEntry(whole, entry);
  const all = [...before, ...late, ...decided];
  // The log before the money: the decision is known before what it leaves out.
  const lanesFirst = open();
  deliver(lanesFirst, [...lanes.flat(), ...all]);
  const mixed = open();
  deliver(mixed, shuffled(all, chooser(settled.length + late.length * 7 + ids.length * 31)));
  const replicas = [whole, lanesFirst, mixed];
  for (const replica of replicas) {
    for (const final of settled)
      if (replica.entries.get(final)?.settled !== true) broken.push(`[I2] ${nameOf(stage, final)} was final`);
    if (replica.halt !== null) broken.push(`[L1] halted: ${replica.halt.reason}`);
    for (const { device } of replica.doubleVotes)
      if (!witnesses.slice(honest.length).some((liar) => liar.device === device))
        broken.push('[I11] an honest witness is accused');
    const then = replica.log.devices.get(emil.device);
    if (then?.isVoid !== (outcome === 'void') || then.incarnation !== 1)
      broken.push(`[C2] void: ${then?.isVoid}, incarnation ${then?.incarnation}, where all see ${outcome}`);
    if (!equivocates && then?.isVoid === true) broken.push('[I6] an honest device is void');
  }
  for (const replica of [whole, lanesFirst])
    for (const { invariant, what } of findViolations(replica)) broken.push(`[${invariant}] ${what}`);
  if (new Set(replicas.map(stateRoot)).size > 1) broken.push('[I9] replicas differ');
  const end = whole.log.devices.get(emil.device)?.incarnations.at(-1)?.prev;
  const last = outcome === 'left' || outcome === 'right' ? idOf(outcome) : base.id;
  if (end !== last) broken.push('[C2] the chain goes on from elsewhere');
  return { outcome, broken };
}
function outcomeOf({ left, right }: Stage, verdict: CloseVerdict | undefined): Expected {
  if (verdict?.type !== 'closed') return 'unusable';
  if (verdict.account.isVoid) return 'void';
  const last = verdict.account.last?.entry.id;
  return last === left.id ? 'left' : last === right.id ? 'right' : 'open';
}
function nameOf({ left, right }: Stage, id: Id): string {
  return id === left.id ? 'the left one' : id === right.id ? 'the right one' : 'the one before';
}
