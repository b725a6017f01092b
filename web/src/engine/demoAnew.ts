/** The demo circle when Ana's phone, which alone keeps the book, is gone; and with two who have begun it anew. */
import type { Signal } from '@preact/signals';
import type { AnewIntents, AnewView, CircleView, NewCircleView } from '@corridor/peer';
import type { DemoScene } from './demoGoverning.ts';
import { ANA, AMINA, JOAN, madeUpId, ME, ROSA, SALMA, villager, VILLAGERS } from './demoPeople.ts';

const DAY = 24 * 3600;
const name = (index: number): string => villager(index).name;
const begunBy = (founder: number, ...others: readonly number[]): NewCircleView => ({
  circle: madeUpId(7700 + founder),
  founder: name(founder),
  isMine: false,
  company: [founder, ...others].map(name),
  members: VILLAGERS.length,
  check: 'fits',
  balance: 4250,
  waiting: 800,
});
export const anewOf = (scenes: readonly DemoScene[], now: number): AnewView => {
  const isGone = scenes.includes('keeper-gone');
  return {
    canFound: isGone,
    keeperHeardAt: isGone ? now - 3 * DAY : now,
    offers: scenes.includes('begun-anew') ? [begunBy(JOAN, ROSA, AMINA), begunBy(SALMA)] : [],
    away: [],
  };
};
/** The same village without a phone that keeps the book. */
export const withoutKeeper = (circle: CircleView, now: number): CircleView => {
  const { stewards } = circle.governing;
  const alone = stewards.stewards.filter(({ member }) => member === villager(ANA).member);
  return {
    ...circle,
    keeper: { ...villager(ANA), isThisDevice: false, reachable: false },
    freshness: { state: 'live', lastHeardAt: now },
    people: circle.people.map((person) => ({
      ...person,
      keepsBook: person.name === name(ANA),
      connected: person.name !== name(ANA) && person.connected,
    })),
    governing: {
      ...circle.governing,
      stewards: {
        ...stewards,
        stewards: alone.map((steward) => ({ ...steward, reachable: false })),
        mayLie: 0,
        mayBeAway: 0,
        quorum: 1,
        iAm: false,
        suggested: null,
      },
    },
  };
};
const NOBODY: AnewView = { canFound: false, keeperHeardAt: null, offers: [], away: [] };
export const demoAnew = (circle: Signal<CircleView>): AnewIntents => {
  const keptBy = (founder: string, company: readonly string[]): void => {
    const keeper = circle.value.people.find((person) => person.name === founder);
    const isMine = founder === name(ME);
    circle.value = {
      ...circle.value,
      keeper: {
        ...circle.value.keeper,
        ...(keeper === undefined ? {} : { member: keeper.member }),
        name: founder,
        isThisDevice: isMine,
        reachable: true,
      },
      people: circle.value.people.map((person) => ({ ...person, keepsBook: person.name === founder })),
      anew: {
        ...NOBODY,
        away: VILLAGERS.map((of) => of.name).filter((one) => !company.includes(one)),
      },
    };
  };
  return {
    foundAnew: async () => {
      keptBy(name(ME), [name(ME)]);
      return { ok: true, value: null };
    },
    goAlong: async (id) => {
      const offer = circle.value.anew.offers.find((one) => one.circle === id);
      if (offer === undefined) return { ok: false, refusal: { code: 'not-ready', values: {} } };
      keptBy(offer.founder, [...offer.company, name(ME)]);
      return { ok: true, value: null };
    },
  };
};
