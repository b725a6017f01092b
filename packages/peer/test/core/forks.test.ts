import {
  draftNext,
  feedOf,
  KIND,
  LANE,
  ZERO_ID,
  type Body,
  type Lane,
  type Ledger,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  add,
  admit,
  deliver,
  found,
  keepBook,
  openLedger,
  pay,
  person,
  VILLAGE_POLICY,
  type Person,
} from '@corridor/testing/village';
import { describe, expect, test } from 'vitest';
import type { OpenRun } from '../../src/core/opening.ts';
import { signedBy, street, type Phone, type Street } from './street.ts';

const [alice, bob, carol, dan] = [person('Alice'), person('Bob'), person('Carol'), person('Dan')];

/** One more entry of Carol; `side` tells her two histories apart. */
function say(ledger: Ledger, lane: Lane, side: number): VerifiedEntry {
  if (lane === LANE.account) {
    const [payment] = pay(ledger, carol, bob, side);
    if (payment === undefined) throw new Error('she can pay');
    return payment;
  }
  const vote = { device: bob.device, incarnation: 0, seq: side, id: ledger.circle };
  const ids = times(32 - side, () => ZERO_ID);
  const body: Body =
    lane === LANE.voice ? { kind: KIND.have, ids } : { kind: KIND.votes, votes: [vote], receipts: [] };
  return add(ledger, draftNext(ledger, carol.device, lane, body)).entry;
}
/** Votes that fill an entry, for what nobody knows. */
function longVotes(ledger: Ledger, keeper: Person): VerifiedEntry {
  const seq = feedOf(ledger, keeper.device, LANE.witness)?.main.length ?? 0;
  const votes = times(50, (at) => ({
    device: bob.device,
    incarnation: 0,
    seq: seq * 50 + at,
    id: ledger.circle,
  }));
  const body: Body = { kind: KIND.votes, votes, receipts: [] };
  return add(ledger, draftNext(ledger, keeper.device, LANE.witness, body)).entry;
}
/** Nothing stops her from owing. */
const WIDE_POLICY = {
  ...VILLAGE_POLICY,
  firstGrant: { lowestBalance: -1_000_000, highestBalance: 1_000_000 },
};
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** Carol's lane with one beginning and two ends, in a circle of four. */
interface TwoFaced {
  readonly place: Street;
  /** The circle's log, whole. */
  readonly log: OpenRun;
  readonly common: readonly VerifiedEntry[];
  readonly left: readonly VerifiedEntry[];
  readonly right: readonly VerifiedEntry[];
  /** The proof that they give, as a place. */
  readonly proof: string;
  /** One more history, of the first `from` common entries and `count` others. */
  third(from: number, count: number): OpenRun;
}
interface Plan {
  readonly lane: Lane;
  /** Entries that both histories have, and how many of them are certified. */
  readonly common: number;
  readonly certified?: number;
  /** What each has beyond them. */
  readonly left?: number;
  readonly right?: number;
  /** Long witness entries that stand before her admission. */
  readonly busy?: number;
}
function twoFaced({ lane, common, certified = 0, left = 1, right = 1, busy = 0 }: Plan): TwoFaced {
  // In a witness lane she has to be the keeper.
  const keeper = lane === LANE.witness ? carol : alice;
  const { founding, ledger } = found(keeper, { policy: WIDE_POLICY });
  // Otherwise she comes last: who catches up learns of her only where the log ends.
  const log: VerifiedEntry[] = [];
  for (const one of [alice, bob, dan, carol]) {
    if (one === carol) log.push(...times(busy, () => longVotes(ledger, keeper)));
    if (one !== keeper) log.push(admit(ledger, keeper, keeper, one));
  }
  const start = times(certified, () => say(ledger, lane, 0));
  log.push(...keepBook(ledger, keeper));
  start.push(...times(common - certified, () => say(ledger, lane, 0)));
  const history = (from: number, count: number, side: number): readonly VerifiedEntry[] => {
    const other = openLedger(founding);
    deliver(other, [...log, ...start.slice(0, from)]);
    return times(count, () => say(other, lane, side));
  };
  return {
    place: street(keeper, founding),
    log: signedBy(keeper, log),
    common: start,
    left: history(common, left, 1),
    right: history(common, right, 2),
    proof: `${lane}/${feedOf(ledger, carol.device, lane)?.main.length}`,
    third: (from, count) => signedBy(carol, [...start.slice(0, from), ...history(from, count, 3)]),
  };
}
/** Alice and Bob, each of whom Carol told one of her histories, and who have met since. */
async function whoKnow(story: TwoFaced): Promise<readonly [Phone, Phone]> {
  const { place, log, common, left, right } = story;
  const alices = await place.open(alice);
  const bobs = await place.open(bob);
  await alices.takes(log, signedBy(carol, [...common, ...left]));
  await bobs.takes(log, signedBy(carol, [...common, ...right]));
  place.meet(alices, bobs);
  await place.quiet();
  return [alices, bobs];
}
const faultsOf = (...phones: readonly Phone[]) => phones.flatMap((phone) => phone.faults);
const sentBy = (...phones: readonly Phone[]): number =>
  phones.reduce((sum, { sent }) => sum + sent.length, 0);

