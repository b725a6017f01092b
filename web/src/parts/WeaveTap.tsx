import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { lazySheet } from './lazySheet.tsx';
import { Weave } from './Weave.tsx';

/** With its list of words: fetched when somebody wants to compare. */
export const WeaveSheet = lazySheet(() => import('./WeaveSheet.tsx'));

interface Props {
  readonly circle: string;
  readonly name: string;
}
/** A circle's strip. A tap shows it in full, with the words that two people can compare. */
export function WeaveTap({ circle, name }: Props): VNode {
  const m = useWords();
  const [open, setOpen] = useState(false);
  // plain http has no hashing: only the demo is shown there, and nobody compares that
  if (!isSecureContext) return <Weave circle={circle} />;
  return (
    <>
      <button
        class="weave-tap"
        type="button"
        aria-haspopup="dialog"
        aria-label={m.weave_compare({ circle: name })}
        onClick={() => setOpen(true)}
      >
        <Weave circle={circle} />
      </button>
      {open && <WeaveSheet circle={circle} name={name} onClose={() => setOpen(false)} />}
    </>
  );
}
