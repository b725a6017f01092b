/** A village where all sorts of things might be decided, and what a story of a decision rule says. */
import { expect } from 'vitest';
import {
  DECISION_RULES,
  draftNext,
  findClosing,
  firstGrantFor,
  judgeDecision,
  KIND,
  LANE,
  reportFor,
  type Act,
  type Approval,
  type Closing,
  type Decision,
  type DecisionFault,
  type Grant,
  type JoinRequest,
  type Ledger,
  type StopBody,
} from '@corridor/ledger';
import {
  add,
  admit,
  agree,
  answer,
  decide,
  found,
  approvalOf,
  joinRequest,
  limitsAct,
  memberOf,
  move,
  person,
  proposed,
  replaceAct,
  standingAct,
  stop,
  STORY_KEY,
  type Person,
} from '@corridor/testing';
import { alice, bob, carol, dora, emil } from './stories.ts';

export const fina = person('Fina');
export const odd = person('Odd key');
export const laptops = [1, 2, 3].map((i) => person(`Bob’s laptop ${i}`));
export const GRANT: Grant = { lowestBalance: -15_000, highestBalance: 15_000 };
export const LOW: Grant = { lowestBalance: -1_000, highestBalance: 15_000 };
export const admission = (
  ledger: Ledger,
  request: JoinRequest,
  grant = firstGrantFor(ledger.log, request),
): Act => ({
  type: 'admit',
  request,
  grant,
});
export const consent = '00'.repeat(64) as Approval['signature'];

/**
 * Alice keeps the book. Bob, Carol, Dora and Emil are in, Bob with four devices; Dora is suspended, her second phone
 * took the place of her first; Emil's account is about to be closed, and Alice has promised to vote there no more.
 */
export function village(without?: string): Ledger {
  const rules = Object.entries(DECISION_RULES).flatMap(([name, rule]) => (name === without ? [] : [rule]));
  const { ledger } = found(alice, {
    decisionRules: rules,
    isOrdinaryKey: (key) => key !== odd.device && key !== odd.witness,
  });
  for (const newcomer of [bob, carol, dora, emil]) admit(ledger, alice, alice, newcomer);
  for (const laptop of laptops)
    agree(ledger, [alice], admission(ledger, joinRequest(ledger, bob, laptop, 'device')));
  decide(ledger, [alice], paid, [alice]);
  decide(ledger, [alice], standingAct(dora, 'suspended'), [alice]);
  move(ledger, alice, lowered);
  answer(ledger, alice, lowered);
  stop(ledger, [alice]);
  return ledger;
}
export const paid: Act = { type: 'payout', ...proposed(9), commons: 0, to: carol.device, amount: 5 };
export const lowered = limitsAct(emil, LOW);
export const closed = (ledger: Ledger, { device }: Person): Closing =>
  findClosing(ledger, device) ?? expect.unreachable();
/** Alice keeps the book alone, and somebody would come back in the place of her phone. */
export function keepersReplacement(ledger: Ledger): Act {
  const record = ledger.log.devices.get(alice.device) ?? expect.unreachable();
  const reports = [reportFor(ledger, record, 0)];
  const body: StopBody = { kind: KIND.stop, reports, parts: 0, next: null };
  add(ledger, draftNext(ledger, alice.device, LANE.witness, body));
  return {
    ...replaceAct([alice], fina, joinRequest(ledger, alice, fina, 'recover')),
    closings: [closed(ledger, alice)],
    key: STORY_KEY,
  };
}
export const emilsReplacement = (
  ledger: Ledger,
  change: Partial<Extract<Act, { type: 'replace' }>> = {},
): Act => ({
  ...replaceAct([emil], fina, joinRequest(ledger, emil, fina, 'recover')),
  closings: [closed(ledger, emil)],
  key: STORY_KEY,
  ...change,
});
export const stewards = (...people: readonly Person[]): Act => ({
  type: 'stewards',
  ...proposed(),
  stewards: people.map(({ name, device }) => ({ device, witness: person(`${name} next`).witness, consent })),
});
export const keeper = ({ device, witness }: Person): Act => ({ type: 'keeper', device, witness, consent });
export const helpers = (members: readonly Person[], need: number, of = bob): Act => ({
  type: 'helpers',
  ...proposed(),
  device: of.device,
  helpers: members.map(memberOf),
  need,
});

export interface Story {
  /** The only rule that stands against it. */
  readonly rule: keyof typeof DECISION_RULES;
  readonly title: string;
  readonly act: (ledger: Ledger) => Act;
  /** Who says yes; nobody by default. */
  readonly yes?: readonly Person[];
  readonly change?: (ledger: Ledger) => Partial<Decision>;
  readonly fault: Partial<DecisionFault>;
}
/** What becomes of a story's act as the next decision. */
export function judged({ act, yes, change }: Story, ledger: Ledger) {
  const what = act(ledger);
  const approvals = (yes ?? []).map((who) => approvalOf(ledger, who, what));
  const { height, head } = ledger.log;
  const decision = { height: height + 1, prev: head, act: what, approvals };
  return judgeDecision(ledger, { ...decision, ...change?.(ledger) });
}
