import type { BalanceView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';

/** How much of a half of the bar is filled: 0 at even, 1 at the bound. */
export const filled = ({ shown, lowestBalance, highestBalance }: BalanceView): number => {
  const bound = shown < 0 ? -lowestBalance : highestBalance;
  return bound <= 0 ? 0 : Math.min(1, Math.abs(shown) / bound);
};

/** The balance between its two bounds, even in the middle. The sentence above says the same in words. */
export function BalanceBar({
  balance,
  hidden,
}: {
  readonly balance: BalanceView;
  readonly hidden: boolean;
}): VNode {
  const m = useWords();
  const format = useFormat();
  const down = balance.shown < 0;
  const share = hidden ? 0 : filled(balance) * 50;
  const place = down
    ? { insetInlineStart: `${50 - share}%`, insetInlineEnd: '50%' }
    : { insetInlineStart: '50%', insetInlineEnd: `${50 - share}%` };
  return (
    <div class="balance-bar">
      <div class="track" aria-hidden="true">
        <span class={down ? 'fill down' : 'fill'} style={place} />
        <span class="even" />
      </div>
      <p class="ends">
        <span>{format.short(balance.lowestBalance)}</span>
        <span>{m.even()}</span>
        <span>+{format.short(balance.highestBalance)}</span>
      </p>
    </div>
  );
}
