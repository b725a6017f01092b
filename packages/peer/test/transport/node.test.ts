import type { Relay } from '@corridor/relay';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { linkTo, transportContract, under, watch } from '@corridor/testing/transportContract';
import { MAX_FRAME_BYTES, MAX_QUEUED_BYTES } from '../../src/transport/limits.ts';
import { peopleAt, startRelay } from './lab.ts';
import type { People } from './lab.ts';

describe('over libp2p and a real relay', () => {
  let relay: Relay;
  let people: People;

  beforeAll(async () => {
    relay = await startRelay(undefined);
    people = peopleAt(relay.multiaddrs);
  });
  afterEach(() => people.stopAll());
  afterAll(() => relay.stop());

  for (const { title, run } of transportContract) {
    test(`by circuit: ${title}`, async () => {
      await run({
        join: (name) => people.join(name),
        maxMessageBytes: MAX_FRAME_BYTES,
        maxQueuedBytes: MAX_QUEUED_BYTES,
      });
    });
  }

  test('two who dial each other in the same moment keep the first link they both agreed on', async () => {
    for (let round = 0; round < 12; round++) {
      const both = [watch(await people.join('Alice')), watch(await people.join('Bob'))] as const;
      for (const who of both) {
        await who.until(() =>
          who.events.find(
            (one) => one.type === 'relays' && one.relays.some(({ state }) => state === 'ready'),
          ),
        );
      }
      // A newcomer's protocol: neither side waits for the other.
      for (const { transport } of both) transport.setPresence(under(`round ${round}`, 'join'));
      const [alice, bob] = both;
      const [near, far] = await Promise.all([linkTo(alice, bob.transport), linkTo(bob, alice.transport)]);
      for (const [from, link, to, other] of [
        [alice, near, bob, far],
        [bob, far, alice, near],
      ] as const) {
        expect(from.transport.send(link.id, Uint8Array.of(round))).toBe(true);
        await to.until(() => to.received(other.id)[0]);
      }
      for (const { events } of both) {
        expect(events.filter(({ type }) => type === 'open' || type === 'close')).toHaveLength(1);
      }
    }
  });
});
