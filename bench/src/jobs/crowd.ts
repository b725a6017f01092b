/** A circle of thousands: its book is folded, closed and opened anew, in a process with little room. */
import { setImmediate } from 'node:timers/promises';
import {
  checkOpening,
  createLedger,
  draftBookStops,
  encodeOpening,
  openBook,
  openingHash,
} from '@corridor/ledger';
import { closingAct, crowd, decideAct, pay, settleVillage } from '@corridor/testing';
import { createSha256 } from '../../../packages/peer/src/node/sha256.ts';
import { keepDraft, settleAll } from '../council.ts';
import { answerJob } from '../job.ts';
import { collect, costOf } from '../measure.ts';

export interface CrowdQuestion {
  readonly members: number;
}
export interface CrowdAnswer {
  readonly entries: number;
  readonly foldSeconds: number;
  readonly closeSeconds: number;
  readonly openSeconds: number;
  readonly openingBytes: number;
  /** Live heap and buffers with the closed book and the next one open. */
  readonly bytes: number;
}
answerJob(async ({ members }: CrowdQuestion): Promise<CrowdAnswer> => {
  const sha256 = await createSha256();
  const people = crowd(members);
  const village = settleVillage(4, people);
  const ledger = createLedger(village.founding, { ...village.options, sha256, isOrdinaryKey: () => true });
  const council = { village, ledger, sha256 };
  const fold = await costOf(() => {
    for (let i = 0; i < members; i++) {
      const [payer, payee] = [people[i], people[(i * 7 + 3) % members]];
      if (payer !== undefined && payee !== undefined) pay(ledger, payer, payee, 1 + (i % 50));
    }
    settleAll(council);
  });
  const close = await costOf(() => {
    for (const { device } of village.witnesses)
      for (
        let draft = draftBookStops(ledger, device);
        draft !== undefined;
        draft = draftBookStops(ledger, device)
      )
        keepDraft(council, draft);
    decideAct(ledger, village.witnesses, closingAct(ledger));
  });
  const { opening, log } = ledger;
  const closing = log.closed?.id;
  if (opening === null || closing === undefined) throw new Error('the book is not closed');
  const bytes = encodeOpening(opening);
  let next: unknown;
  const open = await costOf(() => {
    const checked = checkOpening(bytes, openingHash(opening, sha256), village.founding, sha256);
    if (!checked.ok) throw new Error(checked.fault.code);
    next = openBook(village.founding, checked.value, closing, ledger);
  });
  for (let i = 0; i < 4; i++) {
    collect();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  if (next === undefined) throw new Error('not open');
  return {
    entries: ledger.entries.size,
    foldSeconds: fold.cpu,
    closeSeconds: close.cpu,
    openSeconds: open.cpu,
    openingBytes: bytes.length,
    bytes: heapUsed + external,
  };
});
