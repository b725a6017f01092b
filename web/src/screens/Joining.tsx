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
  const text = (step: JoinProgress): string => {
    switch (step) {
      case 'looking':
        return m.joining_looking({ name: invite.inviterName || m.someone() });
      case 'asking':
        return m.joining_asking();
      case 'waiting-for-keeper':
        return m.joining_waiting();
      case 'admitted':
        return m.joining_admitted();
    }
  };
  return (
    <Screen title={m.joining_title({ circle: invite.circleName })}>
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
      <p class="quiet push">{m.joining_hint({ name: invite.inviterName || m.someone() })}</p>
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
    default:
      return refused;
  }
};
