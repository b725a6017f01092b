import type { VNode } from 'preact';
import { useRoute } from 'preact-iso';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Face } from '../parts/Face.tsx';
import { FactRow } from '../parts/FactRow.tsx';
import { LineDays } from '../parts/LineDays.tsx';
import { Screen } from '../parts/Screen.tsx';
import { StandingNotice } from '../parts/StandingNotice.tsx';
import { named, sum } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';

/** One person: what the book says, what passed between us, and what can be proposed about them. */
export default function Person(): VNode {
  const app = useApp();
  const m = useAllWords();
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
  const { governing } = circle;
  const { member, isMe } = person;
  const name = person.name || m.someone();
  const inviter = circle.people.find((known) => known.member === person.invitedBy);
  const limits = governing.limits.find((known) => known.member === member);
  const standing = governing.standings.find((known) => known.member === member)?.standing ?? 'active';
  const hidden = app.settings.hideAmounts.value;
  const ours = circle.lines.filter((line) => line.other === member && line.direction !== 'between-others');
  const mayPropose = governing.myStanding === 'active';
  const change = (what: string): string => `/people/${member}/change/${what}`;
  return (
    <Screen title={name} back="/people">
      <div class="payee">
        <Face name={person.name} member={member} />
        <p class="quiet">{isMe ? m.you() : person.connected ? m.here_now() : m.not_here()}</p>
      </div>
      <StandingNotice name={name} isMe={isMe} standing={standing} />
      <dl class="facts push">
        <div>
          <dt>{m.balance()}</dt>
          <dd>{hidden ? m.hidden_amount() : format.full(person.balance)}</dd>
        </div>
        <div>
          <dt>{m.fact_invited_by()}</dt>
          <dd>{inviter ? named(m, inviter.name) : m.fact_founded()}</dd>
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
      {limits && (
        <p class="push">
          {rich(isMe ? m.person_limits_mine : m.person_limits, {
            lowest: sum(format, limits.lowestBalance),
            highest: sum(format, limits.highestBalance, 'plus'),
          })}
        </p>
      )}
      {limits?.isNew === true && inviter && (
        <p class="small quiet">{rich(m.person_new, { inviter: named(m, inviter.name) })}</p>
      )}
      {!isMe && standing === 'active' && (
        <a class="button wide push" href={`/pay/${person.device}`}>
          {m.pay_somebody({ name })}
        </a>
      )}
      {(mayPropose || (isMe && standing !== 'active')) && (
        <section>
          <h2 class="group">{m.propose_title()}</h2>
          <ul class="rows">
            {standing !== 'active' && (
              <FactRow
                drawing="giveBack"
                href={change('back')}
                title={isMe ? m.propose_back_mine() : m.propose_back()}
              />
            )}
            {mayPropose && <FactRow drawing="rules" href={change('room')} title={m.propose_room()} />}
            {mayPropose && standing === 'active' && (
              <FactRow drawing="waiting" href={change('pause')} title={m.propose_pause()} />
            )}
            {mayPropose && !isMe && standing !== 'expelled' && (
              <FactRow drawing="leave" href={change('leave')} title={m.propose_leave()} />
            )}
            {mayPropose && !isMe && standing === 'active' && (
              <FactRow drawing="phone" href={`/invite?as=recover&of=${member}`} title={m.help_new_phone()} />
            )}
          </ul>
        </section>
      )}
      {ours.length > 0 ? (
        <LineDays lines={ours} />
      ) : (
        !isMe && <p class="quiet push">{m.person_nothing_yet()}</p>
      )}
    </Screen>
  );
}
