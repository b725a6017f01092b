/** One simulated device: its disk, its clock, the process that runs on it now, and what it was ever seen to do. */
import {
  createPeer,
  createMemoryDisk,
  type MemoryDisk,
  type Peer,
  type PeerOptions,
  type Store,
} from '@corridor/peer';
import type { DeviceKey, Id, Ledger, Sha256 } from '@corridor/ledger';
import type { Twist } from './careless.ts';
import type { CheapCrypto } from './cheapKeys.ts';
import { createLife, crashDisk, openSimStore, type Life } from './simStore.ts';
import type { Rng } from './rng.ts';
import type { SimNetwork, Tamper } from './simNetwork.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** What the whole world shares. */
export interface Surroundings {
  readonly timeline: Timeline;
  readonly network: SimNetwork;
  readonly trace: Trace;
  readonly crypto: CheapCrypto;
  readonly cipher: PeerOptions['cipher'];
  readonly sha256: Sha256;
  readonly rng: Rng;
  /** Milliseconds of one disk access; changes as disks get slow. */
  diskLatency: number;
  fail(what: string): void;
}
/** A planted fault: what a device of this world is given instead of the real thing. */
export interface Planted {
  readonly store?: (store: Store, disk: MemoryDisk) => Store;
  readonly options?: Partial<PeerOptions>;
  /** What every witness says in place of what it should. */
  readonly witness?: Twist;
}
export interface SimDevice {
  readonly name: string;
  readonly honest: boolean;
  readonly disk: MemoryDisk;
  /** Statements that its keys have signed, as `key/hash`. */
  readonly signed: Set<string>;
  /** Milliseconds that its clock is off. */
  clockOff: number;
  life: Life | undefined;
  peer: Peer | undefined;
  /** Another process wrote its journal for a while. */
  hadSecondTab: boolean;
  /** Its disk fell back to an older day, and with it what its screen showed. */
  hasForgotten: boolean;
  /** Entries that the running process has shown as settled, with their book. */
  readonly shownSettled: Map<Id, number>;
  start(): Promise<void>;
  crash(): void;
  stop(): Promise<void>;
  key(): DeviceKey | undefined;
}
const EPOCH = 1_700_000_000_000;

export function createDevice(
  name: string,
  world: Surroundings,
  more: { disk?: MemoryDisk; honest?: boolean; planted?: Planted; tamper?: Tamper } = {},
): SimDevice {
  const { timeline, network, trace, crypto, cipher, sha256 } = world;
  const { disk = createMemoryDisk(), honest = true, planted, tamper } = more;
  const chance = world.rng.fork();
  const random = (length: number): Uint8Array => chance.bytes(length);
  const signed = new Set<string>();
  const device: SimDevice = {
    name,
    honest,
    disk,
    signed,
    clockOff: 0,
    hadSecondTab: false,
    hasForgotten: false,
    life: undefined,
    peer: undefined,
    shownSettled: new Map(),
    async start() {
      if (device.life?.alive === true) return;
      const life = createLife();
      device.life = life;
      device.shownSettled.clear();
      const store = openSimStore({
        disk,
        life,
        timeline,
        latency: () =>
          world.diskLatency > 0 && chance.chance(0.5) ? chance.below(2 * world.diskLatency) : 0,
        keys: crypto.keys(disk, random, (key, message) => signed.add(statement(key, message))),
      });
      trace.note(`${name} starts`);
      const peer = await createPeer({
        store: planted?.store?.(store, disk) ?? store,
        clock: {
          now: () => EPOCH + Math.floor(timeline.now()) + device.clockOff,
          after: (ms, task) =>
            timeline.after(ms, () => {
              if (life.alive) task();
            }),
        },
        random,
        sha256,
        cipher,
        checker: crypto.checker,
        sealKey: crypto.sealKey,
        rules: { isOrdinaryKey: () => true },
        openTransport: () => Promise.resolve(network.join(name, life, tamper)),
        appUrl: 'https://valldor.example',
        onView: () => undefined,
        onFailure: (error) => {
          if (honest) world.fail(`broken invariant in ${name}: ${String(error)}`);
        },
        ...planted?.options,
      });
      if (life.alive) device.peer = peer;
    },
    crash() {
      const { life } = device;
      if (life?.alive !== true) return;
      trace.note(`${name} crashes`);
      crashDisk(disk, life, chance);
      network.vanish(name);
      device.peer = undefined;
    },
    async stop() {
      const { life, peer } = device;
      if (life?.alive !== true || peer === undefined) return;
      trace.note(`${name} stops`);
      await peer.stop();
      life.alive = false;
      device.peer = undefined;
    },
    key: () => device.peer?.circle()?.record.device,
  };
  const statement = (key: string, message: Uint8Array): string => crypto.signatureOf(key, message);
  return device;
}

/** Whether a device's strict journal holds this entry of its own, of whatever book. */
export function isInJournal(device: SimDevice, id: Id): boolean {
  for (const { rows } of device.disk.chains.values()) if (rows.some((row) => row.id === id)) return true;
  return false;
}
/** The ids in a device's strict journal that are of this book. */
export function journalOf(device: SimDevice, { circle, book }: Ledger): readonly Id[] {
  return [...device.disk.chains].flatMap(([name, { rows }]) => {
    // `circle/lane` in the first book, `circle/book/lane` in later ones.
    const [of, first, second] = name.split('/');
    const isOfBook = of === circle && (second === undefined ? 0 : Number(first)) === book;
    return isOfBook ? rows.map(({ id }) => id) : [];
  });
}
