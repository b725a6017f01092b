/**
 * What the app's host last named as its relays, remembered as text: that host may itself be the relay that is gone,
 * and then nobody else would tell.
 */
import { MAX_RELAY_LIST, MAX_RELAY_LIST_BYTES } from './limits.ts';
import { readRelayAddress, type RelayAddress } from './relayAddress.ts';

export const encodeRelayMemory = (list: readonly RelayAddress[]): string =>
  JSON.stringify(
    list.slice(0, MAX_RELAY_LIST).flatMap((address) => {
      const read = readRelayAddress(address);
      return read.ok ? [read.value.address] : [];
    }),
  );

/** Total: whatever else is stored there stands for nothing. */
export function decodeRelayMemory(text: string | null | undefined): readonly string[] {
  if (text == null || text.length > MAX_RELAY_LIST_BYTES) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string').slice(0, MAX_RELAY_LIST) : [];
  } catch {
    return [];
  }
}
