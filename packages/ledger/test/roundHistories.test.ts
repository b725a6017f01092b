/** Random histories of witnesses who agree, or lie about it: whatever is heard, lost or waited for, one log [L1]. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decisionId,
  KIND,
  LANE,
  type Decision,
  type Id,
  type ProposeBody,
  type RoundBody,
  type Wish,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  admissionOf,
  deliver,
  entriesOf,
  meet,
  openLedger,
  person,
  restart,
  runOut,
  seatCouncil,
  speak,
  utter,
  type Council,
  type Person,
  type Seat,
} from '@corridor/testing';
import { sha256 } from '@noble/hashes/sha2.js';
import { anId } from './stories.ts';
import { RUNS } from './runs.ts';

const NEWCOMERS = ['Nora', 'Otto', 'Paul', 'Quin', 'Rosa'].map(person);
interface Plan {
  readonly council: Council;
  readonly wishes: readonly Wish[];
  readonly liars: readonly number[];
}
function planFor(n: number, liars: readonly number[]): Plan {
  const council = seatCouncil(n);
  const inviter = council.village.witnesses[0] ?? expect.unreachable();
  return { council, wishes: NEWCOMERS.map((newcomer) => admissionOf(council, inviter, newcomer)), liars };
}
/** A liar's lane has room for so many entries beside its main branch, with some to spare [F3]. */
const MAX_BRANCHES = 100;
type Choose = (end: number) => number;
const pick = <T>(list: readonly T[], choose: Choose): T => list[choose(list.length)] as T;

interface World {
  readonly plan: Plan;
  readonly honest: readonly Seat[];
  /** Knows all that was ever said; the liars speak from it. */
  readonly omniscient: Seat;
  readonly decided: Map<number, Id>;
}
function seatOf({ council }: Plan, i: number): Seat {
  const { village } = council;
  const witness = village.witnesses[i] ?? expect.unreachable();
  const ledger = openLedger(village.founding, village.options);
  return { person: witness, ledger, wishes: [], expired: [], timer: null };
}
/** No two decisions at one height, on whatever replicas; and no honest witness is ever blamed. */
function look({ plan, honest, decided, omniscient }: World): void {
  const liars = new Set(plan.liars.map((i) => plan.council.village.witnesses[i]?.device));
  for (const { ledger } of [...honest, omniscient]) {
    expect(ledger.halt).toBeNull();
    for (const { height, id } of ledger.log.decided) {
      if (!decided.has(height)) decided.set(height, id);
      expect(id).toBe(decided.get(height));
    }
    for (const { device } of [...ledger.doubleVotes, ...ledger.forks]) expect(liars).toContain(device);
  }
}

