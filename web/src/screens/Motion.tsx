import type { ActView, CircleView, MotionView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useRoute } from 'preact-iso';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import type { Format } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { MotionTalk } from '../parts/MotionTalk.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { actSentence, beforeSentences } from '../words/actSentence.ts';
import { listed, named } from '../words/inSentence.tsx';
import type { AllWords } from '../words/language.ts';
import { rich } from '../words/rich.ts';
import '../style/governing.css';

const needsText = (m: AllWords, format: Format, { who, need }: MotionView): string => {
  const counted = { count: need, shown: format.number(need) };
  switch (who) {
    case 'stewards':
      return m.motion_needs_stewards(counted);
    case 'helpers':
      return m.motion_needs_helpers(counted);
    case 'own-device':
      return m.motion_needs_own();
  }
};

/** One proposal: what it says, who said yes or no, one's own answer, and the talk about it. */
export default function Motion(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const { params } = useRoute();
  const motion = circle.governing.motions.find(({ id }) => id === params['id']);
  if (!motion) {
    return (
      <Screen title={m.motion_title()} back="/circle/rules">
        <div class="stack">
          <p role="status">{m.motion_gone()}</p>
          <a class="button second wide" href="/circle/rules">
            {m.motion_see_rules()}
          </a>
        </div>
      </Screen>
    );
  }
  return <OpenMotion motion={motion} />;
}

function OpenMotion({ motion }: { readonly motion: MotionView }): VNode {
  const m = useAllWords();
  const format = useFormat();
  const circle = useCircle();
  const { act, by, at, reason, yes, no, need, state } = motion;
  return (
    <Screen title={m.motion_title()} back="/circle/rules">
      <p class="lead">{actSentence(m, format, act, by)}</p>
      {beforeSentences(m, format, act).map((before, place) => (
        <p class="quiet" key={place}>
          {before}
        </p>
      ))}
      {reason !== '' && (
        <blockquote class="quote">
          <bdi>{reason}</bdi>
        </blockquote>
      )}
      <p class="small quiet">
        {rich(({ name }) => m.motion_by({ name, when: format.dayAndTime(at) }), { name: named(m, by) })}
      </p>
      <dl class="facts push" aria-live="polite">
        <div>
          <dt>{m.motion_yes()}</dt>
          <dd>{yes.length === 0 ? m.motion_nobody() : listed(m, format, yes)}</dd>
        </div>
        {no.length > 0 && (
          <div>
            <dt>{m.motion_no()}</dt>
            <dd>{listed(m, format, no)}</dd>
          </div>
        )}
      </dl>
      <p class="push">
        {needsText(m, format, motion)}{' '}
        <span class="quiet">
          {m.motion_count({ yes: format.number(yes.length), need: format.number(need) })}.
        </span>
      </p>
      {state === 'agreed' && (
        <Notice drawing="ticks" tone="calm" role="status">
          <p>{m.motion_agreed()}</p>
        </Notice>
      )}
      {(state !== 'agreed' || isAboutMyPhone(circle, act)) && <Answering motion={motion} />}
      <MotionTalk motion={motion} />
    </Screen>
  );
}

/** A phone that is called lost is in my hand: my no stops it, whoever agreed [C4]. */
const isAboutMyPhone = ({ me }: CircleView, act: ActView): boolean =>
  act.type === 'replace' && act.isNew && act.member === me.member;

/** My yes or no, which can change as long as it is open. */
function Answering({ motion }: { readonly motion: MotionView }): VNode {
  const app = useApp();
  const m = useAllWords();
  const circle = useCircle();
  const { busy, refusal, ask } = useAsk();
  const { act, myAnswer } = motion;
  const isMine = isAboutMyPhone(circle, act);
  if (!motion.mayAnswer) return <p class="quiet">{m.motion_not_yours()}</p>;
  const answer = async (yes: boolean): Promise<void> => {
    const done = await ask((intents) => intents.answer(motion.id, yes));
    if (done.ok) app.said.value = yes ? m.motion_said_yes() : m.motion_said_no();
  };
  return (
    <div class="stack tight push">
      {(isMine || motion.who === 'helpers') && (
        <Notice drawing="attention">
          <p>{isMine ? m.motion_about_my_phone() : m.motion_helper_warning()}</p>
        </Notice>
      )}
      <div class="pair" role="group" aria-label={m.motion_yours()}>
        <button
          class={myAnswer === 'yes' ? 'button broad' : 'button second broad'}
          type="button"
          aria-pressed={myAnswer === 'yes'}
          disabled={busy}
          onClick={() => void answer(true)}
        >
          {m.motion_say_yes()}
        </button>
        <button
          class={myAnswer === 'no' ? 'button' : 'button second'}
          type="button"
          aria-pressed={myAnswer === 'no'}
          disabled={busy}
          onClick={() => void answer(false)}
        >
          {m.motion_say_no()}
        </button>
      </div>
      {myAnswer !== null && (
        <p class="small quiet">{myAnswer === 'yes' ? m.motion_said_yes() : m.motion_said_no()}</p>
      )}
      <Refused refusal={refusal} />
    </div>
  );
}
