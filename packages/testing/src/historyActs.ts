/** What people and witnesses decide together in a random history: motions, answers, promises and decisions. */
import { sha256 } from '@noble/hashes/sha2.js';
import {
  decisionId,
  draftProposal,
  draftStops,
  firstGrantFor,
  judgeDecision,
  KIND,
  LANE,
  motionId,
  openMotions,
  unlockWishes,
  wishesOf,
  type Act,
  type Approval,
  type Decision,
  type Id,
  type Ledger,
  type MemberId,
  type Stored,
  type StopReport,
  type VerifiedEntry,
} from '@corridor/ledger';
import { approvalOf, proposed, STORY_KEY } from './acts.ts';
import { homeOf, honestWitnesses, isIn, pick, say, SPARES, type Choose, type World } from './historyWorld.ts';
import { joinRequest, type Person } from './village.ts';

/** One step: somebody proposes, answers, promises, or a witness takes a decision a step further. */
export function actTogether(world: World, choose: Choose): void {
  const roll = choose(10);
  const who = choose(world.people.length);
  const person = world.people[who] as Person;
  const ledger = homeOf(world, who);
  if (roll < 3 && isIn(ledger, person)) return propose(world, ledger, who, choose);
  if (roll < 4 && isIn(ledger, person)) return answerOne(world, ledger, person, choose);
  const witnesses = honestWitnesses(world);
  if (witnesses.length > 0) carryOn(world, pick(witnesses, choose), choose);
}

function propose(world: World, ledger: Ledger, who: number, choose: Choose): void {
  const person = world.people[who] as Person;
  const act = someAct(world, ledger, who, choose);
  if (act === undefined) return;
  say(world, ledger, person, LANE.voice, { kind: KIND.motion, act, at: 0 });
  // They have talked about it: some say yes at once, each on their own phone.
  if (choose(3) === 0) return;
  for (const [at, other] of world.people.entries()) {
    const home = homeOf(world, at);
    if (isIn(home, other) && choose(4) > 0)
      answer(world, home, other, motionId(home.circle, home.book, act), act, 'yes');
  }
}
function someAct(world: World, ledger: Ledger, who: number, choose: Choose): Act | undefined {
  const { log } = ledger;
  const about = log.devices.get(pick(log.ordinals, choose));
  if (about === undefined) return undefined;
  const { device, member } = about;
  const motion = proposed(world.calls.count++);
  const spare = pick(SPARES, choose);
  const person = world.people[who] as Person;
  switch (choose(8)) {
    case 0:
    case 1: {
      const grant = {
        lowestBalance: pick([-500, -10_000, -15_000, -20_000], choose),
        highestBalance: pick([2_000, 15_000, 30_000], choose),
      };
      return { type: 'limits', ...motion, device, grant, closing: null };
    }
    case 2: {
      const standing = pick(['active', 'active', 'suspended', 'expelled'] as const, choose);
      return { type: 'standing', ...motion, member, standing, closings: [], key: null };
    }
    case 3: {
      const own = log.members.get(member) ?? [device];
      const request = isIn(ledger, spare)
        ? null
        : joinRequest(ledger, person, spare, 'recover', `${world.calls.count}`);
      const heir = request === null ? pick(own, choose) : spare.device;
      const olds = [...new Set([device, pick(own, choose)])].filter((old) => old !== heir);
      const closings = olds.map((old) => ({ device: old, incarnation: 0, stops: [] }));
      return { type: 'replace', ...motion, request, heir, closings, key: null };
    }
    case 4:
      return {
        type: 'payout',
        ...motion,
        commons: choose(2),
        to: device,
        amount: pick([100, 3_000], choose),
      };
    case 5: {
      const belowLowest = pick(['refuse', 'warn'] as const, choose);
      const admission = pick(['inviter', 'stewards'] as const, choose);
      return { type: 'policy', ...motion, policy: { ...log.policy, belowLowest, admission } };
    }
    case 6: {
      const helpers = [...log.members.keys()].filter((helper: MemberId) => helper !== member).slice(0, 2);
      return { type: 'helpers', ...motion, device, helpers, need: 1 };
    }
    default: {
      const request = joinRequest(ledger, person, spare, pick(['member', 'device'] as const, choose));
      return { type: 'admit', request, grant: firstGrantFor(log, request) };
    }
  }
}
/** Somebody says yes to an open motion, or now and then no. */
function answerOne(world: World, ledger: Ledger, person: Person, choose: Choose): void {
  const open = openMotions(ledger);
  if (open.length === 0) return;
  const { id, act } = choose(2) === 0 ? (open.at(-1) ?? pick(open, choose)) : pick(open, choose);
  if (act !== undefined) answer(world, ledger, person, id, act, choose(4) === 0 ? 'no' : 'yes');
}
function answer(
  world: World,
  ledger: Ledger,
  person: Person,
  motion: Id,
  act: Act,
  says: 'yes' | 'no',
): void {
  const { signature } = approvalOf(ledger, person, act);
  const body = { kind: KIND.approve, motion, signature: says === 'yes' ? signature : null, at: 0 } as const;
  say(world, ledger, person, LANE.voice, body);
}

