/** People pay each other: by a press, an impatient second one, by code from hand to hand, into the commons. */
import { LANE, ok, type Body, type DeviceKey } from '@corridor/ledger';
import type { SimDevice } from './device.ts';
import { press, type Press } from './presses.ts';
import type { Stage } from './stage.ts';
import { isInside } from './firstCircles.ts';
import { plainPayment } from './hostile.ts';

export interface Trading {
  readonly presses: readonly Press[];
  /** One of these pays somebody. */
  pay(from?: readonly SimDevice[], more?: Partial<Press['request']>): void;
  handOver(): Promise<void>;
  payCommons(): Promise<void>;
  /** A second tab of a device presses once. */
  payOnce(device: SimDevice): Promise<void>;
  /** One more small payment of every honest device: nobody is stuck. */
  probe(): void;
  /** Others pay much to this one. */
  feed(to: SimDevice): void;
}
export function createTrading(stage: Stage): Trading {
  const { world, plan, observer, honest, watch, running } = stage;
  const { timeline, chance, trace } = world;
  const presses: Press[] = [];
  const secondTab = plan.secondTabs > 0;

  const ask = (device: SimDevice, more: Partial<Press['request']>): Press | undefined => {
    const to = more.to ?? stage.otherThan(device);
    if (to === undefined) return undefined;
    const tag = presses.length + 1;
    const one: Press = {
      tag,
      device,
      paid: new Set(),
      unanswered: 0,
      request: {
        to,
        amount: chance.pick([0, 1, 480, chance.below(6000), chance.below(6000), chance.below(20_000)]),
        memo: chance.chance(0.2) ? `memo ${tag}` : '',
        need: { category: 1, quantity: tag },
        requestCode: null,
        intent: `i${tag}`,
        handOver: false,
        ...more,
      },
    };
    presses.push(one);
    return one;
  };
  const doPress = async (one: Press) => {
    trace.note(`${one.device.name} presses ${one.tag}: ${one.request.amount}`);
    const answer = await press(one, { secondTab, fail: (what) => world.fail(what) });
    trace.note(
      `${one.device.name} is told of ${one.tag}: ${answer?.ok === true ? 'paid' : answer?.refusal.code}`,
    );
    return answer;
  };
  const pay: Trading['pay'] = (from = running(), more = {}) => {
    if (from.length === 0) return;
    const one = ask(chance.pick(from), more);
    if (one === undefined) return;
    watch(doPress(one));
    // An impatient thumb, or a reload and the same button again.
    const again = (): void => {
      if (!one.device.hasForgotten) watch(doPress(one));
    };
    if (chance.chance(0.25)) timeline.after(chance.below(60), again);
    if (chance.chance(0.3)) timeline.after(chance.below(15_000), again);
  };
  return {
    presses,
    pay,
    async handOver() {
      const here = running();
      if (here.length < 2) return;
      const payee = chance.pick(here);
      const payer = chance.pick(here.filter((device) => device !== payee));
      const asked = await payee.peer?.intents.request(chance.below(3000), 'Jam', null, 10);
      if (asked?.ok !== true) return;
      const read = await payer.peer?.intents.readCode(asked.value.code);
      if (read?.ok !== true || read.value.type !== 'request') return;
      const { request, code } = read.value;
      const one = ask(payer, {
        to: request.payeeDevice,
        amount: request.amount,
        memo: '',
        requestCode: code,
        handOver: true,
      });
      if (one === undefined) return;
      const paid = await doPress(one);
      if (paid?.ok !== true || paid.value.handOverCode === null) return;
      const shown = paid.value.handOverCode;
      const scan = async (): Promise<void> => {
        const got = await payee.peer?.intents.readCode(shown);
        if (got?.ok === true && got.value.type === 'payment') observer.noteHanded(payee, paid.value.line.id);
        trace.note(
          `${payee.name} scans ${one.tag}: ${got?.ok === true ? got.value.type : got?.refusal.code}`,
        );
      };
      timeline.after(chance.below(500), () => watch(scan()));
      if (chance.chance(0.3)) timeline.after(chance.below(10_000), () => watch(scan()));
    },
    /** No screen asks for it yet; the rules know it [P1]. */
    async payCommons() {
      const [from] = running().length === 0 ? [] : [chance.pick(running())];
      const circle = from?.peer?.circle();
      const to = from && stage.otherThan(from);
      if (circle === undefined || to === undefined) return;
      const { replica, record } = circle;
      const amount = chance.below(2000);
      const done = await replica.append(LANE.account, () => {
        const body = plainPayment(replica.ledger, record.device, to, amount);
        const bodies: readonly Body[] =
          body === undefined ? [] : [{ ...body, to: { type: 'commons', commons: 0 } }];
        return ok(bodies);
      });
      trace.note(
        `${from?.name} pays ${amount} into the commons: ${done.ok ? done.value.length : done.fault}`,
      );
    },
    async payOnce(device) {
      const one = device.peer === undefined ? undefined : ask(device, {});
      if (one !== undefined) await doPress(one);
    },
    probe() {
      for (const device of running()) {
        const one = ask(device, { amount: 0, memo: '' });
        if (one !== undefined) watch(doPress(one));
      }
    },
    feed(to) {
      for (const from of honest)
        for (let i = 0; i < 2; i++)
          timeline.after(chance.below(plan.span / 3), () => {
            const key: DeviceKey | undefined = stage.keyOf(to);
            if (key !== undefined && isInside(from))
              pay([from], { to: key, amount: chance.between(6000, 7000) });
          });
    },
  };
}
