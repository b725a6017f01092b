import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { Sheet } from './Sheet.tsx';
import { Weave } from './Weave.tsx';
import { WORD_COUNT, weaveWords } from './weaveWords.ts';
import '../style/weave.css';

/** The places of words that are still being made: the sheet must not jump when they come. */
const NOT_YET: readonly string[] = Array.from({ length: WORD_COUNT }, () => '…');

interface Props {
  readonly circle: string;
  readonly name: string;
  readonly onClose: () => void;
}
/** The weave in full and its words, for two people who hold their phones side by side or speak on a line. */
export default function WeaveSheet({ circle, name, onClose }: Props): VNode {
  const m = useWords();
  const [words, setWords] = useState<readonly string[] | null>(null);
  const [fault, setFault] = useState<Error | null>(null);
  useEffect(() => {
    let current = true;
    weaveWords(circle).then(
      (made) => current && setWords(made),
      (reason: unknown) =>
        current && setFault(reason instanceof Error ? reason : new Error('no words for this circle')),
    );
    return () => {
      current = false;
    };
  }, [circle]);
  if (fault !== null) throw fault;
  return (
    <Sheet title={m.weave_title()} onClose={onClose} toRead>
      <div class="stack">
        <div>
          <p class="lead">
            <bdi>{name}</bdi>
          </p>
          <Weave circle={circle} whole />
        </div>
        {/* a browser that translates pages would give each phone other words */}
        <ol class="weave-words" translate={false} aria-busy={words === null} aria-label={m.weave_words()}>
          {(words ?? NOT_YET).map((word, index) => (
            <li key={index}>
              <bdi>{word}</bdi>
            </li>
          ))}
        </ol>
        <p>{m.weave_text()}</p>
        <p class="small quiet">{m.weave_not_people()}</p>
        <button class="button second wide" type="button" onClick={onClose}>
          {m.close()}
        </button>
      </div>
    </Sheet>
  );
}
