import { decodeInvite, encodeInvite, fromBase64url, toBase64url, type Invite } from '@corridor/ledger';
import type { PeerOptions, RelayState, TransportEvent } from '@corridor/peer';
import { eventually } from '@corridor/testing/peers';
import { afterEach, expect, test } from 'vitest';
import { circleOf, invite, inside, value, viewOf, village } from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
const PEERS = [
  '12D3KooWJvyP3VJYymTqG7e6mJ9iNBB6MxWcpBfyGwFv4YiuRDd5',
  '12D3KooWGZCn4hJT4tNV4h8jy48WWtftXQXCDRUWArbEv1EuGWmw',
];
/** Where everybody's app is served, and another relay. */
const OWN = `/dns/valldor.example/tcp/443/tls/ws/p2p/${PEERS[0]}`;
const OTHER = `/dns4/relay.example.org/tcp/443/tls/ws/p2p/${PEERS[1]}`;

function inviteOf(link: string): Invite {
  const bytes = fromBase64url(link.split('#j=')[1] ?? '');
  const read = bytes && decodeInvite(bytes);
  if (read?.ok !== true) throw new Error('no invite');
  return read.value;
}
const linkOf = (changed: Invite): string =>
  `https://valldor.example/#j=${toBase64url(encodeInvite(changed))}`;

/** A network that says of its relays what it is told, and notes which it is given. */
function networkOf(name: string, relays: readonly RelayState[]) {
  const given: (readonly string[])[] = [];
  let tell: (event: TransportEvent) => void = () => undefined;
  const openTransport: PeerOptions['openTransport'] = (_seed, asked) => {
    given.push(asked);
    const transport = place.network.join(name);
    return Promise.resolve({
      ...transport,
      listen(handler) {
        tell = handler;
        transport.listen((event) => (event.type === 'relays' ? tell({ ...event, relays }) : handler(event)));
      },
    });
  };
  return {
    openTransport,
    given,
    tell: (list: readonly RelayState[]) => tell({ type: 'relays', relays: list }),
  };
}

test('[S2] an invite names the relays that its maker is met at, but for the one that serves the app', async () => {
  const network = networkOf('alice', [
    { address: OWN, state: 'ready' },
    { address: OTHER, state: 'ready' },
  ]);
  const alice = await place.open('alice', { openTransport: network.openTransport });
  const names = { circleName: 'Valldor', unitName: 'dor', decimals: 2, memberName: 'Alice' };
  await value(alice.peer.intents.found(names));
  await eventually('met at relays', () => viewOf(alice)?.sharing.relays.length === 2);
  for (const as of ['member', 'device'] as const) {
    const link = await invite(alice, as);
    expect(inviteOf(link).relays).toEqual([OTHER]);
  }
  network.tell([
    { address: OWN, state: 'ready' },
    { address: OTHER, state: 'down' },
  ]);
  expect(inviteOf(await invite(alice)).relays).toEqual([]);
});

test('[S2] a newcomer keeps what the invite names, over every start, and nothing that is no relay’s address', async () => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  const made = inviteOf(await invite(alice));
  const network = networkOf('bob', []);
  const bob = await place.open('bob', { openTransport: network.openTransport });
  await value(bob.peer.intents.join(linkOf({ ...made, relays: ['https://evil.example/', OTHER] }), 'Bob'));
  await inside(bob);
  const back = await bob.reload();
  await inside(back);
  expect(network.given.length).toBeGreaterThan(1);
  for (const relays of network.given) expect(relays).toEqual([OTHER]);
  expect(viewOf(back)?.name).toBe('Valldor');
});
