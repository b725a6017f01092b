import type { ComponentChildren, VNode } from 'preact';
import { Drawing } from './Drawing.tsx';
import type { DrawingName } from './drawings.ts';

interface Props {
  readonly drawing?: DrawingName;
  /** attention: marigold; calm: blue; trouble: framed in red. The drawing and the words say it too. */
  readonly tone?: 'attention' | 'calm' | 'trouble';
  readonly role?: 'alert' | 'status';
  readonly children: ComponentChildren;
  /** Links or buttons under the text. */
  readonly does?: ComponentChildren;
}
/** A sentence that wants to be read before going on. */
export function Notice({ drawing = 'about', tone = 'attention', role, children, does }: Props): VNode {
  return (
    <div class={tone === 'attention' ? 'notice' : `notice ${tone}`} role={role}>
      <Drawing name={drawing} />
      <div>{children}</div>
      {does !== undefined && does !== false && <div class="does">{does}</div>}
    </div>
  );
}
