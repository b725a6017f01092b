import { useEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { parseAmount } from '../words/amount.ts';
import type { AmountStyle } from '../words/amount.ts';

interface Props {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly unit: string;
  readonly style: AmountStyle;
  readonly onText: (text: string) => void;
}
/** The amount, big and in the middle. On a phone the keypad writes it, so the phone's own keyboard stays away. */
export function AmountField({ id, label, text, unit, style, onText }: Props): VNode {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);
  return (
    <div class="sum">
      <label class="seen-by-ear" for={id}>
        {label}
      </label>
      <input
        ref={field}
        id={id}
        inputMode="none"
        autoComplete="off"
        placeholder="0"
        value={text}
        style={{ '--chars': Math.max(2, text.length) }}
        onInput={(event) => {
          const next = event.currentTarget.value;
          const complete = /[.,]$/.test(next) && style.decimals > 0 ? `${next}0` : next;
          if (next === '' || parseAmount(complete, style.decimals) !== null) onText(next);
          else event.currentTarget.value = text;
        }}
      />
      <span class="lead">{unit}</span>
    </div>
  );
}
