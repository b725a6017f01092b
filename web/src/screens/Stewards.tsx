import type { VNode } from 'preact';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { Face } from '../parts/Face.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Refused } from '../parts/Refused.tsx';
import { SafetyFigures } from '../parts/SafetyFigures.tsx';
import { Screen } from '../parts/Screen.tsx';
import { listed, named } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';

/** Who keeps the book, how safe that is, who comes next, and whether this phone is on offer. */
export default function Stewards(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { stewards, next, offers, suggested } = circle.governing.stewards;
  return (
    <Screen title={m.stewards()} back="/circle">
      <SafetyFigures />
      {suggested !== null && (
        <Notice drawing="ticks" does={<a href="/circle/stewards/propose">{m.stewards_propose()}</a>}>
          <p>{m.stewards_suggested({ count: format.number(suggested) })}</p>
        </Notice>
      )}
      <ul class="rows push">
        {stewards.map(({ member, name, isMe, reachable }) => (
          <li key={member}>
            <a class="row" href={`/people/${member}`}>
              <Face name={name} member={member} />
              <span class="what">
                {named(m, name)}
                {isMe && <span class="sub">{m.you()}</span>}
              </span>
              <span class="side sub">{reachable ? m.here_now() : m.not_here()}</span>
            </a>
          </li>
        ))}
      </ul>
      <h2 class="group">{m.stewards_next_title()}</h2>
      <p>
        {next === null ? m.stewards_next_none() : rich(m.stewards_next, { names: listed(m, format, next) })}
      </p>
      <MyOffer />
      <h2 class="group">{m.stewards_offers()}</h2>
      <p class={offers.length === 0 ? 'quiet' : undefined}>
        {offers.length === 0
          ? m.stewards_offers_none()
          : listed(
              m,
              format,
              offers.map(({ name }) => name),
            )}
      </p>
      <div class="foot">
        <a class="button second wide" href="/circle/stewards/propose">
          {m.stewards_propose()}
        </a>
      </div>
    </Screen>
  );
}

/** Offering this phone for the next books, and taking it back. */
function MyOffer(): VNode {
  const app = useApp();
  const m = useAllWords();
  const { iOffer } = useCircle().governing.stewards;
  const { busy, refusal, ask } = useAsk();
  const offer = async (offers: boolean): Promise<void> => {
    const answer = await ask((intents) => intents.offerSteward(offers));
    if (answer.ok) app.toast.value = { text: offers ? m.steward_offered() : m.steward_offer_taken_back() };
  };
  return (
    <section>
      <h2 class="group">{m.steward_offer_mine()}</h2>
      <div class="stack tight">
        <p>{iOffer ? m.steward_offer_yes() : m.steward_offer_no()}</p>
        <ul class="stack tight points small">
          <li>{m.steward_offer_means_1()}</li>
          <li>{m.steward_offer_means_2()}</li>
        </ul>
        <Refused refusal={refusal} />
        <button
          class="button second"
          type="button"
          disabled={busy}
          aria-busy={busy}
          onClick={() => void offer(!iOffer)}
        >
          {iOffer ? m.steward_offer_back() : m.steward_offer_button()}
        </button>
      </div>
    </section>
  );
}
