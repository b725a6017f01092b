import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { named } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';
import QrCode from './QrCode.tsx';
import { Weave } from './Weave.tsx';
import '../style/weave.css';
import '../style/recovery.css';

export interface SheetContent {
  readonly words: readonly string[];
  readonly sheetLink: string;
  /** Unix seconds. */
  readonly madeAt: number;
}
/** The sheet to keep: whose it is, the way to the circle as a code, and the twelve words. On paper and on the screen. */
export function RecoverySheet({ content }: { readonly content: SheetContent }): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  return (
    <article class="sheet-paper" aria-label={m.recovery_your_words()}>
      <Weave circle={circle.circle} />
      <h2>{rich(m.sheet_title, { circle: named(m, circle.name) })}</h2>
      <p>{rich(m.sheet_of, { name: named(m, circle.me.name) })}</p>
      {/* a browser that translates pages would make other words of them */}
      <ol class="weave-words" translate={false} aria-label={m.recovery_words_label()}>
        {content.words.map((word, at) => (
          <li key={at}>
            <bdi>{word}</bdi>
          </li>
        ))}
      </ol>
      <div class="sheet-code">
        <QrCode text={content.sheetLink} label={m.sheet_code()} />
        <ol class="numbered">
          <li>{m.sheet_step_1()}</li>
          <li>{m.sheet_step_2()}</li>
          <li>{m.sheet_step_3()}</li>
        </ol>
      </div>
      <p>
        <strong>{m.sheet_secret()}</strong>
      </p>
      <p class="small quiet">{m.sheet_made({ when: format.day(content.madeAt) })}</p>
    </article>
  );
}
