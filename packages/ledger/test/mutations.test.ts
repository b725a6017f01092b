import { MUTATIONS } from '@corridor/testing/sim/mutations';
import { expect, test } from 'vitest';
import { ACCOUNT_RULES, DECISION_RULES } from '@corridor/ledger';
import { STORIES as ENTRIES, village as street } from './accountStories.ts';
import { PLANTS } from './closingPlants.ts';
import { STORIES as DECISIONS } from './decisionStories.ts';
import { judged, village as circle } from './decisionVillage.ts';
import { bob, verdictOn } from './stories.ts';

/** A fault planted, and the tests that go red with it. */
interface Row {
  readonly fault: string;
  readonly file: string;
  readonly seenBy: readonly string[];
}
const without = <T>(rules: Readonly<Record<string, T>>, name: string): readonly T[] =>
  Object.entries(rules).flatMap(([other, rule]) => (other === name ? [] : [rule]));

/** Takes each rule away in turn and asks every story: which of them ends otherwise? */
function missingAccountRules(): readonly Row[] {
  const verdict = (story: (typeof ENTRIES)[number], name: string): string => {
    const ledger = street(without(ACCOUNT_RULES, name));
    return verdictOn(ledger, bob, story.next(ledger)).type;
  };
  return Object.keys(ACCOUNT_RULES).map((name) => ({
    fault: `\`ACCOUNT_RULES.${name}\` is missing`,
    file: 'rules.test.ts',
    seenBy: ENTRIES.filter(({ rule }) => rule === name)
      .filter((story) => verdict(story, name) === 'valid' && verdict(story, 'none') === 'invalid')
      .map(({ title }) => title),
  }));
}
function missingDecisionRules(): readonly Row[] {
  return Object.keys(DECISION_RULES).map((name) => ({
    fault: `\`DECISION_RULES.${name}\` is missing`,
    file: 'decisionRules.test.ts',
    seenBy: DECISIONS.filter(({ rule }) => rule === name)
      .filter(
        (story) =>
          judged(story, circle(name)).type === 'lawful' && judged(story, circle()).type === 'unlawful',
      )
      .map(({ title }) => title),
  }));
}
/** These run in tests of their own, which fail where nothing is seen. */
const elsewhere: readonly Row[] = [
  ...PLANTS.map(({ what, seen }) => ({ fault: what, file: 'exploreClosing.test.ts', seenBy: [seen] })),
  ...MUTATIONS.map(({ name }) => ({
    fault: name,
    file: 'simulatorSees.test.ts',
    seenBy: ['a world of the simulator'],
  })),
];

const page = (rows: readonly Row[]): string =>
  [
    '# What happens when a rule goes missing',
    '',
    'Each rule of the two tables, and other faults, planted one at a time, and the tests that see it. This page is',
    'written by `packages/ledger/test/mutations.test.ts`, which takes every rule away itself; after a change of rules or',
    'stories, `npx vitest run packages/ledger/test/mutations.test.ts -u` writes it anew.',
    '',
    '| planted | seen by | in |',
    '| --- | --- | --- |',
    ...rows.map(({ fault, file, seenBy }) => `| ${fault} | ${seenBy.join('<br>')} | \`${file}\` |`),
    '',
  ].join('\n');

test('[P2] [L3] no rule goes missing unnoticed, and docs/MUTATIONS.md says what notices', async () => {
  const rows = [...missingAccountRules(), ...missingDecisionRules(), ...elsewhere];
  expect(rows.filter(({ seenBy }) => seenBy.length === 0)).toEqual([]);
  expect(rows.length).toBeGreaterThanOrEqual(50);
  await expect(page(rows)).toMatchFileSnapshot('../../../docs/MUTATIONS.md');
});
