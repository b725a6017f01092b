/** The keys that the reporting witnesses would keep the next book under [B1]. */
import { KIND } from './entry.ts';
import type { DeviceKey, Id, PublicKey } from './ids.ts';
import type { Ledger } from './ledger.ts';

/** By device; a witness that offered none, or whose series was not among these, goes on under its old key. */
export function nextKeysOf(ledger: Ledger, stops: readonly Id[]): ReadonlyMap<DeviceKey, PublicKey> {
  const keys = new Map<DeviceKey, PublicKey>();
  for (const id of stops) {
    const entry = ledger.entries.get(id)?.entry;
    const next = entry?.body.kind === KIND.stop ? entry.body.next : null;
    if (entry !== undefined && next !== null && ledger.isOrdinaryKey(next.witness))
      keys.set(entry.device, next.witness);
  }
  return keys;
}
