/**
 * Corridor the same way: the product's own replica on a store in memory. Each append is one signed, sealed and
 * journalled payment; the second replica opens, verifies and folds all of them.
 */
import { LANE, ok } from '@corridor/ledger';
import { sessionSecret } from '@corridor/sync';
import type { Replica } from '../../../packages/peer/src/core/replica.ts';
import { createSignatureChecker } from '../../../packages/peer/src/signatureChecker.ts';
import { foundCircle, paymentBodies } from '../book.ts';
import { answerJob } from '../job.ts';
import { meet, type End } from '../link.ts';
import { costOf } from '../measure.ts';
import { handedOver, openMemberReplica } from '../memberReplica.ts';
import { createDice } from '../random.ts';
import type { RivalAnswer, RivalQuestion } from '../rivalry.ts';
import { BENCH_BOOK_KEY, benchKeys } from '../sealedBook.ts';
import { createSigner } from '../signer.ts';

answerJob(async ({ entries }: RivalQuestion): Promise<RivalAnswer> => {
  const circle = await foundCircle(2);
  const [payee, payer] = circle.people;
  if (payee === undefined || payer === undefined) throw new Error('a payment needs two');
  const keys = await benchKeys(circle);
  const checker = await createSignatureChecker();
  const parts = { book: circle, keys, checker };
  const author = await openMemberReplica({ ...parts, owner: 1 });
  const reader = await openMemberReplica({ ...parts, owner: 0 });
  for (const replica of [author, reader])
    await replica.takeOpen([handedOver(circle.entries, circle.sign)], { left: 16 });

  const dice = createDice(1);
  const append = await costOf(async () => {
    for (let i = 0; i < entries; i++) {
      const appended = await author.append(LANE.account, () =>
        ok(paymentBodies(author.ledger, dice, payer, payee)),
      );
      if (!appended.ok) throw new Error(appended.fault);
    }
  });

  const sign = createSigner();
  const end = (replica: Replica, person: typeof payer): End => ({
    shelf: replica.shelf,
    device: person.device,
    standing: (device) => (replica.ledger.log.devices.has(device) ? 'member' : 'unknown'),
    sign: (message) => sign(person.seed, message),
    take: (runs) => replica.takeSealed(runs, { left: 16 }, 'author'),
  });
  const before = reader.ledger.entries.size;
  const replicate = await costOf(() =>
    meet(end(reader, payee), end(author, payer), {
      circle: circle.founding.id,
      secret: sessionSecret(BENCH_BOOK_KEY),
    }),
  );
  return { append, replicate, arrived: reader.ledger.entries.size - before };
});
