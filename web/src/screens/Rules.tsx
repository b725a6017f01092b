import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { DecisionRow } from '../parts/DecisionRow.tsx';
import { Drawing } from '../parts/Drawing.tsx';
import { EndedMotions } from '../parts/EndedMotions.tsx';
import { MotionRow } from '../parts/MotionRow.tsx';
import { Screen } from '../parts/Screen.tsx';
import { isConsent, RULE_FIELDS, ruleValue, shareOf } from '../words/ruleField.ts';
import type { RuleField } from '../words/ruleField.ts';
import { ruleSentence } from '../words/ruleSentence.ts';
import '../style/governing.css';

/** So many decisions are shown before one asks for all of them. */
const NEWEST = 12;

/** What holds in this circle, what is proposed, and what was decided so far. */
export default function Rules(): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const { motions, endedMotions } = circle.governing;
  const newestFirst = circle.decisions.toReversed();
  return (
    <Screen title={m.rules_and_changes()} back="/circle">
      <section>
        <h2 class="group">{m.changes_title()}</h2>
        {motions.length === 0 ? (
          <p class="quiet">{m.changes_none()}</p>
        ) : (
          <ul class="rows">
            {motions.map((motion) => (
              <MotionRow key={motion.id} motion={motion} />
            ))}
          </ul>
        )}
      </section>
      {endedMotions.length > 0 && <EndedMotions ended={endedMotions} />}
      <section>
        <h2 class="group">{m.rules_hold()}</h2>
        <p class="small quiet hang">{m.rules_tap()}</p>
        <RuleRows fields={RULE_FIELDS.filter((field) => !isConsent(field))} />
      </section>
      <section>
        <h2 class="group">{m.rules_consents()}</h2>
        <RuleRows fields={RULE_FIELDS.filter(isConsent)} />
      </section>
      <section>
        <h2 class="group">{m.rules_fixed()}</h2>
        <ul class="stack tight points">
          <li>{m.rule_open()}</li>
          <li>{m.rule_money()}</li>
        </ul>
      </section>
      <section>
        <h2 class="group">{m.history()}</h2>
        <ol class="rows decisions">
          {newestFirst.slice(0, all ? undefined : NEWEST).map((decision) => (
            <DecisionRow key={decision.height} decision={decision} />
          ))}
        </ol>
        {!all && newestFirst.length > NEWEST && (
          <button class="button plain wide" type="button" onClick={() => setAll(true)}>
            {m.history_more({ count: format.number(newestFirst.length) })}
          </button>
        )}
        <p class="small quiet push">{m.founded_on({ when: format.dayAndTime(circle.foundedAt) })}</p>
      </section>
    </Screen>
  );
}

function RuleRows({ fields }: { readonly fields: readonly RuleField[] }): VNode {
  const m = useAllWords();
  const { governing } = useCircle();
  const format = useFormat();
  const count = governing.stewards.stewards.length;
  return (
    <ul class="rows">
      {fields.map((field) => (
        <li key={field}>
          <a class="row" href={`/circle/rules/${field}`}>
            <span class="what">
              <span>{ruleSentence(m, format, field, ruleValue(governing.rules, field))}</span>
              {isConsent(field) && (
                <span class="sub">
                  {m.share_now({
                    need: format.number(shareOf(governing.rules.consents[field], count)),
                    count: format.number(count),
                  })}
                </span>
              )}
            </span>
            <Drawing name="forward" size={18} turns />
          </a>
        </li>
      ))}
    </ul>
  );
}
