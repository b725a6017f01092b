import { expect, test } from 'vitest';
import type { CircleView, LineView } from '@corridor/peer';
import { createFormat } from '../src/app/format.ts';
import { startDemo } from '../src/engine/demo.ts';
import { verdictText } from '../src/parts/verdict.ts';
import { needText } from '../src/words/needs.ts';
import { plainWords } from './plainWords.ts';

const words = { en: plainWords('en'), es: plainWords('es') };
const format = createFormat({ name: 'dor/dors', decimals: 2 }, 'en-GB', 1_795_000_000);
const circle = (scenes: readonly string[] = []): CircleView => {
  const view = startDemo('en', scenes, 'https://corridor.example').view.peek();
  if (view.stage !== 'circle') throw new Error(view.stage);
  return view.view;
};
const incoming = (view: CircleView, change: Partial<LineView>): LineView => {
  const line = view.lines.find(({ direction }) => direction === 'in');
  if (!line) throw new Error('nobody paid');
  return { ...line, ...change };
};

test('the stall reads first whether to hand it over: final yes, small yes, large wait, contradicted talk', () => {
  const view = circle();
  const read = (change: Partial<LineView>): string | undefined =>
    verdictText(words.en, format, view, incoming(view, change))?.tone;
  expect(read({ state: 'final', amount: 90_000 })).toBe('go');
  expect(read({ state: 'they-have-it', amount: view.policy.smallAmount })).toBe('go');
  expect(read({ state: 'they-have-it', amount: view.policy.smallAmount + 1 })).toBe('wait');
  expect(read({ state: 'needs-a-talk', amount: 1 })).toBe('talk');
  expect(read({ state: 'cannot-count', amount: 1 })).toBe('talk');
});

test('[P7] while the keeper is away it says for whom to wait', () => {
  const view = circle(['one-steward']);
  const keeper = { ...view.keeper, name: 'Ana', isThisDevice: false, reachable: false };
  const away = { ...view, keeper };
  const line = incoming(away, { state: 'they-have-it', amount: 90_000 });
  expect(verdictText(words.en, format, away, line)?.text).toContain('Wait for Ana');
});

test('[P7] with several stewards nobody is waited for by name, and it is for a quorum that one waits', () => {
  const view = circle();
  const line = incoming(view, { state: 'they-have-it', amount: 90_000 });
  const read = (here: number): string | undefined => {
    const stewards = view.governing.stewards.stewards.map((steward, at) => ({
      ...steward,
      isMe: false,
      reachable: at < here,
    }));
    const governing = { ...view.governing, stewards: { ...view.governing.stewards, stewards } };
    return verdictText(words.en, format, { ...view, governing }, line)?.text;
  };
  expect(read(3)).toContain('Wait a moment: the stewards');
  expect(read(2)).toContain('Wait for the stewards, or hand it over if you trust');
});

test('two loaves are 4,800 kcal of food, and an unknown category is still read', () => {
  expect(needText(words.en, format, { category: 1, quantity: 4_800_000 })).toBe('Food: 4,800 kcal');
  expect(needText(words.en, format, { category: 2, quantity: 1000 })).toBe('Care: 1 hour');
  expect(needText(words.es, format, { category: 2, quantity: 2500 })).toBe('Cuidados: 2.5 horas');
  expect(needText(words.en, format, { category: 99, quantity: 3000 })).toBe('Something else: 3');
});
