import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { decimalSign, pressKey } from '../words/amount.ts';
import type { AmountStyle } from '../words/amount.ts';
import { Drawing } from './Drawing.tsx';

interface Props {
  readonly text: string;
  readonly style: AmountStyle;
  readonly onText: (text: string) => void;
}
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Twelve big keys for a thumb. The amount field takes a keyboard as well. */
export function Keypad({ text, style, onText }: Props): VNode {
  const m = useWords();
  const sign = decimalSign(style.tag);
  const press = (key: string) => (): void => onText(pressKey(text, key, style));
  return (
    <div class="keypad" role="group" aria-label={m.keypad()}>
      {DIGITS.map((digit) => (
        <button type="button" key={digit} onClick={press(digit)}>
          {digit}
        </button>
      ))}
      <button
        type="button"
        onClick={press(sign)}
        disabled={style.decimals === 0}
        aria-label={m.decimal_sign()}
      >
        {sign}
      </button>
      <button type="button" onClick={press('0')}>
        0
      </button>
      <button type="button" onClick={press('erase')} aria-label={m.erase()}>
        <Drawing name="erase" size={26} turns />
      </button>
    </div>
  );
}
