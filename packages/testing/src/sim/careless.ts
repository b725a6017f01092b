/** A witness that says what its rules would not have it say: a planted fault of an honest one, or a liar. */
import { LANE, type Body, type Ledger } from '@corridor/ledger';
import type { SimDevice } from './device.ts';
import type { World } from './world.ts';

/** What it says in place of what it should. */
export type Twist = (ledger: Ledger, bodies: readonly Body[]) => readonly Body[];
/** How soon a book that was just opened is noticed, virtual milliseconds. */
const LOOK_MS = 50;

/** Whatever this device is about to write in its witness lane goes through `twist` first, in every book and every life. */
export function bend(world: World, device: SimDevice, twist: Twist): void {
  const bent = new WeakSet<object>();
  const look = (): void => {
    const replica = device.peer?.circle()?.replica;
    if (replica !== undefined && !bent.has(replica)) {
      bent.add(replica);
      const { append, ledger } = replica;
      const bentAppend: typeof append = (lane, build, before) =>
        append(
          lane,
          () => {
            const built = build();
            return built.ok && lane === LANE.witness
              ? { ok: true, value: twist(ledger, built.value) }
              : built;
          },
          before,
        );
      Object.assign(replica, { append: bentAppend });
    }
    world.timeline.after(LOOK_MS, look);
  };
  look();
}
