/** Ben pays, and Ana's screen says Final: two browsers, a direct connection, everything on loopback. */
import { connectedBy, found, home, inviteLink, join } from '../../../e2e/actors/circle.ts';
import { preparePayment } from '../../../e2e/actors/trade.ts';
import type { Flush } from '../browser/instruments.ts';
import { openStage } from '../browser/stage.ts';
import { answerJob } from '../job.ts';

export interface LatencyQuestion {
  readonly root: string;
  readonly payments: number;
  readonly roundTrips: number;
}
/** One payment, from the press; milliseconds. */
export interface LatencyRound {
  /** Until Final was painted on the other screen. */
  readonly final: number;
  /** Strict flushes on the way there: the payer's before anything left, the keeper's before it said so. */
  readonly payerFlushes: readonly number[];
  readonly keeperFlushes: readonly number[];
  /** The same way in four stretches: signed and on the payer's disk, at the keeper's disk, kept there, painted. */
  readonly stretches: readonly [number, number, number, number];
}
export interface LatencyAnswer {
  readonly rounds: readonly LatencyRound[];
  readonly roundTrips: readonly number[];
}
const LINE = 'main a[href^="/receipt/"]';
const lengthOf = ({ began, ended }: Flush): number => ended - began;

answerJob(async ({ root, payments, roundTrips }: LatencyQuestion): Promise<LatencyAnswer> => {
  const stage = await openStage(root);
  const ana = await stage.phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await stage.phone('Ben');
  await join(ben, link);
  await connectedBy(ben, 'Ana', 'Straight from phone to phone');
  await home(ana);

  await Promise.all([ana, ben].map(({ page }) => page.evaluate(() => bench.wire())));
  await ana.page.evaluate(() => bench.echo());
  await ben.page.evaluate((count) => bench.roundTrips(count), 20);
  const trips = await ben.page.evaluate((count) => bench.roundTrips(count), roundTrips);

  const rounds: LatencyRound[] = [];
  for (let i = 0; i < payments; i++) {
    const note = `Onions, bag ${i}.`;
    const button = await preparePayment(ben, { to: 'Ana', amount: '0.10', note });
    const painted = ana.page.evaluate(([line, words]) => bench.painted(line, [words, 'Final']), [
      LINE,
      note,
    ] as const);
    await button.click();
    const final = await painted;
    const [pressed, payer] = await ben.page.evaluate(
      () => [bench.presses.at(-1) ?? 0, bench.flushes] as const,
    );
    const keeper = await ana.page.evaluate(() => bench.flushes);
    const inTime = (flush: Flush): boolean => flush.began >= pressed && flush.ended <= final;
    const keepers = keeper.filter(inTime);
    const handed = Math.min(...keepers.map((flush) => flush.began));
    const payers = payer.filter((flush) => inTime(flush) && flush.ended <= handed);
    const signed = Math.max(...payers.map((flush) => flush.ended));
    const kept = Math.max(...keepers.map((flush) => flush.ended));
    rounds.push({
      final: final - pressed,
      payerFlushes: payers.map(lengthOf),
      keeperFlushes: keepers.map(lengthOf),
      stretches: [signed - pressed, handed - signed, kept - handed, final - kept],
    });
    await ben.page.getByRole('heading', { name: 'Paid', level: 1 }).waitFor();
  }
  await stage.close();
  return { rounds, roundTrips: trips };
});
