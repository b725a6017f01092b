/** The verdict on a decision [L3]: by the table of rules, and by what its closings come to [C2]. */
import type { CloseBookAct, Decision } from './act.ts';
import { closeAccount, type ClosedAccount } from './close.ts';
import { closeBook } from './closeBook.ts';
import { closingsOf, type DecisionFault } from './decisionRules.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { openingHash } from './openingCodec.ts';
import { openingOf } from './openingOf.ts';

export type DecisionVerdict =
  | { readonly type: 'lawful'; readonly closed: readonly ClosedAccount[] }
  | { readonly type: 'waiting'; readonly ids: readonly Id[] }
  /** Lawful by what it cites, and against what is settled here [I2]. */
  | { readonly type: 'loses-settled'; readonly device: DeviceKey }
  | { readonly type: 'unlawful'; readonly fault: DecisionFault };

/** The first rule that a decision breaks as the next one of this log, whatever becomes of its closings. */
export function breaksRule(ledger: Ledger, decision: Decision): DecisionFault | undefined {
  const question = { ledger, log: ledger.log, decision, act: decision.act };
  for (const rule of ledger.decisionRules) {
    const fault = rule(question);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The verdict on a decision as the next one of this log. */
export function judgeDecision(ledger: Ledger, decision: Decision): DecisionVerdict {
  const { act } = decision;
  const fault = breaksRule(ledger, decision);
  if (fault !== undefined) return { type: 'unlawful', fault };
  if (act.type === 'close-book') return judgeBookClosing(ledger, act);
  const closed: ClosedAccount[] = [];
  const waiting: Id[] = [];
  for (const closing of closingsOf(act)) {
    const verdict = closeAccount(ledger, closing);
    if (verdict.type === 'fault') return { type: 'unlawful', fault: verdict.fault };
    if (verdict.type === 'loses-settled') return verdict;
    if (verdict.type === 'waiting') waiting.push(...verdict.ids);
    else closed.push(verdict.account);
  }
  return waiting.length > 0 ? { type: 'waiting', ids: waiting } : { type: 'lawful', closed };
}
/** Every account is closed by the reports, and the next book begins with what follows from them [B1]. */
function judgeBookClosing(ledger: Ledger, act: CloseBookAct): DecisionVerdict {
  const verdict = closeBook(ledger, act.stops);
  switch (verdict.type) {
    case 'fault':
      return { type: 'unlawful', fault: verdict.fault };
    case 'waiting':
    case 'loses-settled':
      return verdict;
    case 'closed':
      return openingHash(openingOf(ledger, act, verdict.accounts), ledger.sha256) === act.opening
        ? { type: 'lawful', closed: verdict.accounts }
        : { type: 'unlawful', fault: { rule: 'B1', code: 'wrong-opening' } };
  }
}
