import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { CircleView, Refusal } from '@corridor/peer';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { Sheet } from '../parts/Sheet.tsx';

type Candidate = CircleView['keeperCandidates'][number];

/** Whose phone keeps the book, and handing it to another of mine (an always-on one is best). */
export default function Book(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const [chosen, setChosen] = useState<Candidate | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { keeper, keeperCandidates } = circle;
  const label = (candidate: Candidate): string => candidate.label || m.another_phone();
  const hand = async (candidate: Candidate): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.keepBook(candidate.device);
    setBusy(false);
    setChosen(null);
    setRefusal(answer.ok ? null : answer.refusal);
    if (answer.ok) app.toast.value = { text: m.book_handed({ name: label(candidate) }) };
  };
  const takeBack = async (): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.keepBook(circle.me.device);
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
  };
  return (
    <Screen title={m.the_book()} back="/circle">
      <p class="lead">
        {keeper.isThisDevice ? m.book_kept_here() : m.book_kept_by({ name: keeper.name || m.someone() })}
      </p>
      <p class="quiet">
        {keeper.isThisDevice || keeper.reachable ? m.book_reachable() : m.book_not_reachable()}
      </p>
      <p class="push">{m.book_explained()}</p>
      <p class="push">{m.book_away_hint()}</p>
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
          onClick={() => void takeBack()}
        >
          {m.book_take_back()}
        </button>
      )}
      <div class="foot">
        <a class="button second wide" href="/invite?as=device">
          {m.invite_my_device()}
        </a>
      </div>
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
    </Screen>
  );
}
