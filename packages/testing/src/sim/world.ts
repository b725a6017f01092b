/** One world out of one seed: time, network, devices, and the pump that gives each event its turn. */
import { createNodeCipher, createSha256 } from '@corridor/peer/node';
import type { Cipher } from '@corridor/peer';
import type { Sha256 } from '@corridor/ledger';
import { createCheapCrypto, type CheapCrypto } from './cheapKeys.ts';
import type { SimDevice, Surroundings } from './device.ts';
import { createRng, type Rng } from './rng.ts';
import { createSimNetwork } from './simNetwork.ts';
import { createTimeline } from './timeline.ts';
import { createTrace } from './trace.ts';

export interface World extends Surroundings {
  readonly devices: SimDevice[];
  readonly violations: string[];
  readonly chance: Rng;
  readonly bans: { readonly by: string; readonly remote: string; readonly why: string }[];
  /** Lets the world go on for so many virtual milliseconds, or until `done`. Stops early at a violation. */
  run(ms: number, done?: () => boolean): Promise<boolean>;
}
/** Gives every microtask its turn: after it, what runs now waits for virtual events alone. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** What does not depend on the seed and costs to make: one for all worlds of a test file. */
export interface Ground {
  readonly sha256: Sha256;
  readonly crypto: CheapCrypto;
  readonly cipher: Cipher;
}
export async function createGround(): Promise<Ground> {
  const sha256 = await createSha256();
  return { sha256, crypto: createCheapCrypto(sha256), cipher: createNodeCipher() };
}

export function createWorld(seed: number, { sha256, crypto, cipher }: Ground): World {
  const rng = createRng(seed);
  const timeline = createTimeline();
  const trace = createTrace(() => timeline.now());
  const violations: string[] = [];
  const bans: { by: string; remote: string; why: string }[] = [];
  const network = createSimNetwork({
    timeline,
    trace,
    rng: rng.fork(),
    onBan(by, remote) {
      const fault = world.devices
        .find(({ name }) => name === by)
        ?.peer?.links()
        ?.faults.at(-1);
      const why = fault === undefined ? 'at the door' : `${fault.code} ${fault.detail}`;
      trace.note(`${by} bans ${remote}: ${why}`);
      bans.push({ by, remote, why });
    },
  });
  const world: World = {
    timeline,
    network,
    trace,
    sha256,
    crypto,
    cipher,
    rng: rng.fork(),
    chance: rng.fork(),
    diskLatency: 0,
    devices: [],
    violations,
    bans,
    fail(what) {
      trace.note(`VIOLATION ${what}`);
      violations.push(what);
    },
    async run(ms, done) {
      const until = timeline.now() + ms;
      await settle();
      for (;;) {
        if (violations.length > 0 || done?.() === true) return violations.length === 0;
        try {
          if (!timeline.step(until)) return done === undefined;
        } catch (error) {
          world.fail(`thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        }
        await settle();
      }
    },
  };
  return world;
}
