import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useRoute } from 'preact-iso';
import type { ActView, MotionWish, PersonView, Standing } from '@corridor/peer';
import { useAllWords, useCircle } from '../app/app.ts';
import { consentNeeded } from '../app/consentNeeded.ts';
import { useFormat } from '../app/format.ts';
import { Face } from '../parts/Face.tsx';
import { ProposeForm } from '../parts/ProposeForm.tsx';
import { Screen } from '../parts/Screen.tsx';
import { SumField } from '../parts/SumField.tsx';
import { amountText, parseAmount } from '../words/amount.ts';

/** Proposes something about one person: room, a pause, leaving, coming back. The path says which. */
export default function ChangePerson(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const { params } = useRoute();
  const person = circle.people.find(({ member }) => member === params['member']);
  if (!person) {
    return (
      <Screen title={m.propose_title()} back="/people">
        <p>{m.refused_not_a_member()}</p>
      </Screen>
    );
  }
  switch (params['what']) {
    case 'pause':
      return <ChangeStanding person={person} standing="suspended" />;
    case 'leave':
      return <ChangeStanding person={person} standing="expelled" />;
    case 'back':
      return <ChangeStanding person={person} standing="active" />;
    default:
      return <ChangeRoom person={person} />;
  }
}

function ChangeRoom({ person }: { readonly person: PersonView }): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { member } = person;
  const name = person.name || m.someone();
  const [before] = useState(() => {
    const known = circle.governing.limits.find((limits) => limits.member === member);
    return known ?? { lowestBalance: 0, highestBalance: 0 };
  });
  const [down, setDown] = useState(amountText(-before.lowestBalance, format.style));
  const [up, setUp] = useState(amountText(before.highestBalance, format.style));
  const low = parseAmount(down, format.style.decimals);
  const high = parseAmount(up, format.style.decimals);
  const limits =
    low === null || high === null ? null : { lowestBalance: low === 0 ? 0 : -low, highestBalance: high };
  const isChanged =
    limits?.lowestBalance !== before.lowestBalance || limits.highestBalance !== before.highestBalance;
  const wish: MotionWish | null = limits && isChanged ? { type: 'limits', member, ...limits } : null;
  const isLess =
    limits !== null &&
    (limits.lowestBalance > before.lowestBalance || limits.highestBalance < before.highestBalance);
  return (
    <Screen
      title={m.propose_room_of({ name })}
      back={`/people/${member}`}
      face={<Face name={person.name} member={member} />}
    >
      <ProposeForm
        wish={wish}
        act={
          wish && limits
            ? { type: 'limits', who: person.name, member, ...limits, before: { ...before } }
            : null
        }
        needs={consentNeeded(circle, 'limits', member)}
      >
        <div class="pair">
          <SumField
            id="down"
            label={m.room_down({ unit: format.unit })}
            value={down}
            isWrong={low === null}
            onValue={setDown}
          />
          <SumField
            id="up"
            label={m.room_up({ unit: format.unit })}
            value={up}
            isWrong={high === null}
            onValue={setUp}
          />
        </div>
        {isLess && <p class="small quiet">{m.room_lower_hint()}</p>}
      </ProposeForm>
    </Screen>
  );
}

interface StandingProps {
  readonly person: PersonView;
  readonly standing: Standing;
}
function ChangeStanding({ person, standing }: StandingProps): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const { member, isMe } = person;
  const name = person.name || m.someone();
  const before = circle.governing.standings.find((known) => known.member === member)?.standing ?? 'active';
  const words = {
    active: {
      title: isMe ? m.propose_back_mine() : m.propose_back_of({ name }),
      means: [isMe ? m.propose_back_means_mine() : m.propose_back_means()],
    },
    suspended: {
      title: m.propose_pause_of({ name }),
      means: [m.propose_pause_means_1(), m.propose_pause_means_2()],
    },
    expelled: {
      title: m.propose_leave_of({ name }),
      means: [m.propose_leave_means_3(), m.propose_leave_means_1(), m.propose_leave_means_2()],
    },
  }[standing];
  const act: ActView | null =
    before === standing ? null : { type: 'standing', who: person.name, member, standing };
  return (
    <Screen title={words.title} back={`/people/${member}`} face={<Face name={person.name} member={member} />}>
      <ProposeForm
        wish={act && { type: 'standing', member, standing }}
        act={act}
        needs={consentNeeded(circle, 'expel', member)}
        isReasonNeeded={standing === 'expelled'}
        isAppeal={isMe && standing === 'active'}
      >
        <ul class="stack tight points">
          {words.means.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </ProposeForm>
    </Screen>
  );
}
