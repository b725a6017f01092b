/** Who plays in one world, and what all that happens to them has in common. */
import type { DeviceKey, MemberId } from '@corridor/ledger';
import type { Planted, SimDevice } from './device.ts';
import { isInside } from './firstCircles.ts';
import type { Observer } from './observer.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

export interface Stage {
  readonly world: World;
  readonly plan: Plan;
  readonly observer: Observer;
  readonly planted: Planted;
  readonly honest: readonly SimDevice[];
  readonly hostile: readonly SimDevice[];
  /** Set once the faults are over: what comes now, comes. */
  healed: boolean;
  /** At some moment while things go wrong. */
  at(task: () => void): void;
  times(count: number, task: () => void): void;
  /** Nothing that is started here may throw. */
  watch(work: Promise<unknown>): void;
  /** Those of them that are up and members. */
  running(of?: readonly SimDevice[]): readonly SimDevice[];
  /** A device's key, also while it is down. */
  keyOf(device: SimDevice): DeviceKey | undefined;
  /** Another device that this one knows. */
  otherThan(device: SimDevice): DeviceKey | undefined;
  memberOf(device: SimDevice): MemberId | undefined;
}
export function createStage(world: World, plan: Plan, observer: Observer, planted: Planted): Stage {
  const { timeline, chance, devices } = world;
  const keys = new Map<SimDevice, DeviceKey>();
  const keyOf = (device: SimDevice): DeviceKey | undefined => {
    const key = device.key();
    if (key !== undefined) keys.set(device, key);
    return keys.get(device);
  };
  const honest = devices.filter((device) => device.honest);
  const at = (task: () => void): void => void timeline.after(chance.below(plan.span), task);
  return {
    world,
    plan,
    observer,
    planted,
    honest,
    hostile: devices.filter((device) => !device.honest),
    healed: false,
    at,
    times(count, task) {
      for (let i = 0; i < count; i++) at(task);
    },
    watch(work) {
      work.catch((error: unknown) =>
        world.fail(`thrown: ${error instanceof Error ? error.stack : String(error)}`),
      );
    },
    running: (of = honest) => of.filter(isInside),
    keyOf,
    otherThan(device) {
      const known = device.peer?.circle()?.replica.ledger.log.devices;
      const others = devices.flatMap((other) => {
        const key = keyOf(other);
        return key === undefined || key === keyOf(device) || known?.has(key) !== true ? [] : [key];
      });
      return others.length === 0 ? undefined : chance.pick(others);
    },
    memberOf: (device) => device.peer?.circle()?.member,
  };
}
