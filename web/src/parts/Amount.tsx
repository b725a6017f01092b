import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';

interface Props {
  readonly minor: number;
  /** The person may have asked for amounts to be hidden; what one is about to sign is never hidden. */
  readonly hideable?: boolean;
  readonly testId?: string;
}
/** The big figure with its unit: "42.50 dors". */
export function Amount({ minor, hideable = false, testId }: Props): VNode {
  const format = useFormat();
  const m = useWords();
  const hidden = useApp().settings.hideAmounts.value && hideable;
  return (
    <p class="figure" data-testid={testId}>
      {hidden ? m.hidden_amount() : format.amount(minor)} <span class="unit">{format.unitOf(minor)}</span>
    </p>
  );
}
