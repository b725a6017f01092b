import type { LineView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import type { Words } from '../words/language.ts';
import { Drawing } from './Drawing.tsx';
import type { DrawingName } from './drawings.ts';

const DRAWING: Readonly<Record<LineView['state'], DrawingName>> = {
  'on-this-phone': 'ring',
  'they-have-it': 'tick',
  final: 'ticks',
  closed: 'knot',
  'needs-a-talk': 'fork',
  'cannot-count': 'attention',
  overtaken: 'back',
};

/** How far a payment has come, in words. */
const stateText = (m: Words, line: LineView): string => {
  switch (line.state) {
    case 'on-this-phone':
      return m.state_on_this_phone();
    case 'they-have-it':
      return line.direction === 'out'
        ? m.state_they_have_it({ name: line.otherName || m.someone() })
        : m.state_both_have_it();
    case 'final':
      return m.state_final();
    case 'closed':
      return m.state_closed();
    case 'needs-a-talk':
      return m.state_needs_a_talk();
    case 'cannot-count':
      return m.state_cannot_count();
    case 'overtaken':
      return m.state_overtaken();
  }
};

/** Drawing and word together: never the drawing alone. */
export function StateWord({ line }: { readonly line: LineView }): VNode {
  const talk = line.state === 'needs-a-talk' || line.state === 'cannot-count';
  return (
    <span class={talk ? 'state talk' : 'state'}>
      <Drawing name={DRAWING[line.state]} size={16} />
      {stateText(useWords(), line)}
    </span>
  );
}
