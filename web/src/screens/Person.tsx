import type { VNode } from 'preact';
import { useRoute } from 'preact-iso';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Face } from '../parts/Face.tsx';
import { LineDays } from '../parts/LineDays.tsx';
import { Screen } from '../parts/Screen.tsx';

/** One person: what the book says, and what passed between us. */
export default function Person(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const { params } = useRoute();
  const person = circle.people.find(({ member }) => member === params['member']);
  if (!person) {
    return (
      <Screen title={m.people()} back="/people">
        <p>{m.refused_not_a_member()}</p>
      </Screen>
    );
  }
  const name = person.name || m.someone();
  const inviter = circle.people.find(({ member }) => member === person.invitedBy);
  const hidden = app.settings.hideAmounts.value;
  const ours = circle.lines.filter(
    (line) => line.other === person.member && line.direction !== 'between-others',
  );
  return (
    <Screen title={name} back="/people">
      <div class="payee">
        <Face name={person.name} member={person.member} />
        <p class="quiet">{person.isMe ? m.you() : person.connected ? m.here_now() : m.not_here()}</p>
      </div>
      <dl class="facts push">
        <div>
          <dt>{m.balance()}</dt>
          <dd>{hidden ? m.hidden_amount() : format.full(person.balance)}</dd>
        </div>
        <div>
          <dt>{m.fact_invited_by()}</dt>
          <dd>{inviter ? <bdi>{inviter.name || m.someone()}</bdi> : m.fact_founded()}</dd>
        </div>
        <div>
          <dt>{m.fact_phones()}</dt>
          <dd>{format.number(person.devices)}</dd>
        </div>
        {person.keepsBook && (
          <div>
            <dt>{m.the_book()}</dt>
            <dd>{m.keeps_the_book()}</dd>
          </div>
        )}
      </dl>
      {!person.isMe && (
        <a class="button wide push" href={`/pay/${person.device}`}>
          {m.pay_somebody({ name })}
        </a>
      )}
      {ours.length > 0 ? (
        <LineDays lines={ours} />
      ) : (
        !person.isMe && <p class="quiet push">{m.person_nothing_yet()}</p>
      )}
    </Screen>
  );
}
