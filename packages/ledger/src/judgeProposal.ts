/** The one place where a proposed decision is judged, for the rounds [L1] and for what they agreed on [L3]. */
import type { Decision } from './entry.ts';
import type { Ledger } from './ledger.ts';
import { judgeDecision, type DecisionFault } from './log.ts';

/** 'waiting': for something that is not here yet; nobody's fault, and no reason to vote for it. */
export type Judgement = 'lawful' | 'waiting' | DecisionFault;

export function judgeProposal(ledger: Ledger, decision: Decision): Judgement {
  return judgeDecision(ledger.log, decision, ledger.isOrdinaryKey) ?? 'lawful';
}
