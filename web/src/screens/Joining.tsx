import type { VNode } from 'preact';
import type { JoinProgress, PeerView, Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Screen } from '../parts/Screen.tsx';
import { WeaveTap } from '../parts/WeaveTap.tsx';

const STEPS: readonly JoinProgress[] = ['looking', 'asking', 'waiting-for-keeper', 'admitted'];

interface Props {
  readonly view: Extract<PeerView, { stage: 'joining' }>;
}
/** How far the asking to be let in has come. It goes on by itself; the app may be closed meanwhile. */
export function Joining({ view }: Props): VNode {
  const app = useApp();
  const m = useWords();
  const { invite, progress, refused } = view;
  const reached = STEPS.indexOf(progress);
  const back = invite.as === 'recover' || invite.as === 'vouch';
  const name = invite.inviterName || m.someone();
  const text = (step: JoinProgress): string => {
    switch (step) {
      case 'looking':
        return back ? m.joining_recover_looking() : m.joining_looking({ name });
      case 'asking':
        return m.joining_asking();
      case 'waiting-for-keeper':
        return back ? m.joining_recover_waiting() : m.joining_waiting();
      case 'admitted':
        return m.joining_admitted();
    }
  };
  return (
    <Screen
      title={
        back
          ? m.joining_recover({ circle: invite.circleName })
          : m.joining_title({ circle: invite.circleName })
      }
    >
      <WeaveTap circle={invite.circle} name={invite.circleName} />
      <div role="status">
        <ol class="steps push">
          {STEPS.map((step, index) => (
            <li key={step} class={index < reached ? 'done' : index === reached ? 'now' : undefined}>
              <Drawing name={index < reached ? 'tick' : 'ring'} />
              {text(step)}
            </li>
          ))}
        </ol>
      </div>
      {back && <p class="push">{m.joining_recover_hint()}</p>}
      <p class="quiet push">{m.joining_hint({ name })}</p>
      {refused !== null && (
        <Notice drawing="attention" tone="trouble" role="alert">
          <p>{m.joining_refused({ reason: refusedReason(m, refused) })}</p>
        </Notice>
      )}
      <div class="foot">
        <button
          class="button second wide"
          type="button"
          onClick={() => void app.engine.value.intents.cancelJoin()}
        >
          {m.cancel_join()}
        </button>
      </div>
    </Screen>
  );
}

/** The engine says why by a refusal's code; a circle's own words are shown as they are. */
const refusedReason = (m: ReturnType<typeof useWords>, refused: string): string => {
  const code = refused as Refusal['code'];
  switch (code) {
    case 'invite-used':
      return m.refused_invite_used();
    case 'invite-expired':
      return m.refused_invite_expired();
    case 'bad-signature':
      return m.refused_bad_signature();
    case 'wrong-words':
      return m.refused_wrong_words();
    case 'nobody-to-ask':
      return m.refused_nobody_to_ask();
    default:
      return refused;
  }
};
