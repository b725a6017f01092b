/**
 * The relays that an invite names, so that a newcomer finds the circle also where the app's own host is no relay of
 * it. That host's own relay is never named: whoever opens the link asks it anyway.
 */
import { MAX_INVITE_RELAYS, MAX_RELAY_ADDRESS_BYTES } from '@corridor/ledger';
import type { RelayState } from '../ports.ts';
import { readRelayText, type NamedRelay } from './relayText.ts';

const isServedBy = (app: URL, { host, port, secure }: NamedRelay): boolean =>
  app.hostname.replace(/^\[|\]$/g, '') === host &&
  (app.protocol === 'https:') === secure &&
  (app.port === '' ? (secure ? 443 : 80) : Number(app.port)) === port;

/**
 * What our own invites name: relays that work for us now, so that a dead address is handed on by nobody. Only while
 * none works can we not tell the dead ones from our own lack of a network.
 */
export function relaysForInvite(states: readonly RelayState[], appUrl: string): readonly string[] {
  const app = new URL(appUrl);
  const working = states.filter(({ state }) => state === 'ready');
  const named = (working.length > 0 ? working : states).flatMap(({ address }) => {
    const relay = readRelayText(address);
    return relay === undefined || address.length > MAX_RELAY_ADDRESS_BYTES ? [] : [{ address, relay }];
  });
  // One relay may stand in our list under several addresses.
  const known = new Set(
    states.flatMap(({ address }) => {
      const relay = readRelayText(address);
      return relay !== undefined && isServedBy(app, relay) ? [relay.peerId] : [];
    }),
  );
  const chosen: string[] = [];
  for (const { address, relay } of named) {
    if (chosen.length >= MAX_INVITE_RELAYS) break;
    if (known.has(relay.peerId)) continue;
    known.add(relay.peerId);
    chosen.push(address);
  }
  return chosen;
}

/** What a newcomer keeps of an invite's relays: anybody can write anything into an invite. */
export const relaysOfInvite = (relays: readonly string[]): readonly string[] =>
  relays.filter((address) => readRelayText(address) !== undefined).slice(0, MAX_INVITE_RELAYS);
