import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { linkWords, WORD_COUNT } from './weaveWords.ts';
import '../style/weave.css';

const NOT_YET: readonly string[] = Array.from({ length: WORD_COUNT }, () => '…');

/** The six words of an invite for another phone: shown on both, they say that one scanned what the other showed. */
export default function LinkWords({ invite }: { readonly invite: string }): VNode {
  const m = useWords();
  const [words, setWords] = useState<readonly string[] | null>(null);
  const [fault, setFault] = useState<Error | null>(null);
  useEffect(() => {
    let current = true;
    linkWords(invite).then(
      (made) => current && setWords(made),
      (reason: unknown) =>
        current && setFault(reason instanceof Error ? reason : new Error('no words for this link')),
    );
    return () => {
      current = false;
    };
  }, [invite]);
  if (fault !== null) throw fault;
  return (
    <section class="push">
      {/* a browser that translates pages would give each phone other words */}
      <ol
        class="weave-words"
        translate={false}
        aria-busy={words === null}
        aria-label={m.device_words_label()}
      >
        {(words ?? NOT_YET).map((word, index) => (
          <li key={index}>
            <bdi>{word}</bdi>
          </li>
        ))}
      </ol>
      <p class="small quiet">{m.device_words()}</p>
    </section>
  );
}
