/** Why and how a steward's phone has the book closed [B1]. */
import {
  approvalsOf,
  isConsented,
  keepingStatement,
  openMotions,
  type DeviceKey,
  type Ledger,
  type NextKey,
} from '@corridor/ledger';
import type { Store } from '../ports.ts';
import type { Circle } from './circle.ts';
import { waysFor } from './proposing.ts';
import { orRefused } from './refusals.ts';

/** A fresh witness key for the next book, with the device's consent to it [B1]. */
export async function nextWitnessKey(
  store: Store,
  ledger: Ledger,
  device: DeviceKey,
): Promise<NextKey | null> {
  const witness = await orRefused(store.keys.create('witness'), () => undefined);
  if (witness === undefined) return null;
  const consent = await store.keys.sign(
    device,
    keepingStatement(ledger.circle, ledger.book + 1, device, witness),
  );
  return consent === undefined ? null : { witness, consent };
}
/**
 * Whether a steward's phone has a reason to close the book: its days are over, new stewards are named, or the stewards
 * agreed on it [B1].
 */
export function wantsBookClosed(circle: Circle): boolean {
  const { ledger } = circle.replica;
  if (ledger.log.closed !== null) return false;
  if (ledger.log.nextWitnesses !== null || circle.calendar.isOver()) return true;
  return openMotions(ledger).some(
    (motion) =>
      motion.act?.type === 'close-book' &&
      isConsented(ledger.log, waysFor(circle, motion.act), approvalsOf(motion)),
  );
}
