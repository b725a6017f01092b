import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { FactRow } from '../parts/FactRow.tsx';
import { freshnessText } from '../parts/freshness.ts';
import { LineRow } from '../parts/LineRow.tsx';
import { Screen } from '../parts/Screen.tsx';
import { WeaveSheet } from '../parts/WeaveTap.tsx';

/** How many of the circle's latest payments the hub shows. */
const LATEST = 10;

/** The circle's own place: people, rules, the book, what needs a talk. */
export default function Circle(): VNode {
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const [comparing, setComparing] = useState(false);
  const faults = circle.faults.length;
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
        <FactRow drawing="invite" href="/invite" title={m.invite_someone()} />
        <FactRow
          drawing="rules"
          href="/circle/rules"
          title={m.rules()}
          fact={m.rules_fact({
            count: circle.decisions.length,
            shown: format.number(circle.decisions.length),
          })}
        />
        <FactRow
          drawing="book"
          href="/circle/book"
          title={m.the_book()}
          fact={
            circle.keeper.isThisDevice ? m.on_this_phone() : <bdi>{circle.keeper.name || m.someone()}</bdi>
          }
        />
        <FactRow
          drawing="fork"
          href="/circle/talk"
          title={m.talk_title()}
          fact={faults === 0 ? m.talk_none_short() : format.number(faults)}
        />
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
