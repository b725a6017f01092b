/** Circles to begin with: founded and joined once by real peers in a calm world, then copied for every seed. */
import { createMemoryDisk, type MemoryDisk, type Peer } from '@corridor/peer';
import { createDevice, type SimDevice } from './device.ts';
import { copyDisk } from './simStore.ts';
import { createWorld, type Ground, type World } from './world.ts';

export interface FirstCircle {
  /** One disk a device; the first founded and keeps the book. */
  disks(): readonly MemoryDisk[];
}
/**
 * `devices`: how many; `second`: the last is a second device of the founder. `stewards`: 1: the founder keeps the first
 * book; 4: the first four keep the second one.
 */
export interface CircleShape {
  readonly devices: number;
  readonly second: boolean;
  readonly stewards: 1 | 4;
}
export function isInside({ peer }: SimDevice): boolean {
  const circle = peer?.circle();
  return circle?.replica.ledger.log.devices.has(circle.record.device) === true;
}

export async function must<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; refusal: { code: string } }>,
): Promise<T> {
  const given = await answer;
  if (!given.ok) throw new Error(JSON.stringify(given.refusal));
  return given.value;
}
/** Runs the world until the promise is settled. */
export async function pumped<T>(world: World, promise: Promise<T>, ms = 60_000): Promise<T> {
  let done = false;
  const watched = promise.finally(() => {
    done = true;
  });
  watched.catch(() => undefined);
  await world.run(ms, () => done);
  if (!done) throw new Error('never answered');
  return watched;
}
const peerOf = (device: SimDevice | undefined): Peer => {
  if (device?.peer === undefined) throw new Error('the device does not run');
  return device.peer;
};

async function build(
  ground: Ground,
  { devices, second, stewards }: CircleShape,
): Promise<readonly MemoryDisk[]> {
  const world = createWorld(devices * 2 + (second ? 1 : 0), ground);
  const all: SimDevice[] = [];
  for (let i = 0; i < devices; i++) {
    const device = createDevice(`d${i}`, world);
    all.push(device);
    await pumped(world, device.start());
    const { intents } = peerOf(device);
    if (i === 0) {
      const wish = { circleName: 'Valldor', unitName: 'dor', decimals: 2, memberName: 'P0' };
      await pumped(world, must(intents.found(wish)));
      continue;
    }
    const as = second && i === devices - 1 ? 'device' : 'member';
    const { link } = await pumped(world, must(peerOf(all[0]).intents.createInvite(as)));
    await pumped(world, must(intents.join(link, `P${i}`)));
    if (!(await world.run(60_000, () => isInside(device)))) throw new Error('nobody let the newcomer in');
  }
  if (stewards > 1) await handToStewards(world, all, stewards);
  await world.run(30_000);
  for (const device of all) await pumped(world, device.stop());
  if (world.violations.length > 0) throw new Error(world.violations.join('; '));
  return all.map(({ disk }) => disk);
}

/** The founder's book closes, and the next one is kept by the first `count` devices [P7] [B1]. */
async function handToStewards(world: World, all: readonly SimDevice[], count: number): Promise<void> {
  const stewards = all.slice(0, count);
  for (const device of stewards) await pumped(world, must(peerOf(device).intents.offerSteward(true)));
  const founder = peerOf(all[0]);
  await world.run(60_000, () => founder.circle()?.offers.size === count);
  const members = stewards.flatMap((device) => peerOf(device).circle()?.member ?? []);
  await pumped(world, must(founder.intents.propose({ type: 'stewards', members }, '')));
  const hasGoneOn = ({ peer }: SimDevice): boolean => {
    const ledger = peer?.circle()?.replica.ledger;
    return ledger?.book === 1 && ledger.n === count;
  };
  if (!(await world.run(120_000, () => all.every(hasGoneOn)))) throw new Error('the book stays in one hand');
}

/** A cache of first circles: building one costs as much as many seeds. */
export function createFirstCircles(ground: Ground): (shape: CircleShape) => Promise<FirstCircle> {
  const built = new Map<string, Promise<readonly MemoryDisk[]>>();
  return async (shape) => {
    const name = `${shape.devices}/${shape.second}/${shape.stewards}`;
    let building = built.get(name);
    if (building === undefined) built.set(name, (building = build(ground, shape)));
    const disks = await building;
    return { disks: () => disks.map((disk) => copyDisk(disk, createMemoryDisk())) };
  };
}
