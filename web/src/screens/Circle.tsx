import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { FactRow } from '../parts/FactRow.tsx';
import { freshnessText } from '../parts/freshness.ts';
import { LineRow } from '../parts/LineRow.tsx';
import { Screen } from '../parts/Screen.tsx';
import { bookNumber } from '../words/actSentence.ts';
import { WeaveSheet } from '../parts/WeaveTap.tsx';

/** How many of the circle's latest payments the hub shows. */
const LATEST = 10;

/** The circle's own place: people, rules, the book, what needs a talk. */
export default function Circle(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const [comparing, setComparing] = useState(false);
  const faults = circle.faults.length;
  const { rules, motions, joinWishes, stewards, charter, book, commons } = circle.governing;
  const { keeper, anew } = circle;
  const { canFound, offers, away } = anew;
  const hasPot = commons !== 0 || rules.levyPermille > 0 || rules.demurragePermille > 0;
  const words = charter.trim() === '' ? 0 : charter.trim().split(/\s+/).length;
  return (
    <Screen title={m.circle()} aside={freshnessText(m, format, circle)}>
      <p class="headline">
        <bdi>{circle.name}</bdi>
      </p>
      <ul class="rows push">
        <FactRow
          drawing="circle"
          href="/people"
          title={m.people()}
          fact={m.people_count({ count: circle.people.length, shown: format.number(circle.people.length) })}
        />
        {(joinWishes.length > 0 || rules.admission === 'stewards') && (
          <FactRow
            drawing="hand"
            href="/circle/requests"
            title={m.requests()}
            fact={joinWishes.length === 0 ? m.requests_none_short() : format.number(joinWishes.length)}
          />
        )}
        <FactRow
          drawing="ticks"
          href="/circle/stewards"
          title={m.stewards()}
          fact={m.stewards_count({
            count: stewards.stewards.length,
            shown: format.number(stewards.stewards.length),
          })}
        />
        <FactRow
          drawing="rules"
          href="/circle/rules"
          title={m.rules_and_changes()}
          fact={
            motions.length === 0
              ? m.changes_open_none()
              : m.changes_open({ count: motions.length, shown: format.number(motions.length) })
          }
        />
        <FactRow
          drawing="write"
          href="/circle/charter"
          title={m.charter()}
          fact={
            words === 0
              ? m.charter_empty_short()
              : m.charter_words({ count: words, shown: format.number(words) })
          }
        />
        <FactRow drawing="circle" href="/circle/meetings" title={m.meetings()} fact={m.meetings_fact()} />
        <FactRow
          drawing="book"
          href="/circle/book"
          title={m.the_book()}
          fact={
            book.isClosing ? m.book_closing_short() : m.book_number({ book: bookNumber(format, book.number) })
          }
        />
        {(offers.length > 0 || away.length > 0 || (canFound && !keeper.reachable)) && (
          <FactRow
            drawing="forward"
            href="/circle/go-on"
            title={m.go_on()}
            fact={
              offers.length === 0 && away.length > 0
                ? m.go_on_missing({ shown: format.number(away.length) })
                : undefined
            }
          />
        )}
        {hasPot && (
          <FactRow
            drawing="pot"
            href="/circle/pot"
            title={m.common_pot()}
            fact={<bdi class="figures">{format.full(commons)}</bdi>}
          />
        )}
        <FactRow
          drawing="fork"
          href="/circle/talk"
          title={m.talk_title()}
          fact={faults === 0 ? m.talk_none_short() : format.number(faults)}
        />
        <FactRow drawing="invite" href="/invite" title={m.invite_someone()} />
        {isSecureContext && (
          <li>
            <button class="row" type="button" aria-haspopup="dialog" onClick={() => setComparing(true)}>
              <Drawing name="weave" />
              <span class="what">{m.weave_row()}</span>
            </button>
          </li>
        )}
      </ul>
      {comparing && (
        <WeaveSheet circle={circle.circle} name={circle.name} onClose={() => setComparing(false)} />
      )}
      {circle.lines.length > 0 && (
        <section>
          <h2 class="group">{m.latest_in_circle()}</h2>
          <ul class="rows">
            {circle.lines.slice(0, LATEST).map((line) => (
              <LineRow key={line.id} line={line} />
            ))}
          </ul>
          <p class="small quiet push">
            {m.lines_in_book({ count: circle.lineCount, shown: format.number(circle.lineCount) })}
          </p>
        </section>
      )}
    </Screen>
  );
}
