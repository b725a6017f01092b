/** What an always-on peer does by itself, because nobody sits at it: it offers to keep the book, and hands it back [P7]. */
import { KIND, type Change } from '@corridor/ledger';
import type { Circle } from './circle.ts';

export interface AlwaysOnDuty {
  offer(circle: Circle): void;
  /** When its own member's phone asks for the book, it hands it over. */
  handBack(circle: Circle, changes: readonly Change[]): Promise<void>;
  /** The circle was closed: what was offered in it is forgotten. */
  forget(): void;
}
/** `isAlwaysOn`: every other peer has no such duty. */
export function createAlwaysOnDuty(isAlwaysOn: boolean, failed: (error: unknown) => void): AlwaysOnDuty {
  let offered = false;
  return {
    offer(circle) {
      if (!isAlwaysOn || offered || !circle.isInside()) return;
      if (circle.offers.has(circle.record.device)) return;
      offered = true;
      // Nobody sits here who would ask for it again.
      const say = async (): Promise<boolean> => {
        const said = await circle.offerKeeping();
        offered = said.ok;
        return said.ok || said.fault !== 'storage-refused';
      };
      circle.trouble.until('offer', say).catch(failed);
    },
    async handBack(circle, changes) {
      if (!isAlwaysOn || !circle.keeping.isKeeper()) return;
      for (const change of changes) {
        const entry = change.type === 'kept' ? change.stored.entry : undefined;
        if (entry?.body.kind !== KIND.offerKeeping || entry.device === circle.record.device) continue;
        if (!circle.isOwn(entry.device)) continue;
        const { witness, consent } = entry.body;
        if (consent === null) continue;
        await circle.keeping.work();
        await circle.keeping.decide({ type: 'keeper', device: entry.device, witness, consent });
      }
    },
    forget() {
      offered = false;
    },
  };
}
