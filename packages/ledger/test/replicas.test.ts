import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyEntry,
  balanceOf,
  findViolations,
  headOf,
  LANE,
  replayOrder,
  stateRoot,
  type DeviceKey,
  type Id,
  type Ledger,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  chooser,
  heal,
  openLedger,
  person,
  playHistory,
  settleVillage,
  shuffled,
  SPARES,
  type History,
  type HistoryPlan,
  type Village,
} from '@corridor/testing';
import { RUNS } from './runs.ts';

/** Histories with acts in them take several times as long. */
const ACT_RUNS = Math.ceil(RUNS / 5);
const NAMES = ['Alice', 'Bob', 'Carol', 'Dora', 'Emil', 'Fina', 'Gil', 'Hana'];
const people = NAMES.map(person);
const [lone, four, seven] = [
  settleVillage(1, people.slice(0, 5)),
  settleVillage(4, people.slice(0, 6)),
  settleVillage(7, people),
];
const scripts = fc.array(fc.nat(2 ** 31 - 1), { maxLength: 90, size: 'max' });

/** A replica that gets these entries in an order of its own, some twice, until nothing more is taken. */
function replicaOf(village: Village, entries: readonly VerifiedEntry[], seed: number): Ledger {
  const choose = chooser(seed);
  const ledger = openLedger(village.founding, village.options);
  let rest: readonly VerifiedEntry[] = shuffled([...entries, ...entries.slice(0, 5)], choose);
  while (rest.length > 0) {
    const refused = rest.filter((entry) => applyEntry(ledger, entry).type === 'refused');
    if (refused.length === rest.length) break;
    rest = refused;
  }
  return ledger;
}
const settledIds = (ledger: Ledger): readonly Id[] =>
  [...ledger.entries.values()].filter((s) => s.settled).map((s) => s.entry.id);
const honestDevices = ({ village, hostile }: HistoryPlan): readonly DeviceKey[] =>
  [...village.people, ...SPARES].flatMap(({ device }, who) => (hostile.includes(who) ? [] : [device]));
/** Everything a person can see of an account. */
const figures = (ledger: Ledger): unknown =>
  [...ledger.accounts.keys()].map((device) => {
    const { shown, spendable } = balanceOf(ledger, device);
    return [device, shown, isForkedNow(ledger, device) ? 0 : spendable];
  });
function isForkedNow({ log, feeds }: Ledger, device: DeviceKey): boolean {
  const forkedIn = feeds.get(device)?.[LANE.account].forkedIn ?? null;
  return forkedIn !== null && forkedIn === log.devices.get(device)?.incarnation;
}
/** The verdict of each entry, for two replicas to compare. */
const verdicts = (ledger: Ledger): ReadonlyMap<Id, string> =>
  new Map([...ledger.entries].map(([id, s]) => [id, s.verdict.type]));

const forkSlots = (ledger: Ledger): readonly string[] =>
  ledger.forks.map((f) => `${f.device}/${f.lane}/${f.left.entry.incarnation}/${f.seq}`).sort();

function checkHistory(plan: HistoryPlan, history: History, seed: number): void {
  const { village } = plan;
  for (const ledger of history.replicas) expect(findViolations(ledger)).toEqual([]);
  const whole = replicaOf(village, history.made, seed);
  expect(findViolations(whole)).toEqual([]);
  for (let k = 1; k < 4; k++) {
    const other = replicaOf(village, history.made, seed + k);
    expect(stateRoot(other)).toBe(stateRoot(whole));
    expect(figures(other)).toEqual(figures(whole));
    expect(new Map(verdicts(other))).toEqual(verdicts(whole));
    expect(forkSlots(other)).toEqual(forkSlots(whole));
  }
  // A part of it never settles what the whole does not.
  const all = new Set(settledIds(whole));
  const part = replicaOf(
    village,
    shuffled(history.made, chooser(seed)).slice(history.made.length >> 1),
    seed,
  );
  expect(findViolations(part)).toEqual([]);
  for (const ledger of [...history.replicas, part])
    for (const id of settledIds(ledger)) expect(all.has(id)).toBe(true);
}
/** Once everything has reached everybody, every honest entry is settled and all roots are equal. */
function checkHealed(plan: HistoryPlan, before: History): History {
  const history = heal(plan, before);
  const roots = new Set(history.replicas.map(stateRoot));
  expect(roots.size).toBe(1);
  for (const ledger of history.replicas) {
    expect(findViolations(ledger)).toEqual([]);
    expect([ledger.halt, ledger.awaiting]).toEqual([null, null]);
    for (const device of honestDevices(plan)) {
      const feed = ledger.feeds.get(device)?.[LANE.account];
      expect((feed && headOf(feed))?.settled ?? true).toBe(true);
      expect(ledger.log.devices.get(device)?.isVoid ?? false).toBe(false);
    }
    expect(
      ledger.doubleVotes.every((d) =>
        plan.liars.some((who) => plan.village.people[who]?.device === d.device),
      ),
    ).toBe(true);
  }
  return history;
}
function property(plan: HistoryPlan, runs: number): void {
  fc.assert(
    fc.property(scripts, scripts, fc.nat(), (first, second, seed) => {
      const settledOnce = checkHealed(plan, playHistory(plan, first));
      const history = playHistory(plan, second, settledOnce);
      checkHistory(plan, history, seed);
      checkHealed(plan, history);
    }),
    { numRuns: runs },
  );
}

