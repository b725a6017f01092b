import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useCircle, useWords } from '../app/app.ts';
import { FaceGrid, recentFirst } from '../parts/FaceGrid.tsx';
import { Drawing } from '../parts/Drawing.tsx';
import { PersonRow } from '../parts/PersonRow.tsx';
import { Screen } from '../parts/Screen.tsx';

/** Above so many people a search field helps. */
const SEARCH_FROM = 8;

/** Whom to pay: scan, or a face, or a name. */
export default function Pay(): VNode {
  const m = useWords();
  const circle = useCircle();
  const [search, setSearch] = useState('');
  const others = recentFirst(circle.people);
  const recent = others.filter((person) => person.lastTradedAt !== null);
  const wanted = search.trim().toLocaleLowerCase();
  const found = others
    .filter((person) => person.name.toLocaleLowerCase().includes(wanted))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <Screen title={m.scan_or_pay()} back="/" bar={false}>
      <a class="button wide" href="/scan">
        <Drawing name="scan" />
        {m.scan_paste_photo()}
      </a>
      {recent.length > 0 && (
        <section>
          <h2 class="group">{m.recent_people()}</h2>
          <FaceGrid people={recent} most={4} />
        </section>
      )}
      <section>
        <h2 class="group">{m.everyone()}</h2>
        {others.length === 0 ? (
          <div class="stack">
            <p class="quiet">{m.pay_nobody()}</p>
            <a class="button second" href="/invite">
              {m.invite_someone()}
            </a>
          </div>
        ) : (
          <>
            {others.length > SEARCH_FROM && (
              <div class="field">
                <label for="search">{m.search_people()}</label>
                <input
                  id="search"
                  type="search"
                  autoComplete="off"
                  value={search}
                  onInput={(event) => setSearch(event.currentTarget.value)}
                />
              </div>
            )}
            <ul class="rows push">
              {found.map((person) => (
                <PersonRow key={person.member} person={person} href={`/pay/${person.device}`} />
              ))}
            </ul>
            {found.length === 0 && <p class="quiet">{m.search_none()}</p>}
          </>
        )}
      </section>
    </Screen>
  );
}
