import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { NewCircleView } from '@corridor/peer';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { Notice } from '../parts/Notice.tsx';
import { AskPair } from '../parts/AskPair.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { Sheet } from '../parts/Sheet.tsx';
import { listed, named, sum } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';

/** The phone that alone keeps the book is gone: beginning the book anew, or going along with whoever has. */
export default function GoOn(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { keeper } = circle;
  const { canFound, keeperHeardAt, offers, away } = circle.anew;
  const heard = keeperHeardAt === null ? null : format.shortWhen(keeperHeardAt);
  return (
    <Screen title={m.go_on()} back="/circle">
      {canFound && (
        <>
          <p class="lead">{rich(m.go_on_stuck, { name: named(m, keeper.name) })}</p>
          <p class="quiet">
            {heard === null ? m.go_on_never_heard() : m.go_on_heard({ when: heard })}
            {keeper.reachable && ` ${m.book_reachable()}`}
          </p>
        </>
      )}
      {offers.length > 1 && (
        <Notice tone="calm">
          <p>{m.go_on_agree()}</p>
        </Notice>
      )}
      {offers.map((offer, at) => (
        <Offer key={offer.circle} offer={offer} isFirst={at === 0} />
      ))}
      {canFound && <BeginAnew isFirst={offers.length === 0} />}
      {away.length > 0 && (
        <section>
          <h2 class="group">{m.go_on_away()}</h2>
          <p>{listed(m, format, away)}</p>
          <p class="quiet">{m.go_on_away_hint()}</p>
        </section>
      )}
      {!canFound && offers.length === 0 && away.length === 0 && <p class="quiet">{m.go_on_not_stuck()}</p>}
    </Screen>
  );
}

/** One who has begun the book anew: who is there, what one has there, and one tap to go along. */
function Offer({ offer, isFirst }: { readonly offer: NewCircleView; readonly isFirst: boolean }): VNode {
  const app = useApp();
  const m = useAllWords();
  const format = useFormat();
  const { route } = useLocation();
  const { busy, refusal, ask } = useAsk();
  const { founder, company, members, balance, waiting, check } = offer;
  const goAlong = async (): Promise<void> => {
    const answer = await ask((intents) => intents.goAlong(offer.circle));
    if (!answer.ok) return;
    app.toast.value = { text: m.go_on_gone({ name: founder || m.someone() }) };
    route('/');
  };
  return (
    <section>
      <h2 class="group">
        <span>{rich(m.go_on_begun, { name: named(m, founder) })}</span>
      </h2>
      <dl class="facts">
        <div>
          <dt>{m.go_on_there()}</dt>
          <dd>{listed(m, format, company)}</dd>
        </div>
        {check === 'fits' && (
          <>
            <div>
              <dt>{m.go_on_members()}</dt>
              <dd>{format.number(members)}</dd>
            </div>
            <div>
              <dt>{m.go_on_balance()}</dt>
              <dd>{sum(format, balance, 'plus')}</dd>
            </div>
          </>
        )}
      </dl>
      {check === 'fits' ? (
        <div class="stack tight push">
          <p>{m.go_on_fits()}</p>
          {waiting > 0 && <p>{rich(m.go_on_waiting, { amount: sum(format, waiting) })}</p>}
          <Refused refusal={refusal} />
          <button
            class={isFirst ? 'button wide' : 'button second wide'}
            type="button"
            disabled={busy}
            aria-busy={busy}
            onClick={() => void goAlong()}
          >
            {m.go_on_along({ name: founder || m.someone() })}
          </button>
        </div>
      ) : (
        <p class="push">{check === 'differs' ? m.go_on_differs() : m.go_on_not_here_yet()}</p>
      )}
    </section>
  );
}

/** What comes along and what does not, and beginning anew on this phone: asked for once more. */
function BeginAnew({ isFirst }: { readonly isFirst: boolean }): VNode {
  const app = useApp();
  const m = useAllWords();
  const { keeper } = useCircle();
  const { route } = useLocation();
  const { busy, refusal, ask } = useAsk();
  const [asking, setAsking] = useState(false);
  const name = keeper.name || m.someone();
  const begin = async (): Promise<void> => {
    const answer = await ask((intents) => intents.foundAnew());
    setAsking(false);
    if (!answer.ok) return;
    app.toast.value = { text: m.go_on_done() };
    route('/');
  };
  return (
    <section>
      <h2 class="group">{m.go_on_lost_title()}</h2>
      <p>{m.go_on_lost()}</p>
      <ul class="stack tight points push">
        <li>{rich(m.go_on_means_balances, { name: named(m, keeper.name) })}</li>
        <li>{m.go_on_means_waiting()}</li>
        <li>{m.go_on_means_others()}</li>
        <li>{m.go_on_means_changes()}</li>
        <li>{rich(m.go_on_means_back, { name: named(m, keeper.name) })}</li>
      </ul>
      <Refused refusal={refusal} />
      <div class="foot">
        <button
          class={isFirst ? 'button wide' : 'button second wide'}
          type="button"
          onClick={() => setAsking(true)}
        >
          {m.go_on_begin()}
        </button>
      </div>
      {asking && (
        <Sheet title={m.go_on_question()} onClose={() => setAsking(false)}>
          <div class="stack">
            <p>{m.go_on_question_text({ name })}</p>
            <AskPair
              label={m.go_on_begin_here()}
              busy={busy}
              onYes={() => void begin()}
              onNo={() => setAsking(false)}
            />
          </div>
        </Sheet>
      )}
    </section>
  );
}
