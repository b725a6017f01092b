import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CircleView, MemberId } from '@corridor/peer';
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
const memberNamed = (engine: Engine, name: string): MemberId => {
  const person = circleOf(engine).people.find((candidate) => candidate.name === name);
  if (!person) throw new Error(name);
  return person.member;
};
const standingOf = (engine: Engine, member: MemberId): string =>
  circleOf(engine).governing.standings.find((known) => known.member === member)?.standing ?? 'active';

describe('what is proposed in the demo goes the way it goes in a circle', () => {
  test('[L3] my yes is one of those it takes; with the others it is agreed, carried out and written down', async () => {
    const demo = startDemo('en', [], ORIGIN);
    const joan = memberNamed(demo, 'Joan Tur');
    const wish = { type: 'standing', member: joan, standing: 'suspended' } as const;
    const answer = await demo.intents.propose(wish, 'Away for the winter.');
    if (!answer.ok) throw new Error(answer.refusal.code);
    const motion = circleOf(demo).governing.motions.find(({ id }) => id === answer.value);
    // of four stewards Joan is not asked about himself: two thirds of three
    expect(motion).toMatchObject({ need: 2, yes: ['Marta Soler'], state: 'open', byMe: true });
    expect(standingOf(demo, joan)).toBe('active');
    await vi.runAllTimersAsync();
    expect(circleOf(demo).governing.motions.some(({ id }) => id === answer.value)).toBe(false);
    expect(standingOf(demo, joan)).toBe('suspended');
    expect(circleOf(demo).decisions.at(-1)).toMatchObject({
      act: { type: 'standing', who: 'Joan Tur', standing: 'suspended' },
      reason: 'Away for the winter.',
    });
  });

  test('what changes nothing is refused, and whoever is on a pause can only ask to be let back in', async () => {
    const demo = startDemo('en', ['paused'], ORIGIN);
    const me = circleOf(demo).me.member;
    const room = { type: 'limits', member: me, lowestBalance: -15_000, highestBalance: 15_000 } as const;
    expect(await demo.intents.propose(room, '')).toMatchObject({ refusal: { code: 'account-closed' } });
    const back = { type: 'standing', member: me, standing: 'active' } as const;
    expect(await demo.intents.propose(back, 'I am home again.')).toMatchObject({ ok: true });
    await vi.runAllTimersAsync();
    expect(circleOf(demo).governing.myStanding).toBe('active');
    expect(await demo.intents.propose(room, '')).toMatchObject({ refusal: { code: 'not-lawful' } });
  });

  test('[S2] whoever waits is let in once enough stewards said yes; an answer can be changed until then', async () => {
    const demo = startDemo('en', [], ORIGIN);
    const wish = circleOf(demo).governing.joinWishes.find(({ motion }) => motion !== null);
    if (wish?.motion == null) throw new Error('nobody waits');
    await demo.intents.answer(wish.motion, false);
    const asked = (): CircleView['governing']['motions'][number] | undefined =>
      circleOf(demo).governing.motions.find(({ id }) => id === wish.motion);
    expect(asked()).toMatchObject({ no: ['Marta Soler'], myAnswer: 'no' });
    await demo.intents.answer(wish.motion, true);
    expect(asked()).toMatchObject({ no: [], state: 'agreed' });
    await vi.runAllTimersAsync();
    expect(circleOf(demo).governing.joinWishes).not.toContainEqual(wish);
    expect(circleOf(demo).decisions.at(-1)?.act).toMatchObject({ type: 'admit-member', who: wish.name });
  });

  test('[P7] one, four, seven or ten keep the book, and they begin with the next one', async () => {
    const demo = startDemo('en', ['one-steward'], ORIGIN);
    const members = circleOf(demo).governing.stewards.offers.map(({ member }) => member);
    expect(await demo.intents.propose({ type: 'stewards', members }, '')).toMatchObject({ ok: false });
    await demo.intents.propose({ type: 'stewards', members: members.slice(0, 4) }, '');
    await vi.runAllTimersAsync();
    expect(circleOf(demo).governing.stewards).toMatchObject({ suggested: null, stewards: { length: 1 } });
    expect(circleOf(demo).governing.stewards.next).toHaveLength(4);
  });

  test('[B1] a closed book is followed by the next one', async () => {
    const demo = startDemo('en', [], ORIGIN);
    const { number } = circleOf(demo).governing.book;
    await demo.intents.propose({ type: 'close-book' }, '');
    expect(circleOf(demo).governing.book).toMatchObject({ number, isClosing: false });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(circleOf(demo).governing.book).toMatchObject({ number, isClosing: true });
    await vi.runAllTimersAsync();
    expect(circleOf(demo).governing.book).toMatchObject({ number: number + 1, isClosing: false });
  });

  test('[C5] room moves between own phones, never more than there is', async () => {
    const demo = startDemo('en', [], ORIGIN);
    const [here, other] = circleOf(demo).governing.devices;
    if (!here || !other) throw new Error('one phone only');
    const most = here.spendable;
    expect(await demo.intents.moveRoom(other.device, most + 1)).toMatchObject({ ok: false });
    await demo.intents.moveRoom(other.device, 3000);
    const [after, moved] = circleOf(demo).governing.devices;
    expect([after?.spendable, moved?.spendable]).toEqual([most - 3000, other.spendable + 3000]);
  });

  test('[C4] words or neighbours end the practice; practising changes nothing, right words or wrong', async () => {
    const demo = startDemo('en', [], ORIGIN);
    expect(circleOf(demo).practice).toBe(true);
    const made = await demo.intents.makeRecoveryWords();
    if (!made.ok) throw new Error(made.refusal.code);
    expect(made.value.words).toHaveLength(12);
    expect(made.value.sheetLink).toMatch(/^https:\/\/corridor\.example\/#j=/);
    expect(circleOf(demo).practice).toBe(false);
    const before = circleOf(demo);
    expect(await demo.intents.practiseRecovery('bread and cheese')).toMatchObject({
      refusal: { code: 'wrong-words' },
    });
    expect(circleOf(demo)).toEqual(before);
    expect(await demo.intents.practiseRecovery(made.value.words.join('  ').toUpperCase())).toMatchObject({
      ok: true,
    });
    expect(circleOf(demo).governing.recovery.practisedAt).not.toBeNull();
  });
});
