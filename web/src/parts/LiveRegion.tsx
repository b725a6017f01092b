import type { VNode } from 'preact';
import { useApp } from '../app/app.ts';

/** What a screen reader hears without asking: paid, received, copied. */
export function LiveRegion(): VNode {
  return (
    <div class="seen-by-ear" role="status" aria-live="polite" aria-atomic="true">
      {useApp().said.value}
    </div>
  );
}
