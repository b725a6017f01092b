import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CircleView, PayRequest } from '@corridor/peer';
import { startDemo } from '../src/engine/demo.ts';
import type { Engine } from '../src/engine/port.ts';

const ORIGIN = 'https://corridor.example';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const circleOf = (engine: Engine): CircleView => {
  const view = engine.view.peek();
  if (view.stage !== 'circle') throw new Error(view.stage);
  return view.view;
};
const payment = (engine: Engine, name: string, amount: number, intent: string): PayRequest => {
  const person = circleOf(engine).people.find((candidate) => candidate.name === name);
  if (!person) throw new Error(name);
  return { to: person.device, amount, memo: '', need: null, requestCode: null, intent, handOver: false };
};

test('the demo village adds up to nothing, like any circle [I4]', () => {
  const { people, governing } = circleOf(startDemo('en', [], ORIGIN));
  expect(people.reduce((sum, person) => sum + person.balance, governing.commons)).toBe(0);
});

test('a payment goes out at once and becomes final; what is on its way lowers what can be spent [P4]', async () => {
  const demo = startDemo('en', [], ORIGIN);
  await vi.runAllTimersAsync();
  const before = circleOf(demo).balance;
  const answer = await demo.intents.pay(payment(demo, 'Joan Tur', 1200, 'once'));
  expect(answer.ok).toBe(true);
  expect(circleOf(demo).balance).toMatchObject({ shown: before.shown, spendable: before.spendable - 1200 });
  expect(circleOf(demo).lines[0]).toMatchObject({ amount: 1200, state: 'on-this-phone', direction: 'out' });
  await vi.runAllTimersAsync();
  expect(circleOf(demo).lines[0]?.state).toBe('final');
  expect(circleOf(demo).balance).toMatchObject({ shown: before.shown - 1200, waitingOut: 0 });
});

test('two presses of one button are one payment; beyond the limit there is none', async () => {
  const demo = startDemo('en', [], ORIGIN);
  const { lineCount } = circleOf(demo);
  await demo.intents.pay(payment(demo, 'Joan Tur', 100, 'twice'));
  await demo.intents.pay(payment(demo, 'Joan Tur', 100, 'twice'));
  expect(circleOf(demo).lineCount).toBe(lineCount + 1);
  const refused = await demo.intents.pay(payment(demo, 'Joan Tur', 100_000, 'too much'));
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'over-lowest-balance' } });
  expect(circleOf(demo).lineCount).toBe(lineCount + 1);
});

test('who asks to be paid is paid', async () => {
  const demo = startDemo('es', [], ORIGIN);
  await vi.runAllTimersAsync();
  const { shown } = circleOf(demo).balance;
  await demo.intents.request(700, 'Acelgas', null, 10);
  await vi.runAllTimersAsync();
  expect(circleOf(demo).lines[0]).toMatchObject({
    direction: 'in',
    amount: 700,
    memo: 'Acelgas',
    state: 'final',
  });
  expect(circleOf(demo).balance.shown).toBe(shown + 700);
});
