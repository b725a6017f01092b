/** What witnesses have promised to vote no more [C1]. A promise stands on whichever branch of a lane it was made. */
import { KIND } from './entry.ts';
import { isInChain, type Stored } from './feed.ts';
import type { DeviceKey } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { termAt } from './log.ts';

const NONE: readonly Stored[] = [];
// Not witnessLane's, which asks here.
const witnessOf = (ledger: Ledger, { entry }: Stored): number | undefined =>
  termAt(ledger.log, entry.device, entry.seq)?.index;

export function noteStop(ledger: Ledger, stored: Stored): void {
  const { body } = stored.entry;
  const witness = witnessOf(ledger, stored);
  if (body.kind !== KIND.stop || witness === undefined) return;
  ledger.stops.push(stored);
  for (const { ordinal, incarnation } of body.reports) {
    const name = `${ordinal}/${incarnation}`;
    const known = ledger.promised.get(name);
    if (known === undefined) ledger.promised.set(name, [stored]);
    else if (known.at(-1) !== stored) known.push(stored);
  }
  if (body.parts > 0) ledger.promisedAll |= 1 << witness;
}
/** Stop entries that name an account in one incarnation, in the order they came. */
export const stopsNaming = (ledger: Ledger, ordinal: number, incarnation: number): readonly Stored[] =>
  (ledger.promised.size === 0 ? undefined : ledger.promised.get(`${ordinal}/${incarnation}`)) ?? NONE;

/** Whether a witness may say nothing more about that account in this incarnation: no vote, and no receipt. */
export function hasPromised(ledger: Ledger, witness: number, device: DeviceKey): boolean {
  if ((ledger.promisedAll & (1 << witness)) !== 0) return true;
  const record = ledger.log.devices.get(device);
  if (record === undefined) return false;
  const stops = stopsNaming(ledger, record.ordinal, record.incarnation);
  return stops.some((stop) => witnessOf(ledger, stop) === witness);
}
/**
 * The stop entry of the same lane that a vote comes after: there it says nothing any more [C1]. Looks at the lane
 * before the vote alone, so it is the same on every replica that knows the device.
 */
export function stopBefore(
  ledger: Ledger,
  voter: Stored,
  { device, incarnation }: { readonly device: DeviceKey; readonly incarnation: number },
): Stored | undefined {
  if (ledger.stops.length === 0) return undefined;
  const record = ledger.log.devices.get(device);
  if (record === undefined) return undefined;
  const isBefore = (stop: Stored): boolean =>
    stop.entry.device === voter.entry.device && isInChain(stop, voter);
  return (
    stopsNaming(ledger, record.ordinal, incarnation).find(isBefore) ??
    (ledger.promisedAll === 0 ? undefined : ledger.stops.find((stop) => endsAll(stop) && isBefore(stop)))
  );
}
const endsAll = ({ entry: { body } }: Stored): boolean => body.kind === KIND.stop && body.parts > 0;
