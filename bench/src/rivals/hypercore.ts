/** Hypercore 10 in memory: two cores, one replication stream between them. */
import Hypercore from 'hypercore';
import RAM from 'random-access-memory';
import { answerJob } from '../job.ts';
import { costOf } from '../measure.ts';
import { valueOf, type RivalAnswer, type RivalQuestion } from '../rivalry.ts';

answerJob(async ({ entries, valueBytes, encrypted }: RivalQuestion): Promise<RivalAnswer> => {
  const options = { encryptionKey: encrypted ? Buffer.alloc(32, 7) : null };
  const author = new Hypercore(() => new RAM(), null, options);
  await author.ready();
  const append = await costOf(async () => {
    for (let i = 0; i < entries; i++) await author.append(Buffer.from(valueOf(i, valueBytes)));
  });
  const reader = new Hypercore(() => new RAM(), author.key, options);
  await reader.ready();
  const replicate = await costOf(async () => {
    const ours = author.replicate(true, { live: true });
    ours.pipe(reader.replicate(false, { live: true })).pipe(ours);
    await reader.update({ wait: true });
    await reader.download({ start: 0, end: author.length }).done();
    // Corridor's reader has opened and read every entry when it has it; so does this one.
    for (let i = 0; i < entries; i++) await reader.get(i);
  });
  return { append, replicate, arrived: reader.contiguousLength };
});
