import { useEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type { SavedBookView } from '@corridor/peer';
import { useWords } from '../app/app.ts';
import { useFormatOf } from '../app/format.ts';
import { Notice } from './Notice.tsx';

interface Props {
  readonly book: SavedBookView;
  readonly heading: 'h2' | 'h3';
}
/** What a saved book is, and what was found when it was checked. Takes the focus: it answers the file just chosen. */
export function BookFacts({ book, heading: Heading }: Props): VNode {
  const m = useWords();
  const format = useFormatOf(book.unit);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [book]);
  const facts: readonly (readonly [string, string])[] = [
    [m.fact_members(), format.number(book.members)],
    [m.storage_entries(), format.number(book.entries)],
    [m.fact_payments(), format.number(book.payments)],
    [m.fact_texts(), format.number(book.texts)],
    ...(book.newestAt === null ? [] : [[m.fact_newest(), format.dayAndTime(book.newestAt)] as const]),
  ];
  return (
    <section class="stack tight">
      <Heading ref={title} tabIndex={-1}>
        <bdi>{m.saved_book_of({ name: book.circleName })}</bdi>
      </Heading>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {book.sumsToZero ? (
        <Notice drawing="tick" tone="calm">
          <p>{m.saved_book_holds()}</p>
        </Notice>
      ) : (
        <Notice drawing="attention" tone="trouble">
          <p>{m.saved_book_no_sum()}</p>
        </Notice>
      )}
      {book.leftOut > 0 && (
        <p class="small quiet">
          {m.saved_book_left_out({ count: book.leftOut, shown: format.number(book.leftOut) })}
        </p>
      )}
    </section>
  );
}
