/**
 * One way in which a closing can go: what each witness voted, saw and gave a receipt for at one place of Emil's chain,
 * which of them report, and what comes too late. Played on the real reducer; see closingCases.ts for all of them.
 */

/** The two payments that Emil may have signed for the place; an honest device signs the left one alone. */
export type Side = 'left' | 'right';
export interface HonestWitness {
  readonly vote: Side | null;
  /** Whether it holds the certificate, and has given its receipt. */
  readonly sees: 'nothing' | 'certificate' | 'receipt';
  /** In the bundle of the closing: it has promised, and says nothing any more. */
  readonly reports: boolean;
  /** Not in the bundle: what it still votes for, and whether it gives a receipt, before it learns of the decision. */
  readonly late: { readonly vote: Side | null; readonly receipt: boolean };
}
/** What a liar may report: less than is certified, the head before the place with any vote there, or more. */
export const REPORTS = [
  'less',
  'no-vote',
  'left',
  'right',
  'invalid',
  'unknown',
  'certified-left',
  'certified-right',
  'certified-unknown',
  'certified-beyond',
] as const;
export type LiarReport = (typeof REPORTS)[number];
export interface LyingWitness {
  /** On as many branches of its lane as it takes. */
  readonly votes: readonly Side[];
  /** Receipts for both, whatever is certified. */
  readonly receipts: boolean;
  /** null: it takes no part in the bundle. */
  readonly report: LiarReport | null;
  /** Votes and receipts for everything, on branches without its promise, after the decision. */
  readonly late: boolean;
}
export interface ClosingCase {
  /** Whether Emil signed both payments, and one that breaks a rule. */
  readonly equivocates: boolean;
  readonly honest: readonly HonestWitness[];
  readonly liars: readonly LyingWitness[];
}

/** How an honest witness can be made to break its word, to see that the explorer notices. */
export interface Faults {
  /** Who has promised gives receipts, or votes, all the same. */
  readonly receiptsAfterPromise?: boolean;
  readonly votesAfterPromise?: boolean;
}

/** Which side has a certificate, by the votes given; both when more lie than the quorum bears. */
export function certifiedSides(
  votes: readonly (Side | null)[],
  liars: readonly (readonly Side[])[],
  quorum: number,
) {
  return (['left', 'right'] as const).filter(
    (side) =>
      votes.filter((vote) => vote === side).length + liars.filter((sides) => sides.includes(side)).length >=
      quorum,
  );
}

/** What the reports of a case say the closing must come to: the table of C2, written down a second time. */
export type Expected = 'open' | 'void' | Side | 'unusable';
export function expectedOf({ honest, liars, equivocates }: ClosingCase, quorum: number): Expected {
  const [certified = null] = certifiedSides(
    honest.map(({ vote }) => vote),
    liars.map(({ votes }) => votes),
    quorum,
  );
  const heads: (Side | 'base' | 'none' | 'unknown')[] = [];
  const votes: (Side | 'invalid' | 'unknown')[] = [];
  for (const { reports, sees, vote } of honest)
    if (reports) {
      heads.push(sees === 'nothing' ? 'base' : (certified ?? 'base'));
      if (sees === 'nothing' && vote !== null) votes.push(vote);
    }
  for (const { report } of liars) {
    if (report === null) continue;
    if (report === 'less') heads.push('none');
    else if (report === 'certified-left') heads.push('left');
    else if (report === 'certified-right') heads.push('right');
    else if (report === 'certified-unknown' || report === 'certified-beyond') return 'unusable';
    else heads.push('base');
    if (report === 'left' || report === 'right' || report === 'invalid' || report === 'unknown')
      votes.push(report);
  }
  const top = new Set(heads.filter((head) => head === 'left' || head === 'right'));
  if (top.size > 1) return 'unusable';
  const [head] = top;
  // Nobody votes beyond the place, so whoever is certified there ends the chain.
  if (head !== undefined) return head === certified ? head : 'unusable';
  const signed = new Set<Side>();
  for (const vote of votes) {
    // What was never signed never comes: the decision would wait for ever.
    if (vote === 'unknown' || (!equivocates && vote !== 'left')) return 'unusable';
    if (vote !== 'invalid') signed.add(vote);
  }
  const [carried] = signed;
  return signed.size > 1 ? 'void' : (carried ?? 'open');
}
