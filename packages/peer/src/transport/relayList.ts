import type { Result } from '@corridor/ledger';
import { concatBytes } from '@noble/hashes/utils.js';
import { MAX_RELAY_LIST, MAX_RELAY_LIST_BYTES } from './limits.ts';
import type { RelayAddress } from './relayAddress.ts';

export type RelayListFault = { readonly fault: 'relay-list'; readonly reason: string };

const LIST_PATH = 'relay.json';

/**
 * The relays that `relay.json` names: the one that serves it, at the host and port of `url`, and then the other
 * relays it lists. A host that only serves the app leaves out `peerId` and lists the others. Faults: not of that
 * form. What it lists is read only when it is used.
 */
export function readRelayList(json: unknown, url: string): Result<readonly RelayAddress[], RelayListFault> {
  const refuse = (reason: string) => ({ ok: false, fault: { fault: 'relay-list', reason } }) as const;
  if (typeof json !== 'object' || json === null) return refuse('not an object');
  const { peerId, path, otherRelays }: Readonly<Record<string, unknown>> = { ...json };
  if (path !== undefined && typeof path !== 'string') return refuse('a path that is no text');
  const others = (Array.isArray(otherRelays) ? otherRelays.slice(0, MAX_RELAY_LIST) : []).filter(
    (other) => typeof other === 'string',
  );
  if (peerId === undefined && others.length > 0) return { ok: true, value: others };
  if (typeof peerId !== 'string') return refuse('no peer id');
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === 'https:';
  const own = {
    peerId,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    path,
    secure,
  };
  return { ok: true, value: [own, ...others] };
}

/** The body as text; undefined when it is longer than any list may be. */
async function boundedText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    length += part.value.length;
    if (length > MAX_RELAY_LIST_BYTES) {
      await reader?.cancel();
      return undefined;
    }
    chunks.push(part.value);
  }
  return new TextDecoder().decode(concatBytes(...chunks));
}

/** Asks the host of `base` for its relays; none when it does not answer, or with something else. */
export async function fetchRelayList(base: string, signal: AbortSignal): Promise<readonly RelayAddress[]> {
  const url = new URL(LIST_PATH, base).href;
  try {
    const response = await fetch(url, { signal, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    const text = response.ok ? await boundedText(response) : undefined;
    const list = text === undefined ? undefined : readRelayList(JSON.parse(text), url);
    return list?.ok === true ? list.value : [];
  } catch {
    return [];
  }
}
