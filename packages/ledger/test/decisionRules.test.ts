import { expect, test } from 'vitest';
import { DECISION_RULES, judgeDecision, type Closing, type Ledger } from '@corridor/ledger';
import { STORIES } from './decisionStories.ts';
import { closed, fina, judged, village } from './decisionVillage.ts';
import { carol, dora, emil } from './stories.ts';

test.each(STORIES)('[L3] unlawful by $rule: $title', (story) => {
  expect(judged(story, village())).toMatchObject({ type: 'unlawful', fault: story.fault });
});
test.each(STORIES)('[L3] without $rule it would pass: $title', (story) => {
  expect(judged(story, village(story.rule)).type).toBe('lawful');
});
test('[L3] every rule of decisions has its story', () => {
  expect(new Set(STORIES.map(({ rule }) => rule))).toEqual(new Set(Object.keys(DECISION_RULES)));
});

const BUNDLES: readonly (readonly [string, (ledger: Ledger) => Closing, object])[] = [
  [
    'an account that nobody knows',
    (ledger) => ({ ...closed(ledger, emil), device: fina.device }),
    { code: 'unknown-device' },
  ],
  [
    'another incarnation',
    (ledger) => ({ ...closed(ledger, emil), incarnation: 1 }),
    { code: 'wrong-incarnation', expected: 0 },
  ],
  [
    'what is no promise',
    (ledger) => ({ ...closed(ledger, emil), stops: [ledger.circle] }),
    { code: 'not-a-stop' },
  ],
  [
    'a promise about another account',
    (ledger) => ({ ...closed(ledger, emil), device: carol.device }),
    { code: 'not-a-stop' },
  ],
  ['no promise at all', (ledger) => ({ ...closed(ledger, emil), stops: [] }), { code: 'not-a-quorum' }],
  [
    'a promise named twice',
    (ledger) => ({
      ...closed(ledger, emil),
      stops: [...closed(ledger, emil).stops, ...closed(ledger, emil).stops],
    }),
    { code: 'not-a-quorum' },
  ],
  [
    'promises about what has ended',
    (ledger) => ({ ...closed(ledger, dora), stops: closed(ledger, emil).stops }),
    { code: 'not-a-quorum' },
  ],
];
test.each(BUNDLES)('[C1] a closing by %s closes nothing', (_, bundle, fault) => {
  const ledger = village('unlockIsNeeded');
  const decision = { height: ledger.log.height + 1, prev: ledger.log.head, approvals: [] };
  const act = { type: 'unlock', closing: bundle(ledger) } as const;
  expect(judgeDecision(ledger, { ...decision, act })).toMatchObject({
    type: 'unlawful',
    fault: { rule: 'C1', ...fault },
  });
});
