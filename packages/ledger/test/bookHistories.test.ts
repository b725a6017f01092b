import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  balanceOf,
  closeBookWish,
  draftNext,
  findViolations,
  judgeDecision,
  KIND,
  LANE,
  openingHash,
  stateRoot,
  type Id,
  type Ledger,
  type StopReport,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  add,
  chooser,
  decideAct,
  deliver,
  heal,
  nextBook,
  nextKey,
  NEXT_KEY,
  openLedger,
  person,
  playHistory,
  settleVillage,
  shuffled,
  stopAll,
  type Choose,
  type HistoryPlan,
  type Person,
} from '@corridor/testing';
import { RUNS } from './runs.ts';

const people = ['Alice', 'Bob', 'Carol', 'Dora', 'Emil', 'Fina', 'Gil', 'Hana'].map(person);
const [lone, four, seven] = [
  settleVillage(1, people.slice(0, 5)),
  settleVillage(4, people.slice(0, 6)),
  settleVillage(7, people),
];
const plans: readonly HistoryPlan[] = [
  { village: lone, replicas: 2, hostile: [3], liars: [], handOvers: false },
  { village: four, replicas: 3, hostile: [4, 5], liars: [1], handOvers: false },
  { village: seven, replicas: 4, hostile: [0, 7], liars: [2, 6], handOvers: false },
];
const scripts = fc.array(fc.nat(2 ** 31 - 1), { maxLength: 60, size: 'max' });

const settledIds = (ledger: Ledger): readonly Id[] =>
  [...ledger.entries.values()].filter((s) => s.settled).map((s) => s.entry.id);
/** A witness ends its part with whatever it likes, in as many entries as it likes. */
function lie(ledger: Ledger, witness: Person, choose: Choose): readonly VerifiedEntry[] {
  const parts = 1 + choose(3);
  return Array.from({ length: parts }, (_, part) => {
    const all = [...ledger.entries.values()].filter((s) => s.entry.lane === LANE.account);
    const any = (): VerifiedEntry | undefined => all[choose(all.length)]?.entry;
    const reports = Array.from({ length: choose(6) }, (): StopReport => {
      const head = any();
      return {
        ordinal: choose(people.length + 1),
        incarnation: choose(8) === 0 ? 1 : 0,
        head:
          head === undefined || choose(3) === 0
            ? null
            : { seq: head.seq + (choose(9) === 0 ? 1 : 0), id: head.id },
        vote: choose(2) === 0 ? (any()?.id ?? null) : null,
      };
    });
    const sign = part + 1 === parts && choose(6) > 0 ? 1 : -1;
    const body = { kind: KIND.stop, reports, parts: sign * (part + 1), next: null } as const;
    return add(ledger, draftNext(ledger, witness.device, LANE.witness, body)).entry;
  });
}

test.each(plans.map((plan, i) => ({ plan, n: plan.village.witnesses.length, i })))(
  '[B1] [I2] [I4] [I9] $n witnesses close a random book: one opening on every replica, in any order, and nothing final is lost',
  ({ plan }) => {
    fc.assert(
      fc.property(scripts, scripts, fc.nat(2 ** 31 - 1), (script, later, seed) => {
        const { village } = plan;
        const choose = chooser(seed);
        const { replicas, made } = playHistory(plan, script);
        const homeOf = (who: number): Ledger => replicas[who % replicas.length] as Ledger;
        // Each witness stops on its own replica, whatever that one has heard; liars say what they like.
        const stop = (who: number, witness: Person): readonly VerifiedEntry[] =>
          plan.liars.includes(who)
            ? lie(homeOf(who), witness, choose)
            : stopAll(homeOf(who), witness, choose(2) === 0 ? nextKey(homeOf(who), witness) : null);
        // Some stop early: the others pay, vote and lie on.
        const witnesses = [...village.witnesses.entries()];
        const early = new Set(witnesses.filter(() => choose(2) === 0).map(([who]) => who));
        const begun = witnesses.filter(([who]) => early.has(who)).flatMap((w) => stop(...w));
        const history = playHistory(plan, later, { replicas, made: [...made, ...begun] });
        const final = new Set(replicas.flatMap(settledIds));
        const ended = witnesses.filter(([who]) => !early.has(who)).flatMap((w) => stop(...w));
        const healed = heal(plan, { replicas, made: [...history.made, ...ended] });
        const acts = replicas.map((ledger) => closeBookWish(ledger, NEXT_KEY));
        // The honest alone are a quorum, so whatever liars say there is a way to close.
        for (const act of acts) {
          expect(act).toBeDefined();
          if (act === undefined) return;
          for (const ledger of replicas) {
            const decision = { height: ledger.log.height + 1, prev: ledger.log.head, act, approvals: [] };
            expect(judgeDecision(ledger, decision).type).toBe('lawful');
          }
        }
        const [act] = acts;
        const [ledger] = replicas;
        if (act === undefined || ledger === undefined) return;
        const honest = village.witnesses.filter((_, who) => !plan.liars.includes(who));
        const everything = [...healed.made, ...decideAct(ledger, honest, act)];
        const fresh = openLedger(village.founding, village.options);
        for (const replica of [...replicas, fresh]) deliver(replica, shuffled(everything, choose));
        for (const replica of [...replicas, fresh]) {
          expect(replica.log.closed?.opening).toBe(act.opening);
          if (replica.opening === null) return expect.unreachable();
          expect(openingHash(replica.opening, replica.sha256)).toBe(act.opening);
          expect(stateRoot(replica)).toBe(stateRoot(ledger));
          expect(stateRoot(nextBook(replica))).toBe(stateRoot(nextBook(ledger)));
          expect([...final].filter((id) => replica.entries.get(id)?.settled !== true)).toEqual([]);
          expect(findViolations(replica).filter(({ invariant }) => invariant !== 'I1')).toEqual([]);
        }
        const next = nextBook(ledger);
        expect(findViolations(next)).toEqual([]);
        for (const { device } of village.people)
          expect(balanceOf(next, device).shown).toBe(balanceOf(ledger, device).shown);
      }),
      { numRuns: Math.ceil(RUNS / 5) },
    );
  },
  600_000,
);
