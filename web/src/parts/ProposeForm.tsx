import { useState } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { ActView, MotionWish } from '@corridor/peer';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import type { ConsentNeeded } from '../app/consentNeeded.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { actSentence, beforeSentences } from '../words/actSentence.ts';
import { Notice } from './Notice.tsx';
import { Refused } from './Refused.tsx';
import '../style/governing.css';

/** A reason is a text of its own in the book, and a letter may take four of its 1,024 bytes. */
const MAX_REASON = 250;

interface Props {
  /** The fields above the sentence. */
  readonly children?: ComponentChildren;
  readonly wish: MotionWish | null;
  /** What the wish does; null while nothing would change. */
  readonly act: ActView | null;
  readonly needs: ConsentNeeded;
  /** How it is now stands above the fields already. */
  readonly showsNow?: boolean;
  readonly isReasonNeeded?: boolean;
  /** Somebody on a pause can propose one thing only: to be let back in. */
  readonly isAppeal?: boolean;
}
/** The end of every proposal: the sentence it makes, why, who must agree, and the button. */
export function ProposeForm(props: Props): VNode {
  const { children, wish, act, needs, showsNow = false, isReasonNeeded = false, isAppeal = false } = props;
  const app = useApp();
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { route } = useLocation();
  const { busy, refusal, ask } = useAsk();
  const [reason, setReason] = useState('');
  const { myStanding, stewards } = circle.governing;
  if (myStanding !== 'active' && !isAppeal) {
    return (
      <Notice drawing="waiting" tone="calm">
        <p>{m.paused_cannot_propose()}</p>
      </Notice>
    );
  }
  const isReady = wish !== null && act !== null && (!isReasonNeeded || reason.trim() !== '');
  const propose = async (): Promise<void> => {
    if (wish === null) return;
    const answer = await ask((intents) => intents.propose(wish, reason.trim()));
    if (!answer.ok) return;
    app.said.value = m.proposed();
    route(`/circle/changes/${answer.value}`, true);
  };
  const figures = { need: format.number(needs.need), count: format.number(needs.count) };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !busy) void propose();
      }}
    >
      {children}
      <section class="proposal" aria-live="polite">
        <h2 class="small quiet">{showsNow ? m.rule_then() : m.propose_sentence()}</h2>
        {act === null ? (
          <p class="quiet">{m.propose_nothing()}</p>
        ) : (
          <>
            <p class="lead">{actSentence(m, format, act, circle.me.name)}</p>
            {!showsNow &&
              beforeSentences(m, format, act).map((before, at) => (
                <p class="small quiet" key={at}>
                  {before}
                </p>
              ))}
          </>
        )}
      </section>
      <div class="field">
        <label for="reason">{isReasonNeeded ? m.reason() : m.reason_optional()}</label>
        <textarea
          id="reason"
          rows={3}
          maxLength={MAX_REASON}
          required={isReasonNeeded}
          aria-describedby="reason-hint"
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <p class="hint" id="reason-hint">
          {isReasonNeeded ? m.reason_hint_needed() : m.reason_hint()}
        </p>
      </div>
      <p class="quiet">
        {stewards.iAm && !isAppeal ? m.propose_needs_mine(figures) : m.propose_needs(figures)}
      </p>
      <Refused refusal={refusal} />
      <button class="button wide" type="submit" disabled={busy || !isReady} aria-busy={busy}>
        {m.propose_button()}
      </button>
    </form>
  );
}