/** Nothing more is said, however long they stay together. */
async function staysQuiet({ place }: TwoFaced, ...phones: readonly Phone[]): Promise<void> {
  await place.later(40);
  const before = sentBy(...phones);
  await place.later(60);
  expect(sentBy(...phones)).toBe(before);
  expect(faultsOf(...phones)).toEqual([]);
}

const LANES: readonly (readonly [string, Lane])[] = [
  ['account', LANE.account],
  ['voice', LANE.voice],
  ['witness', LANE.witness],
];
const PLANS: readonly (readonly [string, Omit<Plan, 'lane'>])[] = [
  ['at the first entry', { common: 0 }],
  ['after five entries', { common: 5 }],
  ['after five certified entries', { common: 5, certified: 5 }],
  ['after 150 entries, two of them certified', { common: 150, certified: 2 }],
  ['after 150 entries, and went on in both', { common: 150, left: 70, right: 3 }],
  ['after more entries than one window holds', { common: 1200, certified: 20 }],
];
/** In which order Dan meets those who know. */
const MEETINGS: readonly (readonly [
  string,
  (place: Street, dans: Phone, knowing: readonly [Phone, Phone]) => Promise<void>,
])[] = [
  ['Alice', async (place, dans, [alices]) => place.meet(dans, alices)],
  [
    'both at once',
    async (place, dans, [alices, bobs]) => {
      place.meet(dans, alices);
      place.meet(bobs, dans);
    },
  ],
  [
    'first Bob, then Alice',
    async (place, dans, [alices, bobs]) => {
      place.meet(dans, bobs);
      await place.quiet();
      place.meet(alices, dans);
    },
  ],
];
describe.each(LANES)('a fork in the %s lane', (_lane, lane) => {
  describe.each(PLANS)('%s', (_plan, plan) => {
    test.each(MEETINGS)('[F3] Dan, who has nothing, gets the proof from %s', async (_whom, meeting) => {
      const story = twoFaced({ lane, ...plan });
      const knowing = await whoKnow(story);
      for (const phone of knowing) expect(phone.forks()).toEqual([story.proof]);
      const dans = await story.place.open(dan);
      await meeting(story.place, dans, knowing);
      await story.place.quiet();
      expect(dans.forks()).toEqual([story.proof]);
      expect(dans.sent.length).toBeLessThan(60);
      await staysQuiet(story, ...knowing, dans);
    });
  });

  test.each([
    ['the first two entries', ({ common }: TwoFaced) => signedBy(carol, common.slice(0, 2))],
    ['all but the last before the fork', ({ common }: TwoFaced) => signedBy(carol, common.slice(0, -1))],
    ['all before the fork', ({ common }: TwoFaced) => signedBy(carol, common)],
    ['one of the two histories', ({ common, right }: TwoFaced) => signedBy(carol, [...common, ...right])],
    [
      'the beginning of one of them',
      ({ common, right }: TwoFaced) => signedBy(carol, [...common, ...right.slice(0, 1)]),
    ],
    ['a third, shorter than the fork', ({ third }: TwoFaced) => third(2, 1)],
    ['a third, that parts right before the fork', ({ third }: TwoFaced) => third(99, 1)],
    ['a third, longer than the others', ({ third }: TwoFaced) => third(2, 300)],
    ['a third from the first entry on', ({ third }: TwoFaced) => third(0, 80)],
  ])('[F3] Dan, who has %s, gets a proof from who knows', async (_what, had) => {
    const story = twoFaced({ lane, common: 100, left: 70, right: 3 });
    const [alices, bobs] = await whoKnow(story);
    const dans = await story.place.open(dan);
    await dans.takes(story.log, had(story));
    story.place.meet(alices, dans);
    await story.place.quiet();
    expect(dans.forks().length).toBeGreaterThan(0);
    await staysQuiet(story, alices, bobs, dans);
  });
});

