/** One seed from beginning to end: a circle, its bad days, calm, and what must be true then. */
import { isOnMain } from '@corridor/ledger';
import { knowsItsRemoval } from './agreement.ts';
import { bend } from './careless.ts';
import { createDevice, type Planted, type SimDevice } from './device.ts';
import { createFirstCircles, isInside } from './firstCircles.ts';
import { BELIEVES_ALL, createTamper } from './hostile.ts';
import { createObserver, type Observer } from './observer.ts';
import { drawPlan, type Plan } from './plan.ts';
import { createLies } from './lying.ts';
import { judgePresses } from './presses.ts';
import { planScenario, type Scenario } from './scenario.ts';
import { copyDisk } from './simStore.ts';
import { CALM } from './simNetwork.ts';
import { createGround, createWorld, type World } from './world.ts';
import { createMemoryDisk } from '@corridor/peer';

export interface SeedOutcome {
  readonly seed: number;
  readonly plan: Plan;
  readonly violations: readonly string[];
  /** The same for every run of the same seed. */
  readonly hash: string;
  readonly tail: readonly string[];
  /** Payments that were settled in the end. */
  readonly settled: number;
  /** How many acts of which kind were decided in the world. */
  readonly acts: ReadonlyMap<string, number>;
}
export interface SeedOptions {
  readonly plan?: Partial<Plan>;
  readonly planted?: Planted;
  /** Looks at the world as it ended: for whoever plays a seed again. */
  readonly inspect?: (world: World) => void;
}
export type RunSeed = (seed: number, options?: SeedOptions) => Promise<SeedOutcome>;

/** Looks at the replicas this often while things go wrong, virtual milliseconds. */
const LOOK_MS = 2500;
/** The longest a healed circle may take: a stalled message, a stalled session, a comparison, and some. */
const HEAL_MS = 400_000;

export async function createSimulator(): Promise<RunSeed> {
  const ground = await createGround();
  const firstCircle = createFirstCircles(ground);
  return async (seed, { plan: fixed, planted = {}, inspect } = {}) => {
    const world = createWorld(seed, ground);
    const plan = drawPlan(world.chance.fork(), fixed);
    const circle = await firstCircle(plan.shape);
    const disks = circle.disks();
    disks.forEach((disk, i) => {
      const isHostile = plan.hostility !== null && i === disks.length - 1;
      world.devices.push(
        isHostile
          ? createDevice(`h${i}`, world, {
              disk,
              honest: false,
              planted: BELIEVES_ALL,
              ...(plan.hostility === 'noise' ? { tamper: createTamper(world.chance.fork()) } : {}),
            })
          : createDevice(`d${i}`, world, { disk, planted }),
      );
      if (isHostile && plan.hostility === 'twin') {
        const copy = copyDisk(disk, createMemoryDisk());
        world.devices.push(
          createDevice(`h${i}-twin`, world, { disk: copy, honest: false, planted: BELIEVES_ALL }),
        );
      }
    });
    const observer = createObserver(world, plan.shape.stewards > 1 ? 1 : 0);
    world.network.weather = plan.weather;
    for (const device of world.devices) void device.start();
    if (planted.witness !== undefined)
      for (const device of world.devices) if (device.honest) bend(world, device, planted.witness);
    const liars = plan.hostility === 'liar' ? world.devices.filter(({ honest }) => !honest) : [];
    for (const liar of liars) bend(world, liar, createLies(world.chance.fork()));
    await world.run(0);
    world.diskLatency = plan.diskLatency;
    const scenario = planScenario(world, plan, observer, planted);
    await live(world, plan, observer, scenario);
    inspect?.(world);
    return {
      seed,
      plan,
      violations: world.violations,
      hash: world.trace.hash(),
      tail: world.trace.tail(),
      settled: observer.settledCount(),
      acts: observer.acts,
    };
  };
}

async function live(world: World, plan: Plan, observer: Observer, scenario: Scenario): Promise<void> {
  for (let ms = 0; ms < plan.span; ms += LOOK_MS) {
    if (!(await world.run(LOOK_MS))) return;
    observer.lookAtAll();
  }
  scenario.heal();
  world.network.weather = CALM;
  world.diskLatency = Math.min(world.diskLatency, 5);
  if (!(await agree(world, observer, 'after the faults'))) return;
  if (world.chance.chance(0.5)) {
    scenario.probe();
    await world.run(2000);
    if (!(await agree(world, observer, 'after one more payment of each'))) return;
  }
  if (plan.forgets) {
    scenario.forget();
    await world.run(2000);
    if (!(await agree(world, observer, 'after one of them forgot'))) return;
  }
  judgePresses(scenario.presses, observer.payments, (what) => world.fail(what));
  judgeScreens(world);
  if (world.violations.length === 0 && world.chance.chance(0.35)) await reopenAlone(world, observer);
}
/** Until the honest replicas are of one mind; a violation if they never are. */
async function agree(world: World, observer: Observer, when: string): Promise<boolean> {
  let why: string | undefined;
  for (let ms = 0; ms < HEAL_MS && world.violations.length === 0; ms += LOOK_MS) {
    await world.run(LOOK_MS);
    why = observer.difference();
    if (why === undefined) break;
  }
  if (why !== undefined) world.fail(`[I9] ${when}: ${why}`);
  observer.lookAtAll();
  return world.violations.length === 0;
}

/** What every screen shows at the end is final, unless it left the chain. */
function judgeScreens(world: World): void {
  for (const device of world.devices.filter((one) => one.honest)) {
    const view = device.peer?.view();
    const ledger = device.peer?.circle()?.replica.ledger;
    if (view?.stage !== 'circle' || ledger === undefined || knowsItsRemoval(device)) continue;
    const honest = new Set(world.devices.flatMap((one) => (one.honest ? (one.key() ?? []) : [])));
    for (const line of view.view.lines) {
      const stored = ledger.entries.get(line.id);
      if (stored === undefined || !honest.has(stored.entry.device) || !isOnMain(stored)) continue;
      if (line.state !== 'final') world.fail(`${device.name} shows ${line.id} as ${line.state}`);
    }
  }
}

/** Every honest device is closed in order and opened with nobody near: its disk alone says the same. */
async function reopenAlone(world: World, observer: Observer): Promise<void> {
  const honest = world.devices.filter((device) => device.honest && isInside(device));
  const before = new Map(honest.map((device) => [device, settledIn(device)]));
  for (const device of world.devices) {
    void device.stop();
    await world.run(1000);
  }
  world.network.partition(world.devices.map(({ name }) => [name]));
  for (const device of honest) void device.start();
  await world.run(5000, () => honest.every(isInside));
  for (const device of honest) {
    observer.lookAfterStart(device);
    observer.look(device);
    const after = settledIn(device);
    for (const [book, count] of before.get(device) ?? []) {
      // Its days may have ended meanwhile: then the next book is open, and this one not yet.
      const now = after.get(book) ?? ([...after.keys()].some((open) => open > book) ? count : -1);
      // Not equal: what another tab signed last stands in the shared journal alone until the next start.
      if (now < count)
        world.fail(`${device.name}: [I2] settled ${count} in book ${book}, after a reload ${now}`);
    }
  }
}
/** By book, of those that are open. */
const settledIn = (device: SimDevice): ReadonlyMap<number, number> =>
  new Map(
    device.peer
      ?.circle()
      ?.library.shelf.all()
      .map(({ ledger }) => [ledger.book, ledger.settledCount]) ?? [],
  );
