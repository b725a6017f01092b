import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { consentNeeded } from '../app/consentNeeded.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { HandBook } from '../parts/HandBook.tsx';
import { KeepBooks } from '../parts/KeepBooks.tsx';
import { keptByText } from '../parts/keeping.ts';
import { Notice } from '../parts/Notice.tsx';
import { AskPair } from '../parts/AskPair.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { Sheet } from '../parts/Sheet.tsx';
import { bookNumber } from '../words/actSentence.ts';
import { bookCloses } from '../words/bookCloses.ts';

/** The book that is being written: since when, until when, by whom; closing it, and handing it to another phone. */
export default function Book(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { keeper, governing } = circle;
  const { book, stewards } = governing;
  const alone = stewards.stewards.length <= 1;
  const closes = bookCloses(m, format, book, alone, Date.now() / 1000);
  return (
    <Screen
      title={m.the_book()}
      back="/circle"
      aside={m.book_number({ book: bookNumber(format, book.number) })}
    >
      <p class="lead">{keptByText(m, format, circle)}</p>
      {alone && (
        <p class="quiet">
          {keeper.isThisDevice || keeper.reachable ? m.book_reachable() : m.book_not_reachable()}
        </p>
      )}
      {book.isClosing && (
        <Notice drawing="waiting" tone="calm" role="status">
          <p>{m.book_is_closing()}</p>
        </Notice>
      )}
      <dl class="facts push">
        <div>
          <dt>{m.book_since()}</dt>
          <dd>{book.since === null ? m.book_unknown() : format.day(book.since)}</dd>
        </div>
        <div>
          <dt>{m.book_closes()}</dt>
          <dd>{closes.short}</dd>
        </div>
        <div>
          <dt>{m.book_entries()}</dt>
          <dd>{format.number(book.entries)}</dd>
        </div>
        <div>
          <dt>{m.book_older()}</dt>
          <dd>{format.number(book.olderKept)}</dd>
        </div>
      </dl>
      {!book.isClosing && <p class="push">{closes.sentence}</p>}
      <p class="push">{alone ? m.book_explained() : m.book_stewards_explained()}</p>
      {alone && <p class="push">{m.book_away_hint()}</p>}
      {circle.anew.canFound && !keeper.reachable && (
        <p class="push">
          <a class="button second wide" href="/circle/go-on">
            {m.notice_keeper_lost()}
          </a>
        </p>
      )}
      {alone ? (
        <HandBook />
      ) : (
        <p class="push">
          <a class="button second wide" href="/circle/stewards">
            {m.book_see_stewards()}
          </a>
        </p>
      )}
      <KeepBooks />
      <div class="foot">
        <a class="button second wide" href="/me/storage">
          {m.book_take_copy()}
        </a>
        <a class="button second wide" href="/invite?as=device&from=book">
          {m.invite_my_device()}
        </a>
        {!book.isClosing && governing.myStanding === 'active' && <CloseBook />}
      </div>
    </Screen>
  );
}

/** Closing the book is asked for once more: everybody's payments wait meanwhile. */
function CloseBook(): VNode {
  const app = useApp();
  const m = useAllWords();
  const format = useFormat();
  const circle = useCircle();
  const { route } = useLocation();
  const { book, stewards } = circle.governing;
  const { need, count } = consentNeeded(circle, 'policy', null);
  const figures = { need: format.number(need), count: format.number(count) };
  const { busy, refusal, ask } = useAsk();
  const [asking, setAsking] = useState(false);
  const close = async (): Promise<void> => {
    const answer = await ask((intents) => intents.propose({ type: 'close-book' }, ''));
    if (!answer.ok) return;
    app.said.value = m.proposed();
    route(`/circle/changes/${answer.value}`);
  };
  return (
    <>
      <button class="button plain wide" type="button" onClick={() => setAsking(true)}>
        {m.book_close()}
      </button>
      {asking && (
        <Sheet
          title={m.book_close_question({ book: bookNumber(format, book.number) })}
          onClose={() => setAsking(false)}
        >
          <div class="stack">
            <p>{m.book_close_text()}</p>
            <p class="quiet">{stewards.iAm ? m.propose_needs_mine(figures) : m.propose_needs(figures)}</p>
            <Refused refusal={refusal} />
            <AskPair
              label={m.propose_button()}
              busy={busy}
              onYes={() => void close()}
              onNo={() => setAsking(false)}
            />
          </div>
        </Sheet>
      )}
    </>
  );
}
