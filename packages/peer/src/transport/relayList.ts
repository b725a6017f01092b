import type { Result } from '@corridor/ledger';
import type { RelayAddress } from './relayAddress.ts';

export type RelayListFault = { readonly fault: 'relay-list'; readonly reason: string };

const LIST_PATH = 'relay.json';

/**
 * The relays that `relay.json` names: the one that serves it, at the host and port of `url`, and then the other
 * relays it lists. Faults: not of that form. What it lists is read only when it is used.
 */
export function readRelayList(json: unknown, url: string): Result<readonly RelayAddress[], RelayListFault> {
  const refuse = (reason: string) => ({ ok: false, fault: { fault: 'relay-list', reason } }) as const;
  if (typeof json !== 'object' || json === null) return refuse('not an object');
  const { peerId, path, otherRelays }: Readonly<Record<string, unknown>> = { ...json };
  if (typeof peerId !== 'string') return refuse('no peer id');
  if (path !== undefined && typeof path !== 'string') return refuse('a path that is no text');
  const others: readonly unknown[] = Array.isArray(otherRelays) ? otherRelays : [];
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === 'https:';
  const own = {
    peerId,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    path,
    secure,
  };
  return { ok: true, value: [own, ...others.filter((other) => typeof other === 'string')] };
}

/** Asks the host of `base` for its relays; none when it does not answer, or with something else. */
export async function fetchRelayList(base: string, signal: AbortSignal): Promise<readonly RelayAddress[]> {
  const url = new URL(LIST_PATH, base).href;
  try {
    const response = await fetch(url, { signal, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    const list = response.ok ? readRelayList(await response.json(), url) : undefined;
    return list?.ok === true ? list.value : [];
  } catch {
    return [];
  }
}
