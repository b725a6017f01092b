import { expect, test } from 'vitest';
import type { Clock, RelayState } from '../../src/ports.ts';
import { MAX_RELAYS, RELAY_BACKOFF_MS } from '../../src/transport/limits.ts';
import { createRelaySupervisor } from '../../src/transport/relaySupervisor.ts';
import type { RelaySupervisorOptions } from '../../src/transport/relaySupervisor.ts';

const PEERS = [
  '12D3KooWJvyP3VJYymTqG7e6mJ9iNBB6MxWcpBfyGwFv4YiuRDd5',
  '12D3KooWGZCn4hJT4tNV4h8jy48WWtftXQXCDRUWArbEv1EuGWmw',
  '12D3KooWQ1UUbxPu2s7MLrsKGJ71XqrmaipiKs8VJFzpu27wN3Je',
];
const STRANGERS = [
  '12D3KooWNRDGCQHMonR2wWm9DNX1iZbkWaHzaFqPB6Rz9fnVbzVL',
  '12D3KooWJbeHT5BUzD1vAVLJmBX4hqzQ8C8fJbQhbBcQ8kBq5C3c',
];
const relays = PEERS.map((peer, i) => `/ip4/127.0.0.1/tcp/${i + 1}/ws/p2p/${peer}`);

/** A clock that the test moves on, and relays none of which can be dialled. */
function unreachable(list: readonly string[], more: Partial<RelaySupervisorOptions> = {}) {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly task: () => void }>();
  const clock: Clock = {
    now: () => now,
    after(ms, task) {
      const timer = { at: now + ms, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const attempts: number[] = [];
  const dialled = new Set<string>();
  let states: readonly RelayState[] = [];
  const supervisor = createRelaySupervisor({
    dialler: {
      dial: ({ address }) => {
        attempts.push(now);
        dialled.add(address);
        return Promise.reject(new Error('nobody there'));
      },
      reserve: () => Promise.reject(new Error('never dialled')),
      onReservationLost: () => undefined,
    },
    relays: list,
    clock,
    random: (length) => new Uint8Array(length).fill(255),
    changed: (next) => (states = next),
    found: () => undefined,
    ready: () => undefined,
    ...more,
  });
  /** Lets promises settle, then runs the timers due within `ms`, one after the other. */
  const pass = async (ms: number): Promise<void> => {
    const until = now + ms;
    for (;;) {
      for (let i = 0; i < 20; i++) await Promise.resolve();
      const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      timers.delete(next);
      now = next.at;
      next.task();
    }
    now = until;
  };
  return { supervisor, attempts, dialled, pass, states: () => states };
}

test('a relay that is down is tried for ever, after waits that double up to the longest', async () => {
  const { supervisor, attempts, pass, states } = unreachable(relays.slice(0, 1));
  supervisor.start();
  await pass(3_600_000);
  const waits = attempts.slice(1).map((at, i) => at - (attempts[i] ?? 0));
  const { first, longest } = RELAY_BACKOFF_MS;
  expect(waits.slice(0, 3)).toEqual([first, 2 * first, 4 * first]);
  expect(Math.max(...waits)).toBe(longest);
  expect(waits.at(-1)).toBe(longest);
  expect(states().map(({ state }) => state)).toEqual(['down']);
});

test('no more than two relays are dialled at a time, and each gets its turn', async () => {
  const { supervisor, attempts, pass } = unreachable(relays);
  supervisor.start();
  expect(attempts).toHaveLength(MAX_RELAYS);
  await pass(0);
  expect(attempts).toHaveLength(relays.length);
});

test('a sign that the network is back starts the next attempt at once', async () => {
  const { supervisor, attempts, pass } = unreachable(relays.slice(0, 1));
  supervisor.start();
  await pass(60_000);
  const before = attempts.length;
  supervisor.wake();
  expect(attempts).toHaveLength(before + 1);
});

test('who has stopped dials nobody any more', async () => {
  const { supervisor, attempts, pass } = unreachable(relays);
  supervisor.start();
  await pass(1000);
  supervisor.stop();
  const before = attempts.length;
  await pass(3_600_000);
  expect(attempts).toHaveLength(before);
});

test('[S3] what an invite names and what the app’s host names are both tried, whatever else is in the list', async () => {
  const never = { dial: () => new Promise<never>(() => undefined) };
  const invited = STRANGERS.map((peer, i) => `/ip4/10.0.0.1/tcp/${i + 1}/ws/p2p/${peer}`);
  const tried: string[] = [];
  const { supervisor, pass, states } = unreachable(invited, {
    dialler: {
      dial: (relay) => (tried.push(relay.address), never.dial()),
      reserve: () => Promise.reject(new Error('never dialled')),
      onReservationLost: () => undefined,
    },
    fetchRelays: () => Promise.resolve(relays),
  });
  supervisor.start();
  expect(tried).toEqual(invited.slice(0, MAX_RELAYS));
  await pass(1);
  expect(new Set(tried)).toEqual(new Set([...invited.slice(0, MAX_RELAYS), ...relays.slice(0, MAX_RELAYS)]));
  expect(states().map(({ address }) => address)).toEqual([...relays, ...invited]);
});

test('what the app’s host named last is used until it names others, and stays when it is silent', async () => {
  let answers: readonly string[] = [];
  const { supervisor, pass, dialled, states } = unreachable([], {
    announced: relays.slice(0, 1),
    fetchRelays: () => Promise.resolve(answers),
  });
  const listed = () => states().map(({ address }) => address);
  supervisor.start();
  await pass(20_000);
  expect([listed(), [...dialled]]).toEqual([relays.slice(0, 1), relays.slice(0, 1)]);
  answers = relays.slice(1);
  await pass(20_000);
  expect(listed()).toEqual(relays.slice(1));
});

test('a page that came over https leaves relays without TLS alone, and says so', async () => {
  const secure = `/dns4/relay.example.org/tcp/443/tls/ws/p2p/${PEERS[1]}`;
  const { supervisor, pass, dialled, states } = unreachable([relays[0] ?? '', secure], { secureOnly: true });
  supervisor.start();
  await pass(60_000);
  expect([...dialled]).toEqual([secure]);
  expect(states()).toContainEqual({ address: relays[0], state: 'down' });
});
