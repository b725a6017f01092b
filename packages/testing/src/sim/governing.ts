/** People govern their circle: they propose, answer, move the book on, let others in, hand it over. */
import { openMotions, openDevicesOf, standingOf, type MemberId } from '@corridor/ledger';
import type { MotionWish } from '@corridor/peer';
import { circleOf } from './agreement.ts';
import { createDevice, type SimDevice } from './device.ts';
import type { Stage } from './stage.ts';
import type { Trading } from './trading.ts';

export interface Governing {
  /** Somebody proposes something; those who may answer do, sooner or later. */
  move(): void;
  /** A motion to close the book now [B1]. */
  closeBook(): void;
  /** People look at what is proposed from now on until this many milliseconds after. */
  attend(ms: number): void;
  handBook(): void;
  letIn(): Promise<void>;
}
type Kind = 'limits' | 'pause' | 'back' | 'payout' | 'remove';
const KINDS: readonly Kind[] = ['limits', 'limits', 'limits', 'pause', 'back', 'payout', 'remove'];
/** Milliseconds between two looks of one person at what is proposed. */
const ATTEND_MS = 2500;
/** Of all that is proposed, so much finds each person's consent. */
const CONSENT = 0.85;
/** Refusals of a proposal or an answer that can happen in an orderly world. */
const EXPLAINED: ReadonlySet<string> = new Set([
  'not-lawful',
  'nobody-to-ask',
  'not-ready',
  'storage-refused',
  'not-a-member',
  'device-not-reachable',
  'other-tab-is-writing',
]);

export function createGoverning(stage: Stage, trading: Trading): Governing {
  const { world, honest, watch, running } = stage;
  const { timeline, chance, trace, devices } = world;
  const opinions = new Map<string, boolean>();

  const explained = (device: SimDevice, what: string, answer: { ok: boolean } | undefined): void => {
    const code =
      answer !== undefined && 'refusal' in answer ? (answer.refusal as { code: string }).code : 'ok';
    trace.note(`${device.name} ${what}: ${code}`);
    if (answer?.ok === false && !EXPLAINED.has(code))
      world.fail(`${device.name} ${what}: ${JSON.stringify(answer)}`);
  };
  const propose = async (by: SimDevice, wish: MotionWish): Promise<void> => {
    explained(by, `proposes ${wish.type}`, await by.peer?.intents.propose(wish, ''));
  };
  const members = (by: SimDevice): readonly MemberId[] => [
    ...(circleOf(by)?.replica.ledger.log.members.keys() ?? []),
  ];

  const wishOf = (kind: Kind, by: SimDevice): MotionWish | undefined => {
    const circle = circleOf(by);
    if (circle === undefined) return undefined;
    const { log } = circle.replica.ledger;
    const member = chance.pick(members(by));
    switch (kind) {
      case 'limits':
        return {
          type: 'limits',
          member,
          lowestBalance: chance.pick([0, -2000, -15_000, -30_000]),
          highestBalance: chance.pick([5000, 15_000, 40_000]),
        };
      case 'pause':
        return { type: 'standing', member, standing: 'suspended' };
      case 'back': {
        const paused = members(by).filter((one) => standingOf(log, one) === 'suspended');
        return paused.length === 0
          ? undefined
          : { type: 'standing', member: chance.pick(paused), standing: 'active' };
      }
      case 'payout':
        return { type: 'payout', member, amount: chance.below(1500) };
      case 'remove': {
        const others = openDevicesOf(log, circle.member).filter(
          ({ device }) => device !== circle.record.device,
        );
        return others.length === 0
          ? undefined
          : { type: 'remove-device', device: chance.pick(others).device };
      }
    }
  };
  /** One person looks at the motions and answers those that they have an opinion on. */
  const lookAtMotions = async (device: SimDevice): Promise<void> => {
    const ledger = circleOf(device)?.replica.ledger;
    const me = ledger && device.key();
    if (ledger === undefined || me === undefined) return;
    for (const { id, answers } of openMotions(ledger)) {
      if (answers.has(me)) continue;
      const name = `${device.name}/${id}`;
      const opinion = opinions.get(name) ?? chance.chance(CONSENT);
      opinions.set(name, opinion);
      if (opinion)
        explained(device, `answers ${id.slice(0, 8)}`, await device.peer?.intents.answer(id, true));
    }
  };
  return {
    move() {
      const here = running();
      if (here.length === 0) return;
      const by = chance.pick(here);
      const kind = chance.pick(KINDS);
      const wish = wishOf(kind, by);
      if (wish === undefined) return;
      watch(propose(by, wish));
      // Payments race with what takes their room away.
      if (wish.type !== 'limits' && wish.type !== 'standing') return;
      const about = running().filter((device) => stage.memberOf(device) === wish.member);
      for (let i = 0; i < 2; i++) timeline.after(chance.below(9000), () => trading.pay(about));
    },
    closeBook() {
      const here = running();
      if (here.length > 0) watch(propose(chance.pick(here), { type: 'close-book' }));
    },
    attend(ms) {
      for (const device of honest) {
        const until = timeline.now() + ms;
        const look = (): void => {
          if (device.peer !== undefined) watch(lookAtMotions(device));
          if (timeline.now() < until) timeline.after(chance.between(ATTEND_MS / 2, ATTEND_MS * 2), look);
        };
        timeline.after(chance.below(ATTEND_MS), look);
      }
    },
    handBook() {
      const next = chance.pick(honest.slice(1));
      const offering = next.peer?.circle()?.offerKeeping();
      if (offering === undefined) return;
      watch(offering);
      timeline.after(chance.between(500, 6000), () => {
        const key = stage.keyOf(next);
        if (key !== undefined)
          watch(
            (honest[0]?.peer?.intents.keepBook(key) ?? Promise.resolve(undefined)).then((answer) => {
              trace.note(
                `the book to ${next.name}: ${answer?.ok === true ? 'handed' : answer?.refusal.code}`,
              );
            }),
          );
      });
    },
    async letIn() {
      const inviter = running()[0];
      const invited = await inviter?.peer?.intents.createInvite('member');
      if (invited?.ok !== true) return;
      const newcomer = createDevice(`n${devices.length}`, world, { planted: stage.planted });
      await newcomer.start();
      const joined = await newcomer.peer?.intents.join(invited.value.link, 'Newcomer');
      trace.note(`${newcomer.name} asks to be let in: ${joined?.ok === true}`);
      if (joined?.ok === true) devices.push(newcomer);
    },
  };
}
