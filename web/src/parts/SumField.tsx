import type { VNode } from 'preact';
import { useAllWords } from '../app/app.ts';

interface Props {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  /** Nothing that can be read as a figure of this kind. */
  readonly isWrong: boolean;
  readonly inputMode?: 'decimal' | 'numeric';
  readonly onValue: (value: string) => void;
}
/** A figure in a form: an amount, days, a percentage. */
export function SumField({ id, label, hint, value, isWrong, inputMode = 'decimal', onValue }: Props): VNode {
  const m = useAllWords();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="figures"
        inputMode={inputMode}
        autoComplete="off"
        value={value}
        aria-invalid={isWrong}
        aria-describedby={`${id}-hint`}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      <p class={isWrong ? 'wrong small' : 'hint'} id={`${id}-hint`} role={isWrong ? 'alert' : undefined}>
        {isWrong ? m.rule_wrong() : hint}
      </p>
    </div>
  );
}
