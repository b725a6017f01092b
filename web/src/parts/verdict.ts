import type { CircleView, LineView } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import type { Words } from '../words/language.ts';
import { isBookReachable, isKeptTogether } from './keeping.ts';

export interface Verdict {
  readonly tone: 'go' | 'wait' | 'talk';
  readonly text: string;
}
/**
 * The receipt's first line. It answers the stall's question (hand it over, or wait for whom) and the buyer's (what
 * can I still spend); between others it has nothing to answer.
 */
export const verdictText = (m: Words, format: Format, circle: CircleView, line: LineView): Verdict | null => {
  if (line.direction === 'between-others') return null;
  if (line.state === 'needs-a-talk') return { tone: 'talk', text: m.verdict_talk() };
  if (line.state === 'cannot-count') return { tone: 'talk', text: m.verdict_cannot_count() };
  const keeper = circle.keeper.name || m.someone();
  if (line.direction === 'out') {
    return {
      tone: 'go',
      text: m.verdict_spend({ amount: format.full(Math.max(0, circle.balance.spendable)) }),
    };
  }
  if (line.state === 'final') return { tone: 'go', text: m.verdict_hand_it_over() };
  if (line.amount <= circle.policy.smallAmount) return { tone: 'go', text: m.verdict_small() };
  const payer = line.payerName || m.someone();
  const together = isKeptTogether(circle);
  if (isBookReachable(circle)) {
    const text = together ? m.verdict_wait_moment_stewards() : m.verdict_wait_moment({ name: keeper });
    return { tone: 'wait', text };
  }
  const text = together ? m.verdict_wait_stewards({ payer }) : m.verdict_wait({ name: keeper, payer });
  return { tone: 'wait', text };
};
