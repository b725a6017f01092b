/** What a village decides together: motions, what people say to them, promises to stop, and acts carried out. */
import { sha256 } from '@noble/hashes/sha2.js';
import {
  approvalStatement,
  decisionId,
  draftNext,
  draftProposal,
  draftStops,
  KIND,
  LANE,
  motionId,
  quorum,
  signWithSeed,
  unlockWishes,
  wishesOf,
  type Act,
  type Approval,
  type Grant,
  type Ledger,
  type LimitsAct,
  type MemberId,
  type ReplaceAct,
  type Standing,
  type StandingAct,
  type VerifiedEntry,
} from '@corridor/ledger';
import { add, type Person } from './village.ts';

/** The id that stands for the next book's key in stories about money. */
export const STORY_KEY = 'ab'.repeat(8);
/** What every motion has: the number makes two alike ones differ. */
export const proposed = (number = 0) => ({ salt: `${number}`.padStart(16, '0'), reason: null });
export const memberOf = ({ device }: Person): MemberId => device as string as MemberId;

export const limitsAct = ({ device }: Person, grant: Grant, number = 0): LimitsAct => ({
  type: 'limits',
  ...proposed(number),
  device,
  grant,
  closing: null,
});
export const standingAct = (person: Person, standing: Standing, number = 0): StandingAct => ({
  type: 'standing',
  ...proposed(number),
  member: memberOf(person),
  standing,
  closings: [],
  key: null,
});
export const replaceAct = (
  olds: readonly Person[],
  heir: Person,
  request: ReplaceAct['request'] = null,
  number = 0,
): ReplaceAct => ({
  type: 'replace',
  ...proposed(number),
  request,
  heir: heir.device,
  closings: olds.map(({ device }) => ({ device, incarnation: 0, stops: [] })),
  key: null,
});

/** Somebody's signed yes. */
export const approvalOf = (ledger: Ledger, { device, seed }: Person, act: Act): Approval => ({
  device,
  signature: signWithSeed(seed, approvalStatement(motionId(ledger.circle, ledger.book, act))),
});
/** Somebody proposes an act, in their voice. */
export const move = (ledger: Ledger, author: Person, act: Act): VerifiedEntry =>
  add(ledger, draftNext(ledger, author.device, LANE.voice, { kind: KIND.motion, act, at: 0 })).entry;
/** Somebody says yes to an act, or no. */
export function answer(ledger: Ledger, person: Person, act: Act, says: 'yes' | 'no' = 'yes'): VerifiedEntry {
  const { signature } = approvalOf(ledger, person, act);
  const body = {
    kind: KIND.approve,
    motion: motionId(ledger.circle, ledger.book, act),
    signature: says === 'yes' ? signature : null,
    at: 0,
  } as const;
  return add(ledger, draftNext(ledger, person.device, LANE.voice, body)).entry;
}
/** The witnesses promise what they owe [C1]; their entries in order. */
export function stop(ledger: Ledger, witnesses: readonly Person[]): readonly VerifiedEntry[] {
  const entries: VerifiedEntry[] = [];
  for (const { device } of witnesses)
    for (let draft = draftStops(ledger, device); draft !== undefined; draft = draftStops(ledger, device))
      entries.push(add(ledger, draft).entry);
  return entries;
}
/** The first witness proposes, and of several a quorum precommits [L1]. The entries in order. */
export function agree(
  ledger: Ledger,
  witnesses: readonly Person[],
  act: Act,
  approvals: readonly Approval[] = [],
): readonly VerifiedEntry[] {
  const [proposer] = witnesses;
  if (proposer === undefined) throw new Error('no witness');
  const draft = draftProposal(ledger, proposer.device, act, approvals);
  if (!draft.ok) throw new Error(`${draft.fault.rule} ${draft.fault.code}`);
  const { decision } = draft.value.body;
  const entries = [add(ledger, draft.value).entry];
  if (ledger.n === 1) return entries;
  const body = {
    kind: KIND.precommit,
    height: decision.height,
    round: 0,
    decision: decisionId(ledger.circle, decision, sha256),
  } as const;
  for (const { device } of witnesses.slice(0, quorum(ledger.n)))
    entries.push(add(ledger, draftNext(ledger, device, LANE.witness, body)).entry);
  return entries;
}
/** The witnesses carry out the oldest motion that can be, or else open an account that was shut in vain. */
export function carryOut(ledger: Ledger, witnesses: readonly Person[]): readonly VerifiedEntry[] {
  const [wish] = [...wishesOf(ledger, STORY_KEY), ...unlockWishes(ledger)];
  if (wish === undefined) throw new Error('nothing that could be decided');
  return agree(ledger, witnesses, wish.act, wish.approvals);
}
/** From the motion to the decision, on one replica: proposed by the first who says yes. The entries in order. */
export function decide(
  ledger: Ledger,
  witnesses: readonly Person[],
  act: Act,
  approvers: readonly Person[],
): readonly VerifiedEntry[] {
  const [author = witnesses[0]] = approvers;
  if (author === undefined) throw new Error('nobody proposes it');
  return [
    move(ledger, author, act),
    ...approvers.map((person) => answer(ledger, person, act)),
    ...stop(ledger, witnesses),
    ...carryOut(ledger, witnesses),
  ];
}
