/** All the cases of a closing with few witnesses, up to the names of honest ones; and random ones of many. */
import { quorum, safetyFigures } from '@corridor/ledger';
import type { Choose } from '../historyWorld.ts';
import {
  certifiedSides,
  expectedOf,
  REPORTS,
  type ClosingCase,
  type HonestWitness,
  type LiarReport,
  type LyingWitness,
  type Side,
} from './closingCase.ts';

const SIDES: readonly (Side | null)[] = [null, 'left', 'right'];
const NEVER = { vote: null, receipt: false } as const;
const BOTH: readonly Side[] = ['left', 'right'];
const LIAR_VOTES: readonly (readonly Side[])[] = [[], ['left'], ['right'], BOTH];
/** Those that a closing can come to something with; an honest device signed nothing for the last. */
const LIKELY: readonly (LiarReport | null)[] = [null, 'no-vote', 'left', 'less', 'right'];
const LIAR_REPORTS: readonly (LiarReport | null)[] = [null, ...REPORTS];

/** Every case of n witnesses with one liar among them, and of so many reports. */
export function* allClosingCases(n: number, reports = quorum(n)): Generator<ClosingCase> {
  if (safetyFigures(n).mayLie !== 1) throw new RangeError('complete for one liar');
  for (const equivocates of [false, true])
    for (const votes of multisets(equivocates ? SIDES : SIDES.slice(0, 2), n - 1))
      for (const liarVotes of equivocates ? LIAR_VOTES : LIAR_VOTES.slice(0, 2))
        yield* casesOf(equivocates, votes, liarVotes, quorum(n), reports);
}
function* casesOf(
  equivocates: boolean,
  votes: readonly (Side | null)[],
  liarVotes: readonly Side[],
  q: number,
  size: number,
): Generator<ClosingCase> {
  const isCertified = certifiedSides(votes, [liarVotes], q).length > 0;
  const sees = isCertified ? (['nothing', 'certificate', 'receipt'] as const) : (['nothing'] as const);
  for (const report of LIAR_REPORTS)
    for (const seen of product(sees, votes.length))
      for (const reporting of product([true, false], votes.length)) {
        if (reporting.filter(Boolean).length !== (report === null ? size : size - 1)) continue;
        const honest = votes.map((vote, i): HonestWitness => ({
          vote,
          sees: seen[i] ?? 'nothing',
          reports: reporting[i] ?? true,
          late: NEVER,
        }));
        if (!isSorted(honest)) continue;
        const liar: LyingWitness = { votes: liarVotes, receipts: false, report, late: false };
        const chosen: ClosingCase = { equivocates, honest, liars: [liar] };
        yield chosen;
        // What comes too late matters only where something is decided.
        if (expectedOf(chosen, q) === 'unusable') continue;
        for (const lying of [liar, { ...liar, receipts: true }, { ...liar, receipts: true, late: true }])
          for (const then of lateCases(chosen, q, lying.late))
            yield { ...chosen, honest: then, liars: [lying] };
      }
}
/** What those who have not promised still do; certificates of late votes included. */
function* lateCases(
  { honest, liars, equivocates }: ClosingCase,
  q: number,
  isLate: boolean,
): Generator<readonly HonestWitness[]> {
  const options = honest.map(({ vote, reports, sees }) => {
    if (reports || (vote === null && sees !== 'nothing')) return [null];
    if (vote !== null) return [null];
    return equivocates ? SIDES : SIDES.slice(0, 2);
  });
  for (const lateVotes of choices(options)) {
    const all = honest.map(({ vote }, i) => vote ?? lateVotes[i] ?? null);
    const isCertified = certifiedSides(all, isLate ? [BOTH] : liars.map(({ votes }) => votes), q).length > 0;
    const receipts = honest.map(({ reports, sees }) =>
      reports || sees === 'receipt' || !isCertified ? [false] : [false, true],
    );
    for (const given of choices(receipts))
      yield honest.map((witness, i) => ({
        ...witness,
        late: { vote: lateVotes[i] ?? null, receipt: given[i] ?? false },
      }));
  }
}
/** Honest witnesses are alike but for what they did: of the same vote, one order of the rest will do. */
const isSorted = (honest: readonly HonestWitness[]): boolean =>
  honest.every((witness, i) => {
    const before = honest[i - 1];
    if (before === undefined || before.vote !== witness.vote) return true;
    return `${before.reports}${before.sees}` <= `${witness.reports}${witness.sees}`;
  });

/** A random case of n witnesses with as many liars as the quorum bears. */
export function randomClosingCase(n: number, choose: Choose): ClosingCase {
  const q = quorum(n);
  const { mayLie } = safetyFigures(n);
  const pick = <T>(values: readonly T[]): T => values[choose(values.length)] as T;
  const equivocates = choose(3) > 0;
  const sides = equivocates ? SIDES : SIDES.slice(0, 2);
  const votes = Array.from({ length: n - mayLie }, () => (choose(3) === 0 ? null : pick(sides)));
  const lying = Array.from({ length: mayLie }, (): LyingWitness => ({
    votes: pick(equivocates ? LIAR_VOTES : LIAR_VOTES.slice(0, 2)),
    receipts: choose(2) === 0,
    report: pick(choose(8) === 0 ? LIAR_REPORTS : equivocates ? LIKELY : LIKELY.slice(0, 4)),
    late: choose(2) === 0,
  }));
  const isCertified =
    certifiedSides(
      votes,
      lying.map((liar) => liar.votes),
      q,
    ).length > 0;
  const order = votes.map((_, i) => i).sort(() => choose(3) - 1);
  const needed = q - lying.filter(({ report }) => report !== null).length;
  const reporting = new Set(order.slice(0, needed));
  const then = votes.map((vote, i) => (reporting.has(i) || vote !== null ? null : pick(sides)));
  const honest = votes.map((vote, i): HonestWitness => {
    const sees = isCertified ? pick(['nothing', 'certificate', 'receipt'] as const) : 'nothing';
    const reports = reporting.has(i);
    return {
      vote,
      sees,
      reports,
      late: reports
        ? NEVER
        : { vote: sees === 'nothing' ? (then[i] ?? null) : null, receipt: choose(2) === 0 },
    };
  });
  return { equivocates, honest, liars: lying };
}

function* multisets<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) yield [];
  else
    for (const [i, value] of values.entries())
      for (const rest of multisets(values.slice(i), size - 1)) yield [value, ...rest];
}
const product = <T>(values: readonly T[], size: number): Generator<readonly T[]> =>
  choices(Array.from({ length: size }, () => values));
function* choices<T>(options: readonly (readonly T[])[]): Generator<readonly T[]> {
  const [first, ...others] = options;
  if (first === undefined) yield [];
  else for (const value of first) for (const rest of choices(others)) yield [value, ...rest];
}
