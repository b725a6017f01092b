/** What screens ask about founding a circle anew and going along [K1]. */
import type { Id } from '@corridor/ledger';
import type { AnewIntents, Answer } from '../view.ts';
import { allow, refuse } from './answers.ts';
import type { Circle } from './circle.ts';
import type { CircleRecord } from './circleRecord.ts';
import { foundHere, oldBookOf, recordThere, sayAlong, writeBeginning } from './foundingAnew.ts';
import type { PeerState } from './peerState.ts';

export function createAnewIntents(
  state: PeerState,
  /** Shuts the circle and opens what `next` makes of it, the same again if that is undefined. */
  openAnew: (next: () => Promise<CircleRecord | undefined>) => Promise<boolean>,
  inCircle: <T>(work: (circle: Circle) => Promise<Answer<T>>) => Promise<Answer<T>>,
): AnewIntents {
  const { options, vault } = state;
  const goAlong = async (circle: Circle, id: Id): Promise<Answer<null>> => {
    const of = circle.anew.of(id);
    const old = of && (await oldBookOf(circle, of));
    if (of === undefined || old === undefined || id === circle.record.circle) return refuse('not-ready');
    const { start } = circle.anew.look(of, old.replica);
    if (start === null) return refuse('another-book');
    const next = await recordThere(old, of, start, options);
    if (!next.ok) return next;
    const said = await sayAlong(circle, old, of, start.hash, Math.floor(options.clock.now() / 1000));
    if (!said.ok) return said;
    // What was said lies on the disk before the links end with the old circle; under the new one's they hear it as well.
    await old.replica.flush();
    const gone = await openAnew(async () => {
      const isWritten = await writeBeginning(old, next.value, start, options);
      return isWritten && (await vault.save(next.value)) ? next.value : undefined;
    });
    return gone ? allow(null) : refuse('storage-refused');
  };
  return {
    foundAnew: () =>
      inCircle(async (circle) => {
        const founded = await foundHere(circle, options);
        return founded.ok ? goAlong(circle, founded.value) : founded;
      }),
    goAlong: (id) => inCircle((circle) => goAlong(circle, id)),
  };
}
