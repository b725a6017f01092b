import type { EndedMotionView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useAllWords, useApp } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { actSentence } from '../words/actSentence.ts';
import { named } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';
import { Refused } from './Refused.tsx';

/** What the book before left undecided: it ended with it, and can be proposed again [B1]. */
export function EndedMotions({ ended }: { readonly ended: readonly EndedMotionView[] }): VNode {
  const m = useAllWords();
  return (
    <section>
      <h2 class="group">{m.ended_title()}</h2>
      <p class="small quiet hang">{m.ended_text()}</p>
      <ul class="rows">
        {ended.map((motion) => (
          <EndedMotion key={motion.id} motion={motion} />
        ))}
      </ul>
    </section>
  );
}

function EndedMotion({ motion }: { readonly motion: EndedMotionView }): VNode {
  const app = useApp();
  const m = useAllWords();
  const format = useFormat();
  const { busy, refusal, ask } = useAsk();
  const { act, by, reason, wish } = motion;
  const again = async (): Promise<void> => {
    const done = await ask((intents) => intents.propose(wish, reason));
    if (done.ok) app.said.value = m.ended_proposed();
  };
  return (
    <li>
      <div class="stack tight">
        <p>{actSentence(m, format, act, by)}</p>
        {reason !== '' && (
          <p class="small quiet">
            <bdi>“{reason}”</bdi>
          </p>
        )}
        <p class="small quiet">{rich(m.motion_by_short, { name: named(m, by) })}</p>
        <button class="button second" type="button" disabled={busy} onClick={() => void again()}>
          {m.ended_again()}
        </button>
        <Refused refusal={refusal} />
      </div>
    </li>
  );
}
