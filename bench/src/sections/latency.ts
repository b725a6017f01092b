/** Pay → Final on the other browser, beside what it cannot be faster than. */
import { runJob } from '../job.ts';
import type { LatencyAnswer, LatencyQuestion, LatencyRound } from '../jobs/latency.ts';
import { quantile, sampleOf } from '../measure.ts';
import { row, sampleRow } from '../row.ts';
import type { Section } from '../section.ts';

const FRAME_MS = 1000 / 60;
/** [issue 2] round trips from the press to Final. */
const ROUND_TRIPS = 6;

/** The stretches of the way, in order. */
const STRETCHES = [
  'press → signed and on the payer’s disk',
  '→ read by the keeper, its first flush begins',
  '→ its last flush is done',
  '→ painted there',
] as const;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const latencySection: Section = {
  name: 'latency',
  title: '4 · Pay → Final on the other browser',
  async run({ root, quick }) {
    const question: LatencyQuestion = { root, payments: quick ? 2 : 30, roundTrips: quick ? 20 : 200 };
    const { rounds, roundTrips } = await runJob<LatencyAnswer>('jobs/latency', question);
    const finals = rounds.map((round) => round.final);
    const each = (pick: (round: LatencyRound) => number): number[] => rounds.map(pick);
    const payer = each((round) => sum(round.payerFlushes));
    const keeper = each((round) => sum(round.keeperFlushes));
    const trip = quantile(roundTrips, 0.5);
    const bound = (share: number): number =>
      ROUND_TRIPS * quantile(roundTrips, share) +
      quantile(
        each((r) => sum([...r.payerFlushes, ...r.keeperFlushes])),
        share,
      ) +
      FRAME_MS;
    const counts = (pick: (round: LatencyRound) => readonly number[]): string => {
      const { lowest, highest } = sampleOf(each((round) => pick(round).length));
      return lowest === highest ? `${lowest} each` : `${lowest} to ${highest} each`;
    };
    return [
      row('press → Final painted over there: p50', quantile(finals, 0.5), 'ms', {
        atMost: Math.round(bound(0.5) * 10) / 10,
        note: `${rounds.length} payments; the goal is ${ROUND_TRIPS} round trips + the flushes below + one frame, all as measured here`,
      }),
      row('press → Final painted over there: p95', quantile(finals, 0.95), 'ms', {
        atMost: Math.round(bound(0.95) * 10) / 10,
      }),
      sampleRow('bare round trip on the same WebRTC connection', sampleOf(roundTrips), 'ms', {
        note: `p95 ${quantile(roundTrips, 0.95).toFixed(2)} ms; median ${trip.toFixed(2)} ms`,
      }),
      sampleRow('strict flushes of the payer before it leaves, together', sampleOf(payer), 'ms', {
        note: counts((r) => r.payerFlushes),
      }),
      sampleRow('strict flushes of the keeper before it says so, together', sampleOf(keeper), 'ms', {
        note: counts((r) => r.keeperFlushes),
      }),
      ...STRETCHES.map((name, i) =>
        sampleRow(name, sampleOf(each((round) => round.stretches[i] ?? 0)), 'ms'),
      ),
    ];
  },
};
