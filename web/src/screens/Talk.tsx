import type { FaultView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { Screen } from '../parts/Screen.tsx';
import { shareText } from '../parts/sharing.ts';
import type { AllWords } from '../words/language.ts';
import '../style/governing.css';

/** What happened, and what it mostly means: kindly, because mostly it is a mishap. */
const faultTexts = (m: AllWords, fault: FaultView): { readonly what: string; readonly means: string } => {
  const name = fault.memberName || m.someone();
  switch (fault.kind) {
    case 'two-histories':
      return { what: m.fault_two_histories({ name }), means: m.fault_means_two_histories() };
    case 'double-vote':
      return { what: m.fault_double_vote({ name }), means: m.fault_means_double_vote() };
    case 'vote-after-promise':
      return { what: m.fault_after_promise({ name }), means: m.fault_means_after_promise() };
    case 'two-decisions':
      return { what: m.fault_two_decisions({ name }), means: m.fault_means_two_decisions() };
  }
};

/** Entries that contradict each other, side by side. Nobody is called anything: there is something to talk about. */
export default function Talk(): VNode {
  const app = useApp();
  const m = useAllWords();
  const { faults } = useCircle();
  const asText = (fault: FaultView): string =>
    `${faultTexts(m, fault).what}\n${fault.left.summary}\n${fault.right.summary}`;
  return (
    <Screen title={m.talk_title()} back="/circle">
      {faults.length === 0 ? (
        <p class="quiet">{m.talk_none()}</p>
      ) : (
        <div class="stack">
          <p>{m.notice_talk()}</p>
          {faults.map((fault) => (
            <Fault key={fault.id} fault={fault} />
          ))}
          <p>{m.talk_next()}</p>
          <button
            class="button second"
            type="button"
            onClick={() => void shareText(app, m.talk_title(), faults.map(asText).join('\n\n'))}
          >
            <Drawing name="share" />
            {m.share()}
          </button>
        </div>
      )}
    </Screen>
  );
}

function Fault({ fault }: { readonly fault: FaultView }): VNode {
  const m = useAllWords();
  const { what, means } = faultTexts(m, fault);
  const name = fault.memberName || m.someone();
  const isVote = fault.kind === 'double-vote' || fault.kind === 'vote-after-promise';
  return (
    <section class="fault">
      <h2>
        <Drawing name="fork" /> {what}
      </h2>
      <dl class="sides">
        <div>
          <dt>{m.talk_one()}</dt>
          <dd>
            <bdi>{fault.left.summary}</bdi>
          </dd>
        </div>
        <div>
          <dt>{m.talk_other()}</dt>
          <dd>
            <bdi>{fault.right.summary}</bdi>
          </dd>
        </div>
      </dl>
      <p class="push">{means}</p>
      {fault.member !== null && (
        <>
          <h3 class="push small quiet">{m.fault_do()}</h3>
          <p class="does">
            <a href={`/people/${fault.member}`}>{m.fault_do_person({ name })}</a>
            <a href={`/people/${fault.member}/change/pause`}>{m.fault_do_pause({ name })}</a>
            {isVote && <a href="/circle/stewards/propose">{m.fault_do_stewards()}</a>}
          </p>
        </>
      )}
    </section>
  );
}
