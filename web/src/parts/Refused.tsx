import type { Refusal } from '@corridor/peer';
import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { useFormatOf } from '../app/format.ts';
import { refusalText } from '../words/refusal.ts';
import { Notice } from './Notice.tsx';

/** Why something was not done: what happened, whether anything is lost, what to do. Read out at once. */
export function Refused({ refusal }: { readonly refusal: Refusal | null }): VNode | null {
  const m = useWords();
  const view = useApp().engine.value.view.value;
  const circle = view.stage === 'circle' ? view.view : null;
  const format = useFormatOf(circle?.unit ?? { name: '', decimals: 2 });
  if (!refusal) return null;
  return (
    <Notice drawing="attention" tone="trouble" role="alert">
      <p>{refusalText(m, refusal, format, circle)}</p>
    </Notice>
  );
}
