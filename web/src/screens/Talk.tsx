import type { FaultView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { Screen } from '../parts/Screen.tsx';
import { shareText } from '../parts/sharing.ts';
import type { Words } from '../words/language.ts';

const faultText = (m: Words, fault: FaultView): string => {
  const name = fault.memberName || m.someone();
  switch (fault.kind) {
    case 'two-histories':
      return m.fault_two_histories({ name });
    case 'double-vote':
      return m.fault_double_vote({ name });
    case 'two-decisions':
      return m.fault_two_decisions({ name });
  }
};

/** Entries that contradict each other, side by side. Nobody is called anything: there is something to talk about. */
export default function Talk(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  return (
    <Screen title={m.talk_title()} back="/circle">
      {circle.faults.length === 0 ? (
        <p class="quiet">{m.talk_none()}</p>
      ) : (
        <div class="stack">
          <p>{m.notice_talk()}</p>
          {circle.faults.map((fault) => (
            <section key={fault.id} class="fault">
              <h2>
                <Drawing name="fork" /> {faultText(m, fault)}
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
            </section>
          ))}
          <p>{m.talk_next()}</p>
          <button
            class="button second"
            type="button"
            onClick={() =>
              void shareText(
                app,
                m.talk_title(),
                circle.faults
                  .map((fault) => `${faultText(m, fault)}\n${fault.left.summary}\n${fault.right.summary}`)
                  .join('\n\n'),
              )
            }
          >
            <Drawing name="share" />
            {m.share()}
          </button>
        </div>
      )}
    </Screen>
  );
}
