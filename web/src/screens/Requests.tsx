import type { JoinWishView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { named } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';
import '../style/governing.css';

/** Who waits to be let in, where the stewards decide [S2]. */
export default function Requests(): VNode {
  const m = useAllWords();
  const { joinWishes, stewards } = useCircle().governing;
  return (
    <Screen title={m.requests()} back="/circle">
      {joinWishes.length === 0 ? (
        <div class="stack">
          <p class="quiet">{m.requests_none()}</p>
          <a class="button second" href="/invite">
            {m.invite_someone()}
          </a>
        </div>
      ) : (
        <>
          <p>{m.requests_explained()}</p>
          <ul class="rows push">
            {joinWishes.map((wish) => (
              <Wish key={wish.device} wish={wish} />
            ))}
          </ul>
          {!stewards.iAm && <p class="small quiet push">{m.requests_only_stewards()}</p>}
        </>
      )}
    </Screen>
  );
}

function Wish({ wish }: { readonly wish: JoinWishView }): VNode {
  const app = useApp();
  const m = useAllWords();
  const { motions, stewards, myStanding } = useCircle().governing;
  const format = useFormat();
  const { busy, refusal, ask } = useAsk();
  const motion = motions.find(({ id }) => id === wish.motion);
  const name = wish.name || m.someone();
  const mayAnswer = motion ? motion.mayAnswer && motion.state === 'open' : stewards.iAm;
  const saidYes = motion?.myAnswer === 'yes';
  const sayYes = async (): Promise<void> => {
    const answer = await ask((intents) => intents.letIn(wish.device));
    if (answer.ok) app.said.value = m.requests_said();
  };
  const far = !motion
    ? m.requests_unanswered()
    : motion.state === 'agreed'
      ? m.motion_agreed_short()
      : m.motion_count({ yes: format.number(motion.yes.length), need: format.number(motion.need) });
  return (
    <li class="row">
      <span class="what">
        {named(m, wish.name)}
        <span class="sub">
          {rich(wish.byPoster ? m.requests_by_poster : m.requests_invited_by, {
            name: named(m, wish.inviter),
          })}{' '}
          · {far}
        </span>
        {saidYes && <span class="sub">{m.requests_said()}</span>}
      </span>
      <span class="wish-does">
        {mayAnswer && !saidYes && myStanding === 'active' && (
          <button class="button" type="button" disabled={busy} aria-busy={busy} onClick={() => void sayYes()}>
            <span>{m.requests_yes({ name })}</span>
          </button>
        )}
        {motion && (
          <a class="button second" href={`/circle/changes/${motion.id}`}>
            {m.requests_talk()}
          </a>
        )}
      </span>
      <Refused refusal={refusal} />
    </li>
  );
}
