import type { PersonView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Drawing } from './Drawing.tsx';
import { Face } from './Face.tsx';

interface Props {
  readonly person: PersonView;
  readonly href: string;
  /** With the balance at the side, as the list of people shows it. */
  readonly withBalance?: boolean;
}
/** One person in a list. */
export function PersonRow({ person, href, withBalance = false }: Props): VNode {
  const m = useWords();
  const format = useFormat();
  const hidden = useApp().settings.hideAmounts.value;
  const standing = useCircle().governing.standings.find(({ member }) => member === person.member)?.standing;
  const facts = [
    person.isMe && m.you(),
    standing === 'suspended' && m.standing_suspended(),
    standing === 'expelled' && m.standing_expelled(),
    person.connected && !person.isMe && m.here_now(),
    person.keepsBook && m.keeps_the_book(),
    person.lastTradedAt !== null &&
      !person.isMe &&
      m.last_traded({ when: format.shortWhen(person.lastTradedAt) }),
  ].filter((fact) => fact !== false);
  return (
    <li>
      <a class="row" href={href}>
        <Face name={person.name} member={person.member} />
        <span class="what">
          <bdi>{person.name || m.someone()}</bdi>
          {facts.length > 0 && <span class="sub">{facts.join(' · ')}</span>}
        </span>
        {withBalance && (
          <span class="side">
            <span class="amount">
              {hidden ? m.hidden_amount() : <bdi dir="ltr">{format.amount(person.balance)}</bdi>}
            </span>
          </span>
        )}
        <Drawing name="forward" size={18} turns />
      </a>
    </li>
  );
}
