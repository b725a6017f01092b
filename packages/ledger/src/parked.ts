/** Who waits for what [P2]. Keys: the id of an entry or attachment, or `#height` of the log. */
import type { Stored } from './feed.ts';
import type { Ledger } from './ledger.ts';

/**
 * Only entries that hang on a known chain wait, each under one key, so the policy's quota [F4] bounds how many there
 * can be.
 */
export function pushWaiting(ledger: Ledger, key: string, stored: Stored): void {
  const list = ledger.waiting.get(key);
  if (list === undefined) ledger.waiting.set(key, [stored]);
  else list.push(stored);
}
const NOBODY: readonly Stored[] = [];
export function takeWaiting(ledger: Ledger, key: string): readonly Stored[] {
  if (ledger.waiting.size === 0) return NOBODY;
  const list = ledger.waiting.get(key);
  if (list === undefined) return NOBODY;
  ledger.waiting.delete(key);
  return list;
}
