/** What witnesses have promised to vote no more [C1]. A promise stands on whichever branch of a lane it was made. */
import { KIND } from './entry.ts';
import type { Stored } from './feed.ts';
import type { DeviceKey } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { witnessIndex } from './witnessLane.ts';

const nameOf = (witness: number, ordinal: number, incarnation: number): string =>
  `${witness}/${ordinal}/${incarnation}`;

export function noteStop(ledger: Ledger, stored: Stored): void {
  const { body } = stored.entry;
  const witness = witnessIndex(ledger, stored);
  if (body.kind !== KIND.stop || witness === undefined) return;
  ledger.stops.push(stored);
  for (const { ordinal, incarnation } of body.reports)
    ledger.promised.add(nameOf(witness, ordinal, incarnation));
  if (body.parts > 0) ledger.promisedAll |= 1 << witness;
}
/** Whether a witness may say nothing more about that account in this incarnation: no vote, and no receipt. */
export function hasPromised(ledger: Ledger, witness: number, device: DeviceKey): boolean {
  if ((ledger.promisedAll & (1 << witness)) !== 0) return true;
  if (ledger.promised.size === 0) return false;
  const record = ledger.log.devices.get(device);
  return record !== undefined && ledger.promised.has(nameOf(witness, record.ordinal, record.incarnation));
}
