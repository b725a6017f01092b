import type { DecisionView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Screen } from '../parts/Screen.tsx';
import type { Words } from '../words/language.ts';

/** A decision of the circle's log as a sentence. */
const decisionText = (m: Words, decision: DecisionView): string => {
  const who = decision.who || m.someone();
  const by = decision.by || m.someone();
  switch (decision.type) {
    case 'found':
      return m.decision_found({ who: by });
    case 'admit-member':
      return m.decision_member({ who, by });
    case 'admit-device':
      return m.decision_device({ who });
    case 'keeper':
      return m.decision_keeper({ who });
  }
};

/** What the circle agreed on, in sentences, and every decision since. */
export default function Rules(): VNode {
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const { policy } = circle;
  return (
    <Screen title={m.rules()} back="/circle">
      <h2 class="group">{m.rules_agreed()}</h2>
      <ul class="stack tight points">
        <li>{policy.admission === 'inviter' ? m.rule_admission_inviter() : m.rule_admission_stewards()}</li>
        <li>
          {m.rule_first_grant({
            lowest: format.short(policy.firstGrant.lowestBalance),
            highest: format.short(policy.firstGrant.highestBalance),
            unit: format.unit,
          })}
        </li>
        <li>{m.rule_small({ amount: format.full(policy.smallAmount) })}</li>
        <li>{m.rule_offline({ amount: format.full(policy.offlineAmount) })}</li>
        <li>{m.rule_open()}</li>
        <li>{m.rule_money()}</li>
      </ul>
      <h2 class="group">{m.the_book()}</h2>
      <p>
        {circle.keeper.isThisDevice
          ? m.book_kept_here()
          : m.book_kept_by({ name: circle.keeper.name || m.someone() })}{' '}
        {m.book_away_hint()}
      </p>
      <h2 class="group">{m.decisions()}</h2>
      <ol class="rows decisions">
        {circle.decisions.toReversed().map((decision) => (
          <li key={decision.height} class="row">
            <span class="sub figures">{format.number(decision.height)}</span>
            <span class="what">{decisionText(m, decision)}</span>
          </li>
        ))}
      </ol>
      <p class="small quiet push">{m.founded_on({ when: format.dayAndTime(circle.foundedAt) })}</p>
    </Screen>
  );
}
