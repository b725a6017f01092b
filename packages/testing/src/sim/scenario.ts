/** Fills a world's first minutes with payments, faults and malice, all drawn from its seed. */
import { LANE, type Body, type DeviceKey } from '@corridor/ledger';
import { createMemoryDisk } from '@corridor/peer';
import { createDevice, type Planted, type SimDevice } from './device.ts';
import { isInside } from './firstCircles.ts';
import { actForbidden, forge, FORBIDDEN } from './hostile.ts';
import type { Observer } from './observer.ts';
import type { Plan } from './plan.ts';
import { press, type Press } from './presses.ts';
import { copyDisk } from './simStore.ts';
import type { World } from './world.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

export interface Scenario {
  readonly presses: readonly Press[];
  /** Ends every fault: what comes now, comes. */
  heal(): void;
  /** One more small payment of every honest device: nobody is stuck. */
  probe(): void;
}

export function planScenario(world: World, plan: Plan, observer: Observer, planted: Planted): Scenario {
  const { timeline, chance, devices, network, trace } = world;
  const presses: Press[] = [];
  const hostile = devices.filter((device) => !device.honest);
  const honest = devices.filter((device) => device.honest);
  let healed = false;
  const secondTab = plan.secondTabs > 0;

  const at = (task: () => void): void => void timeline.after(chance.below(plan.span), task);
  const times = (count: number, task: () => void): void => {
    for (let i = 0; i < count; i++) at(task);
  };
  const watch = (work: Promise<unknown>): void => {
    work.catch((error: unknown) =>
      world.fail(`thrown: ${error instanceof Error ? error.stack : String(error)}`),
    );
  };
  const running = (of: readonly SimDevice[] = honest): readonly SimDevice[] => of.filter(isInside);
  const otherThan = (device: SimDevice): DeviceKey | undefined => {
    const known = device.peer?.circle()?.replica.ledger.log.devices;
    const others = devices.flatMap((other) => {
      const key = keyOf.get(other);
      return key === undefined || key === keyOf.get(device) || known?.has(key) !== true ? [] : [key];
    });
    return others.length === 0 ? undefined : chance.pick(others);
  };
  const keyOf = new Map<SimDevice, DeviceKey>();
  const learnKeys = (): void => {
    for (const device of devices) {
      const key = device.key();
      if (key !== undefined) keyOf.set(device, key);
    }
  };

  const ask = (device: SimDevice, more: Partial<Press['request']>): Press | undefined => {
    learnKeys();
    const to = more.to ?? otherThan(device);
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
  const pay = (from: readonly SimDevice[] = running(), more: Partial<Press['request']> = {}): void => {
    if (from.length === 0) return;
    const one = ask(chance.pick(from), more);
    if (one === undefined) return;
    watch(doPress(one));
    // An impatient thumb, or a reload and the same button again.
    if (chance.chance(0.25)) timeline.after(chance.below(60), () => watch(doPress(one)));
    if (chance.chance(0.3)) timeline.after(chance.below(15_000), () => watch(doPress(one)));
  };
  const handOver = async (): Promise<void> => {
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
      trace.note(`${payee.name} scans ${one.tag}: ${got?.ok === true ? got.value.type : got?.refusal.code}`);
    };
    timeline.after(chance.below(500), () => watch(scan()));
    if (chance.chance(0.3)) timeline.after(chance.below(10_000), () => watch(scan()));
  };
  const startAgain = async (device: SimDevice): Promise<void> => {
    await device.start();
    observer.lookAfterStart(device);
    careless(planted, device);
  };
  const crash = (): void => {
    const device = chance.pick(devices);
    device.crash();
    timeline.after(healed ? 0 : chance.below(8000), () => watch(startAgain(device)));
  };
  const restart = (): void => {
    const device = chance.pick(devices);
    watch(
      device.stop().then(() => {
        timeline.after(chance.below(2000), () => watch(startAgain(device)));
      }),
    );
  };
  const refuseWrites = (): void => {
    const { disk, name } = chance.pick(devices);
    trace.note(`${name} has a full disk`);
    disk.refuseWrites('quota');
    timeline.after(chance.below(8000), () => disk.refuseWrites(undefined));
  };
  const jumpClock = (): void => {
    const device = chance.pick(devices);
    device.clockOff = (chance.next() - 0.5) * chance.pick([10 * YEAR_MS, 100_000]);
    trace.note(`${device.name}'s clock is off by ${device.clockOff}`);
  };
  const part = (): void => {
    const groups: string[][] = [[], []];
    for (const { name } of devices) groups[chance.below(2)]?.push(name);
    trace.note(`apart: ${groups.map((names) => names.join('+')).join(' | ')}`);
    network.partition(groups);
    timeline.after(chance.between(1000, 15_000), () => network.partition(undefined));
  };
  /**
   * Another tab opens and pays while the first one still does. Keys, records and journal are the same; the document it
   * writes is thrown away, because documents are the Web Lock's to guard and the journal is what must stand without it.
   */
  const openSecondTab = (): void => {
    const device = chance.pick(honest);
    if (!isInside(device)) return;
    device.hadSecondTab = true;
    const { keys, chains, records } = device.disk;
    const disk = { ...copyDisk(device.disk, createMemoryDisk()), keys, chains, records };
    const tab = createDevice(`${device.name}-tab`, world, { disk, honest: false, planted });
    watch(
      tab.start().then(async () => {
        const one = tab.peer === undefined ? undefined : ask(tab, {});
        if (one !== undefined) await doPress(one);
        if (tab.life !== undefined) tab.life.alive = false;
        network.vanish(tab.name);
      }),
    );
    timeline.after(chance.below(20), () => pay([device]));
  };
  const handBook = (): void => {
    const next = chance.pick(honest.slice(1));
    const offering = next.peer?.circle()?.offerKeeping();
    if (offering === undefined) return;
    watch(offering);
    timeline.after(chance.between(500, 6000), () => {
      learnKeys();
      const key = keyOf.get(next);
      if (key !== undefined)
        watch(
          (honest[0]?.peer?.intents.keepBook(key) ?? Promise.resolve(undefined)).then((answer) => {
            trace.note(`the book to ${next.name}: ${answer?.ok === true ? 'handed' : answer?.refusal.code}`);
          }),
        );
    });
  };
  const letIn = async (): Promise<void> => {
    const inviter = running()[0];
    const invited = await inviter?.peer?.intents.createInvite('member');
    if (invited?.ok !== true) return;
    const newcomer = createDevice(`n${devices.length}`, world, { planted });
    await newcomer.start();
    const joined = await newcomer.peer?.intents.join(invited.value.link, 'Newcomer');
    trace.note(`${newcomer.name} asks to be let in: ${joined?.ok === true}`);
    if (joined?.ok === true) devices.push(newcomer);
  };

  const misbehave = (): void => {
    const [first] = hostile;
    const peer = first?.peer;
    if (first === undefined || peer === undefined || !isInside(first)) return;
    learnKeys();
    const victim = keyOf.get(chance.pick(honest));
    if (victim === undefined) return;
    switch (plan.hostility) {
      case 'twin':
        for (const hand of running(hostile)) pay([hand], { amount: chance.below(9000) });
        return;
      case 'rogue': {
        const what = plan.roguery ?? chance.pick(Object.keys(FORBIDDEN));
        void actForbidden(peer, victim, what, chance).then(
          (done) => trace.note(`${first.name} breaks ${what}: ${done}`),
          () => undefined,
        );
        return;
      }
      case 'forger':
        void forge(peer, victim).then(
          (id) => trace.note(`${first.name} forges ${id}`),
          () => undefined,
        );
        return;
      case 'noise':
      case null:
        pay([first]);
    }
  };

  times(plan.payments, () => pay());
  times(plan.handOvers, () => watch(handOver()));
  times(plan.crashes, crash);
  times(plan.restarts, restart);
  times(plan.refusals, refuseWrites);
  times(plan.clockJumps, jumpClock);
  times(plan.partitions, part);
  times(plan.secondTabs, openSecondTab);
  if (plan.handsBook && honest.length > 1) at(handBook);
  if (plan.newcomer) at(() => watch(letIn()));
  if (hostile.length > 0) times(4, misbehave);
  if (plan.hostility === 'twin') timeline.after(5, misbehave);
  if (plan.feedsHostile)
    for (const from of honest)
      for (let i = 0; i < 2; i++)
        timeline.after(chance.below(plan.span / 3), () => {
          learnKeys();
          const to = hostile[0] && keyOf.get(hostile[0]);
          if (to !== undefined && isInside(from)) pay([from], { to, amount: chance.between(6000, 7000) });
        });
  if (plan.roguery !== null) for (let i = 1; i < 20; i++) timeline.after((plan.span * i) / 10, misbehave);

  return {
    presses,
    heal() {
      healed = true;
      trace.note('heals');
      network.partition(undefined);
      for (const device of devices) {
        device.disk.refuseWrites(undefined);
        if (device.life?.alive !== true) watch(startAgain(device));
      }
    },
    probe() {
      for (const device of running()) {
        const one = ask(device, { amount: 0, memo: '' });
        if (one !== undefined) watch(doPress(one));
      }
    },
  };
}

/** A planted fault of the book keeper: its replica says what its rules would not have it say. */
export function careless(planted: Planted, device: SimDevice): void {
  const replica = device.peer?.circle()?.replica;
  const { witness } = planted;
  if (replica === undefined || witness === undefined || !device.honest) return;
  const { append, ledger } = replica;
  const bent: typeof append = (lane, build, before) =>
    append(
      lane,
      () => {
        const built = build();
        if (!built.ok || lane !== LANE.witness) return built;
        const bodies: readonly Body[] = witness(ledger, built.value);
        return { ok: true, value: bodies };
      },
      before,
    );
  Object.assign(replica, { append: bent });
}
