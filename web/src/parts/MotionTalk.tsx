import { useRef, useState } from 'preact/hooks';
import type { MotionView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { Face } from './Face.tsx';
import { Refused } from './Refused.tsx';

const MAX_COMMENT = 250;

/** What people say about a motion, and the field to say something oneself. */
export function MotionTalk({ motion }: { readonly motion: MotionView }): VNode {
  const app = useApp();
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { busy, refusal, ask } = useAsk();
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const memberOf = (name: string): string =>
    circle.people.find((person) => person.name === name)?.member ?? '';
  const say = async (): Promise<void> => {
    const answer = await ask((intents) => intents.comment(motion.id, text.trim()));
    if (!answer.ok) return;
    setText('');
    field.current?.focus();
    app.said.value = m.talk_said();
  };
  return (
    <section>
      <h2 class="group">{m.talk()}</h2>
      {motion.comments.length === 0 ? (
        <p class="quiet">{m.talk_empty()}</p>
      ) : (
        <ol class="rows">
          {motion.comments.map(({ who, text: said, at }) => (
            <li class="row said" key={`${at} ${who} ${said}`}>
              <Face name={who} member={memberOf(who)} />
              <span class="what">
                <span class="sub">
                  <bdi>{who || m.someone()}</bdi> · {format.shortWhen(at)}
                </span>
                <bdi>{said}</bdi>
              </span>
            </li>
          ))}
        </ol>
      )}
      <form
        class="stack tight push"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '' && !busy) void say();
        }}
      >
        <div class="field">
          <label for="say">{m.talk_label()}</label>
          <textarea
            ref={field}
            id="say"
            rows={2}
            maxLength={MAX_COMMENT}
            aria-describedby="say-hint"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p class="hint" id="say-hint">
            {m.talk_hint()}
          </p>
        </div>
        <Refused refusal={refusal} />
        <button class="button second" type="submit" disabled={busy || text.trim() === ''} aria-busy={busy}>
          {m.talk_button()}
        </button>
      </form>
    </section>
  );
}
