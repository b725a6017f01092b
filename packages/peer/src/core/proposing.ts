/** What members ask of each other: motions, answers, comments, offers to keep the book [L3]. */
import {
  approvalStatement,
  asProposed,
  boundedText,
  consentNeeded,
  fail,
  isSealed,
  judgeDecision,
  KIND,
  LANE,
  MAX_TEXT_BYTES,
  motionId,
  newestGrant,
  ok,
  openDevicesOf,
  standingOf,
  toHex,
  ZERO_ID,
  type Act,
  type Body,
  type Consent,
  type ConsentWay,
  type DecisionFault,
  type Id,
  type LimitsAct,
  type Motion,
  type Result,
  type Steward,
} from '@corridor/ledger';
import type { Clock, RandomBytes, Store } from '../ports.ts';
import type { Answer, GoverningIntents, MotionWish } from '../view.ts';
import { allow, refuse, refuseAppend } from './answers.ts';
import type { Circle } from './circle.ts';
import { offerNext } from './offeringKeeping.ts';

export interface ProposingPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomBytes;
}
type Refused = Extract<Answer<never>, { ok: false }>;

/** The act that a wish means as things stand. */
function actOf(
  circle: Circle,
  wish: MotionWish,
  salt: string,
  reason: LimitsAct['reason'],
): Result<Act, Refused> {
  const { ledger } = circle.replica;
  const { log } = ledger;
  const proposed = { salt, reason };
  const refused = (code: Parameters<typeof refuse>[0]): Result<Act, Refused> => fail(refuse(code) as Refused);
  switch (wish.type) {
    case 'limits': {
      const [first, ...rest] = openDevicesOf(log, wish.member);
      if (first === undefined) return refused('not-a-member');
      // One account carries the change; the member's other devices keep what they have.
      const others = rest.reduce((sum, record) => sum + newestGrant(record).grant.lowestBalance, 0);
      const grant = {
        lowestBalance: Math.min(0, wish.lowestBalance - others),
        highestBalance: wish.highestBalance,
      };
      return ok({ type: 'limits', ...proposed, device: first.device, grant, closing: null });
    }
    case 'standing':
      return log.members.has(wish.member)
        ? ok({
            type: 'standing',
            ...proposed,
            member: wish.member,
            standing: wish.standing,
            closings: [],
            key: null,
          })
        : refused('not-a-member');
    case 'stewards': {
      const stewards: Steward[] = [];
      for (const member of wish.members) {
        const offer = offerOf(circle, member);
        if (offer === undefined) return refused('device-not-reachable');
        stewards.push(offer);
      }
      return ok({ type: 'stewards', ...proposed, stewards });
    }
    case 'policy':
      return ok({ type: 'policy', ...proposed, policy: wish.policy });
    case 'payout': {
      const [first] = openDevicesOf(log, wish.member);
      return first === undefined
        ? refused('not-a-member')
        : ok({ type: 'payout', ...proposed, commons: 0, to: first.device, amount: wish.amount });
    }
    case 'remove-device': {
      const record = log.devices.get(wish.device);
      if (record?.member !== circle.member || wish.device === circle.record.device)
        return refused('not-a-member');
      const closings = [{ device: wish.device, incarnation: 0, stops: [] }];
      return ok({
        type: 'replace',
        ...proposed,
        request: null,
        heir: circle.record.device,
        closings,
        key: null,
      });
    }
    case 'helpers':
      return ok({
        type: 'helpers',
        ...proposed,
        device: circle.record.device,
        helpers: wish.members,
        need: wish.need,
      });
    case 'close-book':
      return ok({ type: 'close-book', stops: [], opening: ZERO_ID, key: '00'.repeat(8) });
  }
}
/** A member's offer to keep the next book: of the first open device that has made one. */
function offerOf(circle: Circle, member: Circle['member']): Steward | undefined {
  for (const { device } of openDevicesOf(circle.replica.ledger.log, member)) {
    const offer = circle.offers.get(device);
    if (offer !== undefined && offer.consent !== null)
      return { device, witness: offer.witness, consent: offer.consent };
  }
  return undefined;
}

/** Whose yes a motion waits for: of an act as the rules say; the closing of a book is the stewards' like a policy. */
export function waysFor(circle: Circle, act: Act): readonly ConsentWay[] {
  const { log } = circle.replica.ledger;
  if (act.type !== 'close-book') return consentNeeded(log, act);
  const asPolicy: Consent = 'policy';
  return consentNeeded(log, { type: asPolicy, salt: '', reason: null, policy: log.policy });
}
/** Whether a yes of this device would count. */
export function mayAnswer(circle: Circle, act: Act): boolean {
  const { log } = circle.replica.ledger;
  const own = log.devices.get(circle.record.device);
  if (own === undefined || isSealed(own) || standingOf(log, own.member) !== 'active') return false;
  return waysFor(circle, act).some((way) =>
    way.by === 'device' ? way.devices.includes(own.device) : way.members.has(own.member),
  );
}
/** It would be closed by this act as lost, and is here to say that it is not, or that its owner wants it so [C4]. */
export const closesThisDevice = (circle: Circle, act: Act): boolean =>
  act.type === 'replace' && act.closings.some(({ device }) => device === circle.record.device);
