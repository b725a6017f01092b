import type { DecisionView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useAllWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { actSentence } from '../words/actSentence.ts';
import { listed } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';

/** One thing that was decided: its number, its sentence, why, and whose yes it had. */
export function DecisionRow({ decision }: { readonly decision: DecisionView }): VNode {
  const m = useAllWords();
  const format = useFormat();
  const { height, act, by, reason, approvedBy } = decision;
  return (
    <li class="row">
      <span class="sub figures">{format.number(height)}</span>
      <span class="what">
        <span>{actSentence(m, format, act, by)}</span>
        {reason !== '' && (
          <span class="sub">
            <bdi>“{reason}”</bdi>
          </span>
        )}
        {approvedBy.length > 0 && (
          <span class="sub">{rich(m.history_approved, { names: listed(m, format, approvedBy) })}</span>
        )}
      </span>
    </li>
  );
}