function step(world: World, haste: number, choose: Choose): void {
  const { honest, omniscient, plan } = world;
  const seat = pick(honest, choose);
  switch (choose(8)) {
    case 0:
    case 1:
    case 2:
      if (choose(4) < haste) runOut(seat);
      deliver(omniscient.ledger, speak(seat));
      return;
    case 3:
      if (choose(4) > 0) lie(world, choose);
      else restart(plan.council, seat);
      return;
    default: {
      // One branch of what one witness said, up to some entry.
      const { device } = pick(plan.council.village.witnesses, choose);
      const feed = omniscient.ledger.feeds.get(device)?.[LANE.witness] ?? expect.unreachable();
      const said = [...feed.main, ...feed.side.values()];
      if (said.length === 0) return;
      const fresh = said.filter(({ entry }) => !seat.ledger.entries.has(entry.id));
      const tip = choose(4) === 0 || fresh.length === 0 ? said.at(-1) : pick(fresh.slice(0, 3), choose);
      if (tip !== undefined) deliver(seat.ledger, branchOf(omniscient, tip.entry.id));
    }
  }
}
/** Anything that a witness can sign, on any branch of its lane; most of it is made for one listener. */
function lie(world: World, choose: Choose): void {
  const { plan, honest, omniscient } = world;
  const { ledger } = omniscient;
  if (plan.liars.length === 0) return;
  const liar = plan.council.village.witnesses[pick(plan.liars, choose)] ?? expect.unreachable();
  const feed = ledger.feeds.get(liar.device)?.[LANE.witness] ?? expect.unreachable();
  if (feed.side.size > MAX_BRANCHES) return;
  const after = pick([null, undefined, ...feed.main, ...feed.side.values()].slice(0, 2 + choose(9)), choose);
  const victim = pick(honest, choose);
  const height = (choose(6) === 0 ? ledger : victim.ledger).log.height + 1;
  const prev = ledger.log.decided[height - 1]?.id ?? anId('9');
  const rounds = [...(victim.ledger.heights.get(height)?.rounds.keys() ?? [0])];
  const round = choose(3) > 0 ? Math.max(...rounds) : choose(2 + Math.max(...rounds));
  const entry = utter(ledger, liar, lieFor(world, victim, liar, { height, prev, round }, choose), after);
  if (choose(4) > 0) deliver(victim.ledger, branchOf(omniscient, entry.id));
}
function lieFor(
  { plan, omniscient: { ledger } }: World,
  victim: Seat,
  liar: Person,
  { height, prev, round }: { readonly height: number; readonly prev: Id; readonly round: number },
  choose: Choose,
): ProposeBody | RoundBody {
  const signature = '00'.repeat(64) as Wish['approvals'][0]['signature'];
  const approvals = choose(8) === 0 ? [{ device: liar.device, signature }] : [];
  const decision: Decision = { height, prev, act: pick(plan.wishes, choose).act, approvals };
  if (choose(4) === 0) return { kind: KIND.propose, round, decision };
  const heard = victim.ledger.heights.get(height)?.rounds.get(round);
  const ids = [...(heard?.prevote.keys() ?? []), ...(heard?.propose.keys() ?? [])];
  const id = choose(4) === 0 ? decisionId(ledger.circle, decision, sha256) : null;
  const kind = choose(2) === 0 ? KIND.prevote : KIND.precommit;
  return { kind, height, round, decision: pick([...ids, ...ids, id], choose) };
}
/** An entry and what it hangs on. */
function branchOf({ ledger }: Seat, tip: Id): readonly VerifiedEntry[] {
  const branch: VerifiedEntry[] = [];
  for (let at = ledger.entries.get(tip); at !== undefined; at = at.prev) branch.push(at.entry);
  return branch.reverse();
}

function play(plan: Plan, script: readonly number[]): void {
  let at = 0;
  const choose: Choose = (end) => (script[at++] ?? 0) % end;
  const honest = plan.council.seats.flatMap((_, i) => (plan.liars.includes(i) ? [] : [seatOf(plan, i)]));
  for (const [i, seat] of honest.entries()) {
    // Some wish the same, some nothing.
    const shift = choose(plan.wishes.length);
    seat.wishes = [...plan.wishes.slice(shift), ...plan.wishes.slice(0, shift)].slice(0, i % 3);
  }
  const world: World = { plan, honest, omniscient: seatOf(plan, plan.liars[0] ?? 0), decided: new Map() };
  const haste = choose(5);
  while (at < script.length) {
    step(world, haste, choose);
    look(world);
  }
  // All is delivered and waited for, and the liars have fallen silent.
  for (const seat of honest) deliver(seat.ledger, entriesOf(world.omniscient));
  meet(honest);
  for (const seat of honest) deliver(world.omniscient.ledger, entriesOf(seat));
  look(world);
  const heights = new Set(honest.map(({ ledger }) => ledger.log.height));
  expect(heights.size, 'all know the same').toBe(1);
  for (const { ledger } of honest)
    for (const { act } of honest.flatMap(({ wishes }) => wishes))
      if (act.type === 'admit') expect(ledger.log.devices.has(act.request.device)).toBe(true);
}

const scripts = fc.array(fc.nat({ max: 2 ** 20 }), { minLength: 100, maxLength: 1_200, size: 'max' });
test.each([
  [4, []],
  [4, [3]],
  [4, [1]],
  [7, [1, 4]],
] as const)(
  '[L1] %i witnesses, of whom %j lie: never two decisions, nobody honest is blamed, and in the end every wish is decided',
  (n, liars) => {
    const plan = planFor(n, liars);
    fc.assert(
      fc.property(scripts, (script) => play(plan, script)),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  },
);