test('[I9] [I3] [I4] [I5] [I7] [I8] one keeper, honest people: any order, duplicates and parts give one state', () => {
  property({ village: lone, replicas: 3, hostile: [], liars: [], handOvers: true }, RUNS);
});
test('[I9] [P2] [P9] one keeper, two people who fork, overspend and over-claim: still one state, and no verdict differs', () => {
  property({ village: lone, replicas: 3, hostile: [1, 2], liars: [], handOvers: true }, RUNS);
});
test('[I1] [I9] [P7] four witnesses, one of them a liar, and a cheat: one state, and everything honest is settled', () => {
  property({ village: four, replicas: 4, hostile: [4], liars: [3], handOvers: false }, RUNS);
});
test('[I1] [I9] [P7] seven witnesses, two of them liars', () => {
  property({ village: seven, replicas: 4, hostile: [7], liars: [5, 6], handOvers: false }, RUNS);
});
test('[I2] [I3] [I4] [I5] [I9] [C2] [C3] [C4] one keeper, two cheats, and everything that a circle can decide', () => {
  property({ village: lone, replicas: 3, hostile: [1, 2], liars: [], handOvers: true, acts: true }, ACT_RUNS);
});
test('[I2] [I3] [I4] [I5] [I6] [I9] [C2] [C3] [C4] four witnesses, one of them a liar, a cheat, and acts', () => {
  property({ village: four, replicas: 4, hostile: [4], liars: [3], handOvers: false, acts: true }, ACT_RUNS);
});
test('[I6] [I9] [C2] seven witnesses, two of them liars, and acts', () => {
  property(
    { village: seven, replicas: 4, hostile: [7], liars: [5, 6], handOvers: false, acts: true },
    ACT_RUNS,
  );
});
test.each([
  { what: 'in payments', acts: false, runs: RUNS },
  { what: 'in what the circle decides', acts: true, runs: ACT_RUNS },
])(
  '[I4] [I5] [I11] a keeper who lies alone $what breaks promises, but no replica and no sum',
  ({ acts, runs }) => {
    const plan: HistoryPlan = {
      village: lone,
      replicas: 2,
      hostile: [1],
      liars: [0],
      handOvers: false,
      acts,
    };
    fc.assert(
      fc.property(scripts, fc.nat(), (script, seed) => {
        const history = playHistory(plan, script);
        for (const ledger of [...history.replicas, replicaOf(lone, history.made, seed)]) {
          const others = findViolations(ledger).filter((v) => v.invariant !== 'I1' && v.invariant !== 'I2');
          expect(others).toEqual([]);
          expect(ledger.doubleVotes.every((d) => d.device === people[0]?.device)).toBe(true);
        }
      }),
      { numRuns: runs },
    );
  },
);

test('[I2] [I14] what is settled stays settled, and what only waits never adds to what an honest person can spend', () => {
  const watched = { village: lone, replicas: 3, hostile: [2], liars: [], handOvers: true } as const;
  const devices = people.slice(0, 5).flatMap(({ device }, who) => (who === 2 ? [] : [device]));
  fc.assert(
    fc.property(scripts, (script) => {
      const spendable = new Map<Ledger, Map<DeviceKey, number>>();
      const settled = new Map<Ledger, number>();
      playHistory(
        {
          ...watched,
          onApplied(ledger, applied) {
            if (applied.type !== 'kept') return;
            const before = spendable.get(ledger);
            const now = new Map(devices.map((d) => [d, balanceOf(ledger, d).spendable]));
            spendable.set(ledger, now);
            expect(ledger.settledCount).toBeGreaterThanOrEqual(settled.get(ledger) ?? 0);
            settled.set(ledger, ledger.settledCount);
            if (applied.changes.some((c) => c.type === 'settled') || before === undefined) return;
            for (const [device, amount] of now) expect(amount).toBeLessThanOrEqual(before.get(device) ?? 0);
          },
        },
        script,
      );
    }),
    { numRuns: RUNS },
  );
});

test('[P9] a book folded in the order that waits least is the book that grew', () => {
  const plan: HistoryPlan = { village: lone, replicas: 3, hostile: [1], liars: [], handOvers: false };
  fc.assert(
    fc.property(scripts, fc.nat(), (script, seed) => {
      const history = playHistory(plan, script);
      const grown = replicaOf(lone, history.made, seed);
      const chains = new Map<string, VerifiedEntry[]>();
      for (const device of grown.feeds.keys())
        for (const [lane, feed] of (grown.feeds.get(device) ?? []).entries())
          chains.set(`${device}${lane}`, [
            ...feed.main.map((s) => s.entry),
            ...[...feed.side.values()].map((s) => s.entry),
          ]);
      const again = openLedger(lone.founding, lone.options);
      let rest = replayOrder([...chains.values()]);
      for (let before = -1; before !== rest.length;) {
        before = rest.length;
        rest = rest.filter((entry) => applyEntry(again, entry).type === 'refused');
      }
      expect(stateRoot(again)).toBe(stateRoot(grown));
      expect(figures(again)).toEqual(figures(grown));
    }),
    { numRuns: RUNS },
  );
});
