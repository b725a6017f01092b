import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { BookFile } from '../parts/BookFile.tsx';
import { Screen } from '../parts/Screen.tsx';

/** A saved book on a phone that is in no circle: checked and looked at. Taking part is another matter, and it says so. */
export default function SavedBook(): VNode {
  const m = useWords();
  return (
    <Screen title={m.saved_book_look()} back="/">
      <div class="stack">
        <p>{m.saved_book_look_text()}</p>
        <BookFile
          heading="h2"
          does={() => (
            <>
              <p>{m.saved_book_to_take_part()}</p>
              <a class="button second wide" href="/scan">
                {m.join_circle()}
              </a>
            </>
          )}
        />
      </div>
    </Screen>
  );
}
