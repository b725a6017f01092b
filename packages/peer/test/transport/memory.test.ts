import { expect, test } from 'vitest';
import { linkTo, transportContract, under, watch } from '@corridor/testing/transportContract';
import { MAX_FRAME_BYTES, MAX_QUEUED_BYTES } from '../../src/transport/limits.ts';
import { createMemoryNetwork } from '../../src/transport/memoryTransport.ts';

for (const { title, run } of transportContract) {
  test(`in memory: ${title}`, async () => {
    const network = createMemoryNetwork();
    await run({
      join: (name) => Promise.resolve(network.join(name)),
      maxMessageBytes: MAX_FRAME_BYTES,
      maxQueuedBytes: MAX_QUEUED_BYTES,
    });
  });
}

test('a cut closes the links of two people, and only healing brings them back', async () => {
  const network = createMemoryNetwork();
  const [alice, bob, carol] = ['Alice', 'Bob', 'Carol'].map((name) => watch(network.join(name)));
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three');
  for (const { transport } of [alice, bob, carol]) transport.setPresence(under('village'));
  const before = await linkTo(alice, bob.transport);
  await linkTo(carol, alice.transport);

  network.cut('Alice', 'Bob');
  await alice.until(() => alice.events.find((one) => one.type === 'close' && one.link === before.id));
  for (const { transport } of [alice, bob]) transport.setPresence(under('village'));
  await carol.until(() => (carol.links().length === 2 ? true : undefined));
  expect(alice.links().map(({ remote }) => remote)).toEqual(['Carol']);

  network.heal();
  const after = await linkTo(alice, bob.transport);
  expect(after.id).not.toBe(before.id);
});
