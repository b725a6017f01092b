import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useRoute } from 'preact-iso';
import type { ActView } from '@corridor/peer';
import { useAllWords, useCircle } from '../app/app.ts';
import { consentNeeded } from '../app/consentNeeded.ts';
import { useFormat } from '../app/format.ts';
import { ProposeForm } from '../parts/ProposeForm.tsx';
import { RuleEditor } from '../parts/RuleEditor.tsx';
import { Screen } from '../parts/Screen.tsx';
import { policyChanges, readRuleField, ruleValue, withRule } from '../words/ruleField.ts';
import type { RuleField } from '../words/ruleField.ts';
import { ruleSentence } from '../words/ruleSentence.ts';

/** Proposes one rule set otherwise: how it is, how it would be. */
export default function ChangeRule(): VNode {
  const m = useAllWords();
  const field = readRuleField(useRoute().params['rule'] ?? '');
  if (field === null) {
    return (
      <Screen title={m.rule_change_title()} back="/circle/rules">
        <p>{m.rule_unknown()}</p>
      </Screen>
    );
  }
  return <OneRule key={field} field={field} />;
}

function OneRule({ field }: { readonly field: RuleField }): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { rules } = circle.governing;
  const [start] = useState(() => ruleValue(rules, field));
  const [value, setValue] = useState<string | number | null>(start);
  const policy = value === null ? null : withRule(rules, field, value);
  const changes = policy === null ? [] : policyChanges(rules, policy);
  const act: ActView | null = changes.length === 0 ? null : { type: 'policy', changes };
  return (
    <Screen title={m.rule_change_title()} back="/circle/rules">
      <ProposeForm
        wish={policy === null ? null : { type: 'policy', policy }}
        act={act}
        needs={consentNeeded(circle, 'policy', null)}
        showsNow
      >
        <div>
          <h2 class="small quiet">{m.rule_now()}</h2>
          <p class="lead">{ruleSentence(m, format, field, start)}</p>
        </div>
        <RuleEditor field={field} start={start} onValue={setValue} />
      </ProposeForm>
    </Screen>
  );
}