test.each(LANES)(
  '[F3] Alice, who has started again, still hands on a fork of the %s lane',
  async (_lane, lane) => {
    const story = twoFaced({ lane, common: 70, certified: 3, left: 2, right: 80 });
    const [before] = await whoKnow(story);
    await before.replica.close();
    const alices = await story.place.open(alice, before.disk);
    expect(alices.forks()).toEqual([story.proof]);
    const dans = await story.place.open(dan);
    story.place.meet(dans, alices);
    await story.place.quiet();
    expect(dans.forks()).toEqual([story.proof]);
  },
);

test('[F3] Dan, whose log is behind by more than one window, learns who Carol is before he asks for the proof', async () => {
  const story = twoFaced({ lane: LANE.account, common: 0, busy: 300 });
  const knowing = await whoKnow(story);
  const dans = await story.place.open(dan);
  story.place.meet(dans, knowing[0]);
  await story.place.quiet();
  expect(dans.forks()).toEqual([story.proof]);
  await staysQuiet(story, ...knowing, dans);
});

test('[F3] Dan hears of the fork from Bob while Alice, who knows of none, brings him the log', async () => {
  const story = twoFaced({ lane: LANE.account, common: 5, busy: 300 });
  const { place, log, common, left, right } = story;
  const alices = await place.open(alice);
  await alices.takes(log, signedBy(carol, common.slice(0, 3)));
  const bobs = await place.open(bob);
  await bobs.takes(log, signedBy(carol, [...common, ...left]), signedBy(carol, right));
  const dans = await place.open(dan);
  place.meet(dans, alices);
  place.meet(dans, bobs);
  await place.quiet();
  expect(dans.forks()).toEqual([story.proof]);
  await staysQuiet(story, alices, bobs, dans);
});

test.each(LANES)(
  '[F3] of two forks in the %s lane Dan knows the later, and learns the earlier',
  async (_lane, lane) => {
    const story = twoFaced({ lane, common: 6, left: 3, right: 3 });
    const { place, log, common, left, right, third } = story;
    const alices = await place.open(alice);
    await alices.takes(log, signedBy(carol, [...common, ...left]), signedBy(carol, right), third(2, 2));
    const dans = await place.open(dan);
    await dans.takes(log, signedBy(carol, [...common, ...right]), signedBy(carol, left));
    expect([alices.forks().length, dans.forks().length]).toEqual([2, 1]);
    place.meet(dans, alices);
    await place.quiet();
    // Of an account only the certified part is compared: one proof there says it all.
    if (lane !== LANE.account) expect(dans.forks()).toEqual(alices.forks());
    await staysQuiet(story, alices, dans);
  },
);
