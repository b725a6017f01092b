import type { VNode } from 'preact';
import { useAllWords } from '../app/app.ts';
import { useFormatTag } from '../app/format.ts';
import { numberFormat } from '../words/formatters.ts';

/** How many there are: the standard's shortest list. */
export const WORDS = 12;

/** The words in what was written, pasted or read out. */
export const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];

interface Props {
  readonly value: string;
  readonly onValue: (value: string) => void;
}
/** Twelve words, typed or pasted. They are shown: nobody can check what they can't see. */
export function WordsField({ value, onValue }: Props): VNode {
  const m = useAllWords();
  const number = numberFormat(useFormatTag(), {});
  const count = wordsIn(value).length;
  return (
    <div class="field">
      <label for="words">{m.recovery_words_label()}</label>
      <textarea
        id="words"
        class="words-field"
        rows={4}
        autoComplete="off"
        autocapitalize="none"
        spellcheck={false}
        translate={false}
        aria-describedby="words-hint words-count"
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      <p class="hint" id="words-hint">
        {m.recovery_words_hint()}
      </p>
      <p class="hint figures" id="words-count">
        {m.recovery_words_count({ count: number.format(count) })}
      </p>
    </div>
  );
}
