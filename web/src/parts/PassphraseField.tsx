import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';

interface Props {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly wrong?: string | undefined;
}
/** A passphrase, hidden until one asks to see it. Pasting is welcome. */
export function PassphraseField({ id, label, hint, autoComplete, value, onValue, wrong }: Props): VNode {
  const m = useWords();
  const [seen, setSeen] = useState(false);
  const field = {
    id,
    autoComplete,
    value,
    'aria-describedby': `${id}-hint`,
    'aria-invalid': wrong !== undefined,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {seen ? <input type="text" {...field} /> : <input type="password" {...field} />}
      <p
        class={wrong === undefined ? 'hint' : 'wrong small'}
        id={`${id}-hint`}
        role={wrong === undefined ? undefined : 'alert'}
      >
        {wrong ?? hint}
      </p>
      <label class="choice unit-parts">
        <input type="checkbox" checked={seen} onChange={(event) => setSeen(event.currentTarget.checked)} />
        <span>{m.show_passphrase()}</span>
      </label>
    </div>
  );
}
