/** What hostile members do, now and then. */
import type { SimDevice } from './device.ts';
import { isInside } from './firstCircles.ts';
import { actForbidden, forge, FORBIDDEN } from './hostile.ts';
import type { Stage } from './stage.ts';
import type { Trading } from './trading.ts';

export function createMischief(stage: Stage, trading: Trading): { misbehave(): void } {
  const { world, plan, honest, running } = stage;
  const { chance, trace } = world;
  const hands: readonly SimDevice[] = stage.hostile.filter(({ name }) => name.startsWith('h'));
  return {
    misbehave() {
      const [first] = hands;
      const peer = first?.peer;
      if (first === undefined || peer === undefined || !isInside(first)) return;
      const victim = stage.keyOf(chance.pick(honest));
      if (victim === undefined) return;
      switch (plan.hostility) {
        case 'twin':
          for (const hand of running(hands)) trading.pay([hand], { amount: chance.below(9000) });
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
        case 'liar':
        case null:
          trading.pay([first]);
      }
    },
  };
}
