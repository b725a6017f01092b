/** Votes and certificates of several witnesses on one thread, many to an entry and one by one [P8]. */
import { createSignatureChecker } from '../../../packages/peer/src/signatureChecker.ts';
import { benchCouncil, payOne, settleThroughGates } from '../council.ts';
import { answerJob } from '../job.ts';
import { collect, costOf } from '../measure.ts';
import { createDice } from '../random.ts';

export interface VotesQuestion {
  readonly witnesses: number;
  readonly payments: number;
  readonly rounds: number;
}
/** Certified payments per CPU-second and round, and how many witness entries they took. */
export interface VotesAnswer {
  readonly batched: readonly number[];
  readonly single: readonly number[];
  readonly batchedEntries: number;
  readonly singleEntries: number;
}
/** Payments that wait together: each of another payer. */
const WAITING = 64;

answerJob(async ({ witnesses, payments, rounds }: VotesQuestion): Promise<VotesAnswer> => {
  const checker = await createSignatureChecker();
  const measure = async (together: number): Promise<{ rate: number; entries: number }> => {
    const council = await benchCouncil(witnesses, WAITING + witnesses);
    const { people } = council.village;
    const dice = createDice(7);
    let seconds = 0;
    let entries = 0;
    let next = 0;
    collect();
    while (next < payments) {
      for (let i = 0; i < together; i++, next++) {
        const payer = people[next % WAITING];
        const payee = people[(next + 1) % WAITING];
        if (payer === undefined || payee === undefined) throw new RangeError('nobody there');
        payOne(council, dice, payer, payee);
      }
      const { cpu } = await costOf(async () => {
        entries += await settleThroughGates(council, checker);
      });
      seconds += cpu;
    }
    return { rate: council.ledger.settledCount / seconds, entries };
  };
  const batched: number[] = [];
  const single: number[] = [];
  let batchedEntries = 0;
  let singleEntries = 0;
  for (let i = 0; i < rounds; i++) {
    const many = await measure(WAITING);
    const one = await measure(1);
    batched.push(many.rate);
    single.push(one.rate);
    batchedEntries = many.entries;
    singleEntries = one.entries;
  }
  return { batched, single, batchedEntries, singleEntries };
});
