import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { CircleView } from '@corridor/peer';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useAsk } from '../app/useAsk.ts';
import { Drawing } from './Drawing.tsx';
import { Refused } from './Refused.tsx';
import { Sheet } from './Sheet.tsx';

type Candidate = CircleView['keeperCandidates'][number];

/** Where one phone keeps the book: handing it to another of mine (an always-on one is best), or taking it back. */
export function HandBook(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const [chosen, setChosen] = useState<Candidate | null>(null);
  const { busy, refusal, ask } = useAsk();
  const { keeper, keeperCandidates } = circle;
  const label = (candidate: Candidate): string => candidate.label || m.another_phone();
  const hand = async (candidate: Candidate): Promise<void> => {
    const answer = await ask((intents) => intents.keepBook(candidate.device));
    setChosen(null);
    if (answer.ok) app.toast.value = { text: m.book_handed({ name: label(candidate) }) };
  };
  return (
    <>
      {keeper.isThisDevice && (
        <section>
          <h2 class="group">{m.book_hand_title()}</h2>
          {keeperCandidates.length === 0 ? (
            <p class="quiet">{m.book_no_candidates()}</p>
          ) : (
            <ul class="rows">
              {keeperCandidates.map((candidate) => (
                <li key={candidate.device}>
                  <button class="row" type="button" onClick={() => setChosen(candidate)}>
                    <Drawing name="phone" />
                    <span class="what">
                      <bdi>{label(candidate)}</bdi>
                      <span class="sub">{candidate.connected ? m.here_now() : m.not_here()}</span>
                    </span>
                    <Drawing name="forward" size={18} turns />
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      <Refused refusal={refusal} />
      {!keeper.isThisDevice && keeper.member === circle.me.member && (
        <button
          class="button wide push"
          type="button"
          disabled={busy}
          aria-busy={busy}
          onClick={() => void ask((intents) => intents.keepBook(circle.me.device))}
        >
          {m.book_take_back()}
        </button>
      )}
      {chosen && (
        <Sheet title={m.book_hand_question({ name: label(chosen) })} onClose={() => setChosen(null)}>
          <div class="stack">
            <p>{m.book_hand_text({ name: label(chosen) })}</p>
            <div class="pair">
              <button
                class="button broad"
                type="button"
                disabled={busy}
                aria-busy={busy}
                onClick={() => void hand(chosen)}
              >
                {m.book_hand_button()}
              </button>
              <button class="button second" type="button" onClick={() => setChosen(null)}>
                {m.cancel()}
              </button>
            </div>
          </div>
        </Sheet>
      )}
    </>
  );
}