/** A witness promises, precommits or proposes, whatever it owes; whether there was anything. */
export function carryOn(world: World, who: number, choose?: Choose): boolean {
  const ledger = homeOf(world, who);
  const person = world.people[who] as Person;
  if (ledger.halt !== null || ledger.awaiting !== null) return false;
  const stop = draftStops(ledger, person.device);
  if (stop !== undefined) {
    say(world, ledger, person, LANE.witness, stop.body);
    return true;
  }
  const height = ledger.log.height + 1;
  const chosen = world.chosen.get(height);
  if (chosen !== undefined) return precommit(world, ledger, person, height, chosen);
  const wishes = [...wishesOf(ledger, STORY_KEY), ...unlockWishes(ledger)];
  const wish = choose === undefined ? wishes[0] : wishes.length === 0 ? undefined : pick(wishes, choose);
  return wish !== undefined && decide(world, ledger, person, wish.act, wish.approvals);
}
function decide(
  world: World,
  ledger: Ledger,
  person: Person,
  act: Act,
  approvals: readonly Approval[],
): boolean {
  const draft = draftProposal(ledger, person.device, act, approvals);
  if (!draft.ok) throw new Error(`a wish that is no decision: ${draft.fault.code}`);
  const { decision } = draft.value.body;
  if (ledger.n > 1) world.chosen.set(decision.height, decisionId(ledger.circle, decision, sha256));
  say(world, ledger, person, LANE.witness, draft.value.body);
  return true;
}
/** With several witnesses: once, and only for what it finds lawful. */
function precommit(world: World, ledger: Ledger, person: Person, height: number, chosen: Id): boolean {
  const proposal = ledger.proposals.get(chosen)?.entry.body;
  if (proposal?.kind !== KIND.propose) return false;
  const lane = ledger.feeds.get(person.device)?.[LANE.witness].main ?? [];
  const isSaid = lane.some(({ entry: { body } }) => body.kind === KIND.precommit && body.height === height);
  if (isSaid || judgeDecision(ledger, proposal.decision).type !== 'lawful') return false;
  say(world, ledger, person, LANE.witness, { kind: KIND.precommit, height, round: 0, decision: chosen });
  return true;
}

/** A lying witness promises what it does not keep, reports what it likes, and agrees to anything. */
export function lieOnStopping(
  world: World,
  ledger: Ledger,
  person: Person,
  base: Stored | undefined,
  all: readonly VerifiedEntry[],
  choose: Choose,
): void {
  const { log } = ledger;
  const ofAccounts = all.filter(({ lane }) => lane === LANE.account);
  const some = (): VerifiedEntry => pick(ofAccounts.length > 0 ? ofAccounts : all, choose);
  const reports = Array.from({ length: 1 + choose(2) }, (): StopReport => {
    const record = log.devices.get(some().device) ?? log.devices.get(pick(log.ordinals, choose));
    const head = choose(4) === 0 ? null : some();
    return {
      ordinal: record?.ordinal ?? 0,
      incarnation: record?.incarnation ?? 0,
      head: head && { seq: head.seq, id: head.id },
      vote: choose(2) === 0 ? null : some().id,
    };
  });
  if (choose(3) > 0)
    return say(world, ledger, person, LANE.witness, { kind: KIND.stop, reports, parts: 0, next: null }, base);
  const stops = ledger.stops.slice(-3).map(({ entry }) => entry.id);
  const closing = { device: pick(log.ordinals, choose), incarnation: 0, stops } as const;
  const decision: Decision = {
    height: log.height + 1,
    prev: log.head,
    act: { type: 'unlock', closing },
    approvals: [],
  };
  // Alone it would halt the log with what breaks a rule; that has its own stories.
  if (ledger.n === 1 && judgeDecision(ledger, decision).type !== 'lawful') return;
  say(world, ledger, person, LANE.witness, { kind: KIND.propose, round: 0, decision }, base);
  if (ledger.n === 1) return;
  const body = {
    kind: KIND.precommit,
    height: decision.height,
    round: 0,
    decision: decisionId(ledger.circle, decision, sha256),
  } as const;
  const head = ledger.feeds.get(person.device)?.[LANE.witness].main.at(-1);
  if (head !== undefined) say(world, ledger, person, LANE.witness, body, head);
}
