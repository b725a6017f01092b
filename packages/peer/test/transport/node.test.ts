import type { Relay } from '@corridor/relay';
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { transportContract } from '../../../testing/src/transportContract.ts';
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
});
