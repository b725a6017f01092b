/** Fills a world's first minutes with payments, motions, faults and malice, all drawn from its seed. */
import { createDisasters } from './disasters.ts';
import type { Planted } from './device.ts';
import { createGoverning } from './governing.ts';
import { createMischief } from './mischief.ts';
import type { Observer } from './observer.ts';
import type { Plan } from './plan.ts';
import type { Press } from './presses.ts';
import { createStage } from './stage.ts';
import { createTrading } from './trading.ts';
import type { World } from './world.ts';

export interface Scenario {
  readonly presses: readonly Press[];
  /** Ends every fault: what comes now, comes. */
  heal(): void;
  /** Somebody's disk falls back to an older day [W2]. */
  forget(): void;
  /** One more small payment of every honest device: nobody is stuck. */
  probe(): void;
}
/** For so long after the faults people still look at what is proposed, virtual milliseconds. */
const ATTEND_AFTER_MS = 10_000;

export function planScenario(world: World, plan: Plan, observer: Observer, planted: Planted): Scenario {
  const stage = createStage(world, plan, observer, planted);
  const { at, times, watch, honest, hostile } = stage;
  const { timeline, network, trace, devices } = world;
  const trading = createTrading(stage);
  const disasters = createDisasters(stage, trading);
  const governing = createGoverning(stage, trading);
  const { misbehave } = createMischief(stage, trading);

  times(plan.payments, () => trading.pay());
  times(plan.handOvers, () => watch(trading.handOver()));
  times(plan.commons, () => watch(trading.payCommons()));
  times(plan.crashes, disasters.crash);
  times(plan.restarts, disasters.restart);
  times(plan.refusals, disasters.refuseWrites);
  times(plan.clockJumps, disasters.jumpClock);
  times(plan.partitions, disasters.part);
  times(plan.secondTabs, disasters.openSecondTab);
  times(plan.motions, governing.move);
  if (plan.closesBook) at(governing.closeBook);
  if (plan.motions > 0 || plan.closesBook) governing.attend(plan.span + ATTEND_AFTER_MS);
  if (plan.inTurns) disasters.takeTurns(honest.slice(0, plan.shape.stewards));
  if (plan.handsBook && honest.length > 1) at(governing.handBook);
  if (plan.forgets) at(disasters.remember);
  if (plan.newcomer) at(() => watch(governing.letIn()));
  if (hostile.length > 0) times(4, misbehave);
  if (plan.hostility === 'twin') timeline.after(5, misbehave);
  if (plan.feedsHostile && hostile[0] !== undefined) trading.feed(hostile[0]);
  if (plan.roguery !== null) for (let i = 1; i < 20; i++) timeline.after((plan.span * i) / 10, misbehave);

  return {
    presses: trading.presses,
    heal() {
      stage.healed = true;
      trace.note('heals');
      network.partition(undefined);
      for (const device of devices) {
        device.disk.refuseWrites(undefined);
        if (device.life?.alive !== true) watch(disasters.startAgain(device));
      }
    },
    forget: () => watch(disasters.forget()),
    probe: trading.probe,
  };
}
