import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Need } from '@corridor/peer';
import { useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { needText } from '../words/needs.ts';
import { Drawing } from './Drawing.tsx';
import { lazySheet } from './lazySheet.tsx';

const ForWhatSheet = lazySheet(() => import('./ForWhatSheet.tsx'));

interface Props {
  readonly memo: string;
  readonly need: Need | null;
  readonly onChange: (content: { memo: string; need: Need | null }) => void;
}
/** What the payment is for: one row that opens a sheet with a note and the need it met. */
export function ForWhat({ memo, need, onChange }: Props): VNode {
  const m = useWords();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const said = [memo, need && needText(m, format, need)].filter((text) => text).join(' · ');
  return (
    <>
      <button type="button" class="button second for-what" onClick={() => setOpen(true)}>
        {said === '' ? (
          <>
            <Drawing name="add" />
            {m.what_for()}
          </>
        ) : (
          <>
            <span>
              {m.what_for_short()} <bdi>{said}</bdi>
            </span>
          </>
        )}
      </button>
      {open && (
        <ForWhatSheet
          memo={memo}
          need={need}
          onClose={() => setOpen(false)}
          onDone={(content) => {
            onChange(content);
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
