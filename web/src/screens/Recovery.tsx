import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Drawing } from '../parts/Drawing.tsx';
import type { DrawingName } from '../parts/drawings.ts';
import { Face } from '../parts/Face.tsx';
import { Screen } from '../parts/Screen.tsx';
import { named } from '../words/inSentence.tsx';

/** What is prepared for the day this phone is lost, and what can still be. */
export default function Recovery(): VNode {
  const m = useAllWords();
  const format = useFormat();
  const { wordsAt, helpers, helpersNeeded, practisedAt } = useCircle().governing.recovery;
  const isReady = wordsAt !== null || helpers.length > 0;
  return (
    <Screen title={m.recovery()} back="/me">
      <p class="lead" role="status">
        {isReady ? m.recovery_ready() : m.recovery_none()}
      </p>
      <ul class="rows push">
        <Way
          drawing="write"
          href="/me/recovery/words"
          title={m.recovery_words()}
          fact={
            wordsAt === null ? m.recovery_words_none() : m.recovery_words_made({ when: format.day(wordsAt) })
          }
        />
        <Way
          drawing="circle"
          href="/me/recovery/neighbours"
          title={m.recovery_helpers()}
          fact={
            helpers.length === 0
              ? m.recovery_helpers_none()
              : m.recovery_helpers_fact({
                  need: format.number(helpersNeeded),
                  count: format.number(helpers.length),
                })
          }
        />
        {wordsAt !== null && (
          <Way
            drawing="renew"
            href="/me/recovery/practise"
            title={m.recovery_practise()}
            fact={
              practisedAt === null
                ? m.recovery_practised_never()
                : m.recovery_practised({ when: format.day(practisedAt) })
            }
          />
        )}
      </ul>
      {helpers.length > 0 && (
        <ul class="faces push" aria-label={m.recovery_helpers()}>
          {helpers.map(({ member, name }) => (
            <li key={member}>
              <a href={`/people/${member}`}>
                <Face name={name} member={member} />
                {named(m, name)}
              </a>
            </li>
          ))}
        </ul>
      )}
      <p class="quiet push">{m.recovery_why()}</p>
    </Screen>
  );
}

interface WayProps {
  readonly drawing: DrawingName;
  readonly href: string;
  readonly title: string;
  readonly fact: string;
}
/** One way back, with how far it is prepared below its name. */
function Way({ drawing, href, title, fact }: WayProps): VNode {
  return (
    <li>
      <a class="row" href={href}>
        <Drawing name={drawing} />
        <span class="what">
          <span>{title}</span>
          <span class="sub">{fact}</span>
        </span>
        <Drawing name="forward" size={18} turns />
      </a>
    </li>
  );
}
