import type { Standing } from '@corridor/peer';
import type { VNode } from 'preact';
import { useAllWords } from '../app/app.ts';
import { Notice } from './Notice.tsx';

interface Props {
  readonly name: string;
  readonly isMe: boolean;
  readonly standing: Standing;
}
/** Why somebody takes no part at the moment, said as a neighbour says it. */
export function StandingNotice({ name, isMe, standing }: Props): VNode | null {
  const m = useAllWords();
  const texts = {
    active: null,
    suspended: isMe ? m.person_suspended_mine() : m.person_suspended({ name }),
    expelled: isMe ? m.person_expelled_mine() : m.person_expelled({ name }),
  };
  const text = texts[standing];
  if (text === null) return null;
  return (
    <Notice drawing="waiting" tone="calm">
      <p>{text}</p>
    </Notice>
  );
}