/** What stands against an act already, apart from the consent and the proofs that it still has to gather. */
function obstacle(circle: Circle, act: Act): DecisionFault | undefined {
  const { ledger } = circle.replica;
  if (act.type === 'close-book') return undefined;
  const decision = { height: ledger.log.height + 1, prev: ledger.log.head, act, approvals: [] };
  const verdict = judgeDecision(ledger, decision);
  if (verdict.type !== 'unlawful') return undefined;
  const gathered = [
    'not-enough-approvals',
    'closing-missing',
    'wrong-closings',
    'key-missing',
    'not-a-quorum',
    'wrong-incarnation',
  ];
  return gathered.includes(verdict.fault.code) ? undefined : verdict.fault;
}

export function createProposing(
  inCircle: <T>(work: (circle: Circle) => Promise<Answer<T>>) => Promise<Answer<T>>,
  { store, clock, random }: ProposingPorts,
): Pick<GoverningIntents, 'propose' | 'answer' | 'comment' | 'offerSteward'> {
  const now = (): number => Math.floor(clock.now() / 1000);
  const say = async (circle: Circle, bodies: readonly Body[]): Promise<Answer<null>> => {
    const said = await circle.replica.append(LANE.voice, () => ok(bodies));
    if (said.ok) {
      await circle.keeping.work();
      return allow(null);
    }
    return refuseAppend(said.fault);
  };
  const signedYes = (circle: Circle, motion: Id) =>
    store.keys.sign(circle.record.device, approvalStatement(motion));
  /** Keeps a text and answers its hash; null for none. */
  const kept = async (circle: Circle, typed: string) => {
    const text = boundedText(typed.trim(), MAX_TEXT_BYTES);
    if (!text.ok) return fail(refuse('text-too-long', { bytes: text.fault.bytes, max: text.fault.max }));
    if (text.value === '') return ok(null);
    const { hash, record } = circle.texts.make(text.value);
    return (await circle.texts.keep([record], true)) ? ok(hash) : fail(refuse('storage-refused'));
  };
  const openMotion = (circle: Circle, id: Id): Motion | undefined => {
    const motion = circle.replica.ledger.motions.get(id);
    return motion?.act === undefined || circle.replica.ledger.log.doneMotions.has(id) ? undefined : motion;
  };
  return {
    propose: (wish, reason) =>
      inCircle(async (circle) => {
        const text = await kept(circle, reason);
        if (!text.ok) return text.fault;
        const act = actOf(circle, wish, toHex(random(8)), text.value);
        if (!act.ok) return act.fault;
        const fault = obstacle(circle, act.value);
        if (fault !== undefined) return refuse('not-lawful', { rule: fault.rule, what: fault.code });
        const id = motionId(circle.replica.circle, circle.replica.ledger.book, act.value);
        const bodies: Body[] = [{ kind: KIND.motion, act: asProposed(act.value), at: now() }];
        if (mayAnswer(circle, act.value)) {
          const signature = await signedYes(circle, id);
          if (signature === undefined) return refuse('internal', { what: 'cannot sign' });
          bodies.push({ kind: KIND.approve, motion: id, signature, at: now() });
        }
        const said = await say(circle, bodies);
        return said.ok ? allow(id) : said;
      }),
    answer: (id, yes) =>
      inCircle(async (circle) => {
        const motion = openMotion(circle, id);
        if (motion?.act === undefined) return refuse('not-ready');
        const isAsked = mayAnswer(circle, motion.act) || closesThisDevice(circle, motion.act);
        if (!isAsked) return refuse('nobody-to-ask');
        const signature = yes ? await signedYes(circle, id) : null;
        if (signature === undefined) return refuse('internal', { what: 'cannot sign' });
        return say(circle, [{ kind: KIND.approve, motion: id, signature, at: now() }]);
      }),
    comment: (id, typed) =>
      inCircle(async (circle) => {
        if (openMotion(circle, id) === undefined) return refuse('not-ready');
        const text = await kept(circle, typed);
        if (!text.ok) return text.fault;
        if (text.value === null) return refuse('text-too-long', { bytes: 0, max: MAX_TEXT_BYTES });
        return say(circle, [{ kind: KIND.comment, motion: id, text: text.value, at: now() }]);
      }),
    offerSteward: (offers) =>
      inCircle(async (circle) => {
        const said = await offerNext(store.keys, circle.replica, circle.record.device, offers);
        if (!said.ok) return refuseAppend(said.fault);
        await circle.keeping.work();
        return allow(null);
      }),
  };
}
