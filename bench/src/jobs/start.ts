/** Where a newcomer begins: the opening of a book, after many older entries and after none [B2]. */
import { checkOpening, encodeOpening, openingHash, stateRoot } from '@corridor/ledger';
import { closeTheBook } from '@corridor/testing';
import { createSignatureChecker } from '../../../packages/peer/src/signatureChecker.ts';
import { benchCouncil, payOne, settleAll } from '../council.ts';
import { answerJob } from '../job.ts';
import { collect, costOf } from '../measure.ts';
import { openMemberReplica } from '../memberReplica.ts';
import { createDice } from '../random.ts';
import { benchKeys } from '../sealedBook.ts';

export interface StartQuestion {
  readonly members: number;
  readonly entries: number;
  readonly rounds: number;
}
export interface StartAnswer {
  readonly entries: number;
  /** CPU-seconds of each round. */
  readonly after: readonly number[];
  readonly empty: readonly number[];
  readonly bytesAfter: number;
  readonly bytesEmpty: number;
}
/** Payments between two looks of the witnesses. */
const WAITING = 32;
/** Starts of one measurement: a single one takes milliseconds. */
const STARTS = 10;

/** What a phone does that gets the opening: checks it, opens its replica of the book on it, knows all balances. */
async function opener(members: number, entries: number) {
  const council = await benchCouncil(4, members);
  const { ledger, village, sha256 } = council;
  const { people } = village;
  const dice = createDice(3);
  while (ledger.entries.size < entries) {
    for (let i = 0; i < WAITING; i++) {
      const [payer, payee] = [people[dice.below(members)], people[dice.below(members)]];
      if (payer !== undefined && payee !== undefined && payer !== payee) payOne(council, dice, payer, payee);
    }
    settleAll(council);
  }
  closeTheBook(ledger, village.witnesses);
  const { opening, log } = ledger;
  const closing = log.closed?.id;
  if (opening === null || closing === undefined) throw new Error('the book is not closed');
  const bytes = encodeOpening(opening);
  const hash = openingHash(opening, sha256);
  const keys = await benchKeys({ sha256 });
  const checker = await createSignatureChecker();
  return {
    entries: ledger.entries.size,
    bytes: bytes.length,
    async open(): Promise<void> {
      const checked = checkOpening(bytes, hash, village.founding, sha256);
      if (!checked.ok) throw new Error(checked.fault.code);
      const book = { founding: village.founding, people, sha256 };
      const start = { closing, opening: checked.value };
      const replica = await openMemberReplica({ book, keys, checker, owner: 1, start });
      stateRoot(replica.ledger);
      await replica.close();
    },
  };
}
answerJob(async ({ members, entries, rounds }: StartQuestion): Promise<StartAnswer> => {
  const many = await opener(members, entries);
  const none = await opener(members, 0);
  const after: number[] = [];
  const empty: number[] = [];
  for (let i = 0; i < rounds; i++)
    for (const [times, { open }] of [
      [after, many],
      [empty, none],
    ] as const) {
      collect();
      const { cpu } = await costOf(async () => {
        for (let start = 0; start < STARTS; start++) await open();
      });
      times.push(cpu / STARTS);
    }
  return { entries: many.entries, after, empty, bytesAfter: many.bytes, bytesEmpty: none.bytes };
});
