import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { named } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';

/** How safe the book is with these stewards: both figures of [P7] in sentences, or what one steward alone means. */
export function SafetyFigures(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { stewards, quorum, mayBeAway, mayLie } = circle.governing.stewards;
  if (stewards.length <= 1) {
    return (
      <div class="stack tight">
        <p class="lead">
          {circle.keeper.isThisDevice
            ? m.steward_alone_here()
            : rich(m.steward_alone_of, { name: named(m, circle.keeper.name) })}
        </p>
        <p>
          {m.steward_alone_away()} {m.steward_alone_trust()}
        </p>
      </div>
    );
  }
  return (
    <div class="stack tight">
      <p class="lead">
        {m.stewards_final({ quorum: format.number(quorum), count: format.number(stewards.length) })}
      </p>
      <p>
        {mayBeAway > 0 && m.stewards_away({ count: mayBeAway, shown: format.number(mayBeAway) })}{' '}
        {mayLie > 0 && m.stewards_lie({ count: mayLie, shown: format.number(mayLie) })}
      </p>
    </div>
  );
}
