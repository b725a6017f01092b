/**
 * Random histories of a village: a script of numbers says who does what, on which replica, and what is delivered
 * where in what order. Honest people draft on their own replica alone; hostile ones sign what they like anywhere.
 */
import {
  applyEntry,
  draftClaim,
  draftDuty,
  draftNext,
  draftPayment,
  grantAt,
  headOf,
  KIND,
  LANE,
  termAt,
  type AccountEntry,
  type Applied,
  type Body,
  type Id,
  type Ledger,
  type PayBody,
  type Receipt,
  type Stored,
  type VerifiedEntry,
  type Vote,
} from '@corridor/ledger';
import { add, handBook, openLedger, type Person, type Village } from './village.ts';

export interface HistoryPlan {
  readonly village: Village;
  readonly replicas: number;
  /** Indexes of people who sign what they like. */
  readonly hostile: readonly number[];
  /** Indexes of people whose witness key votes for what it likes. */
  readonly liars: readonly number[];
  /** Whether the one keeper may hand the book on. */
  readonly handOvers: boolean;
  /** After each entry that a replica took. */
  readonly onApplied?: (ledger: Ledger, applied: Applied) => void;
}
export interface History {
  readonly replicas: readonly Ledger[];
  /** Everything that was ever signed and verified. */
  readonly made: readonly VerifiedEntry[];
}
/** A number of the script, spent piece by piece. */
export type Choose = (options: number) => number;
export function chooser(seed: number): Choose {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return (options) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    state = (state + 0x6d2b79f5) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % options;
  };
}
export function shuffled<T>(values: readonly T[], choose: Choose): T[] {
  const copy = [...values];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = choose(i + 1);
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

/** Plays a script, on from an earlier history or with replicas that hold the founding entry alone. */
export function playHistory(plan: HistoryPlan, script: readonly number[], earlier?: History): History {
  const { village } = plan;
  const fresh = (): Ledger => openLedger(village.founding, village.options);
  const world: World = {
    ...plan,
    ledgers: earlier?.replicas ?? Array.from({ length: plan.replicas }, fresh),
    made: new Map(earlier?.made.map((entry) => [entry.id, entry])),
  };
  for (const seed of script) playStep(world, chooser(seed));
  return { replicas: world.ledgers, made: [...world.made.values()] };
}
interface World extends HistoryPlan {
  readonly ledgers: readonly Ledger[];
  readonly made: Map<Id, VerifiedEntry>;
}
const pick = <T>(values: readonly T[], choose: Choose): T => values[choose(values.length)] as T;
const homeOf = (world: World, person: number): Ledger =>
  world.ledgers[person % world.ledgers.length] as Ledger;

function playStep(world: World, choose: Choose): void {
  const { people } = world.village;
  const who = choose(people.length);
  const person = people[who] as Person;
  const isHostile = world.hostile.includes(who);
  const roll = choose(16);
  if (roll < 4)
    return isHostile && choose(2) === 0 ? misbehave(world, person, choose) : payHonestly(world, who, choose);
  if (roll < 5) return claimHonestly(world, who);
  if (roll < 6) return sayHave(world, who);
  if (roll < 7 && world.handOvers && choose(3) === 0) return handOver(world, choose);
  if (roll < 10) return keepOnce(world, choose);
  if (roll < 11 && world.liars.length > 0)
    return lie(world, people[pick(world.liars, choose)] as Person, choose);
  share(world, choose);
}

function sign(
  world: World,
  ledger: Ledger,
  person: Person,
  lane: Stored['entry']['lane'],
  body: Body,
  after?: Stored,
): void {
  const draft = draftNext(ledger, person.device, lane, body, after?.entry);
  const { entry, applied } = add(ledger, draft);
  world.made.set(entry.id, entry);
  world.onApplied?.(ledger, applied);
}
function payHonestly(world: World, who: number, choose: Choose): void {
  const { people } = world.village;
  const ledger = homeOf(world, who);
  const payer = people[who] as Person;
  const payee = people[(who + 1 + choose(people.length - 1)) % people.length] as Person;
  const drafted = draftPayment(ledger, payer.device, {
    to: payee.device,
    amount: pick([0, 1, 480, 700, 5_000, 14_000, 30_000], choose),
    need: choose(2) === 0 ? { category: choose(5), quantity: choose(9_000) } : null,
    invoice: choose(4) === 0 ? (`${choose(3)}`.padStart(64, 'a') as Id) : null,
    memo: null,
    attachment: null,
    at: 1_700_000_000,
    claims: choose(2) === 0 ? 'oldest' : 'least',
  });
  if (!drafted.ok) return;
  for (const body of [...drafted.value.claimsFirst, drafted.value.payment])
    sign(world, ledger, payer, LANE.account, body);
}
function claimHonestly(world: World, who: number): void {
  const ledger = homeOf(world, who);
  const person = world.village.people[who] as Person;
  const body = draftClaim(ledger, person.device);
  if (body !== undefined) sign(world, ledger, person, LANE.account, body);
}
function sayHave(world: World, who: number): void {
  const ledger = homeOf(world, who);
  const person = world.village.people[who] as Person;
  const ids = (ledger.accounts.get(person.device)?.incoming ?? []).slice(0, 32).map((s) => s.entry.id);
  if (ids.length > 0) sign(world, ledger, person, LANE.voice, { kind: KIND.have, ids });
}
function handOver(world: World, choose: Choose): void {
  const { people } = world.village;
  const next = pick(people, choose);
  const keeper = people.findIndex((p) => isKeeping(homeOf(world, people.indexOf(p)), p));
  if (keeper < 0 || isKeeping(homeOf(world, keeper), next)) return;
  const ledger = homeOf(world, keeper);
  const entry = handBook(ledger, people[keeper] as Person, next);
  world.made.set(entry.id, entry);
}
const isKeeping = (ledger: Ledger, { device }: Person): boolean =>
  ledger.log.terms.some((t) => t.device === device && t.toSeq === null);

/** One entry of what an honest witness owes, on its own replica. */
function keepOnce(world: World, choose: Choose): void {
  const { people } = world.village;
  const honest = people.flatMap((p, who) =>
    !world.liars.includes(who) && isKeeping(homeOf(world, who), p) ? [who] : [],
  );
  if (honest.length === 0) return;
  const who = pick(honest, choose);
  const ledger = homeOf(world, who);
  const person = people[who] as Person;
  const draft = draftDuty(ledger, person.device);
  if (draft !== undefined) sign(world, ledger, person, LANE.witness, draft.body);
}
/** Some of what one replica holds reaches another, or all, in any order, some of it twice. */
function share(world: World, choose: Choose): void {
  const from = pick(world.ledgers, choose);
  const isMeeting = choose(2) === 0;
  const target = pick(world.ledgers, choose);
  for (const to of isMeeting ? world.ledgers : [target]) {
    const entries = shuffled([...from.entries.values()], choose).filter(() => choose(8) > 0);
    for (const stored of [...entries, ...entries.slice(0, 3)]) take(world, to, stored.entry);
  }
}
function take(world: World, ledger: Ledger, entry: VerifiedEntry): boolean {
  const applied = applyEntry(ledger, entry);
  if (applied.type === 'kept') world.onApplied?.(ledger, applied);
  return applied.type === 'kept';
}

/** A signed entry on any own entry of any replica: a fork, an overspending, a claim of what is not there. */
function misbehave(world: World, person: Person, choose: Choose): void {
  const ledger = pick(world.ledgers, choose);
  const feed = ledger.feeds.get(person.device)?.[LANE.account];
  const record = ledger.log.devices.get(person.device);
  if (feed === undefined || record === undefined) return;
  const own = [...feed.main, ...feed.side.values()];
  const forks = choose(3) === 0 && own.length > 0;
  const base = forks ? (choose(5) === 0 ? undefined : pick(own, choose)) : headOf(feed);
  const before = base === undefined ? 0 : (base.entry as AccountEntry).body.balanceAfter;
  const claims = someClaims(ledger, choose);
  const amount = pick([0, 1, 900, 15_000, 29_000, 31_000], choose);
  const sum = claims.reduce((total, c) => total + c.amount, 0);
  const logHeight = choose(9) === 0 ? ledger.log.height + choose(2) : ledger.log.height;
  const body: PayBody = {
    kind: KIND.pay,
    claims,
    limitRef: choose(12) === 0 ? choose(3) : (grantAt(record, logHeight)?.height ?? 0),
    logHeight,
    balanceAfter: before + sum - amount + (choose(12) === 0 ? 1 : 0),
    amount,
    to: { type: 'device', device: pick(world.village.people, choose).device },
    need: null,
    invoice: choose(3) === 0 ? (`${choose(3)}`.padStart(64, 'a') as Id) : null,
    memo: null,
    attachment: null,
    at: choose(1000),
  };
  const draft = draftNext(ledger, person.device, LANE.account, body, base?.entry);
  const { entry, applied } = add(ledger, base === undefined ? startOver(draft, record.admittedBy) : draft);
  world.made.set(entry.id, entry);
  world.onApplied?.(ledger, applied);
}
const startOver = <D extends { seq: number; prev: Id }>(draft: D, prev: Id): D => ({
  ...draft,
  seq: 0,
  prev,
});
function someClaims(ledger: Ledger, choose: Choose): { debit: Id; amount: number }[] {
  const payments = [...ledger.entries.values()].filter((s) => s.entry.body.kind === KIND.pay);
  return Array.from({ length: Math.max(0, choose(5) - 2) }, () => {
    const cited = payments.length === 0 || choose(20) === 0 ? undefined : pick(payments, choose);
    const paid = (cited?.entry.body as PayBody | undefined)?.amount ?? 7;
    return {
      debit: cited?.entry.id ?? (`${choose(5)}`.padStart(64, 'b') as Id),
      amount: Math.max(1, paid + (choose(15) === 0 ? 1 : 0)),
    };
  });
}

/** A witness votes and writes receipts for whatever it likes, on any branch of its own lane. */
function lie(world: World, person: Person, choose: Choose): void {
  const ledger = pick(world.ledgers, choose);
  const feed = ledger.feeds.get(person.device)?.[LANE.witness];
  if (feed === undefined) return;
  const own = [...feed.main, ...feed.side.values()];
  const base = choose(4) === 0 && own.length > 0 ? pick(own, choose) : headOf(feed);
  if (!isKeeping(ledger, person)) return;
  if (termAt(ledger.log, person.device, base === undefined ? 0 : base.entry.seq + 1) === undefined) return;
  const all = [...ledger.entries.values(), ...world.made.values()].map((e) => ('entry' in e ? e.entry : e));
  const votes = Array.from({ length: choose(5) }, (): Vote => {
    const { id, device, incarnation, seq } = pick(all, choose);
    return { device, incarnation, seq: choose(9) === 0 ? seq + 1 : seq, id };
  });
  const receipts = Array.from({ length: choose(5) }, (): Receipt => ({
    id: pick(all, choose).id,
    votes: Array.from({ length: choose(4) }, () => ({ witness: choose(ledger.n + 1), seq: choose(4) })),
  }));
  if (votes.length + receipts.length === 0) return;
  sign(world, ledger, person, LANE.witness, { kind: KIND.votes, votes, receipts }, base);
}

/** Everything reaches everybody, and every honest witness does what it owes, until nothing changes any more. */
export function heal(plan: HistoryPlan, history: History): History {
  const world: World = {
    ...plan,
    ledgers: history.replicas,
    made: new Map(history.made.map((entry) => [entry.id, entry])),
  };
  const { people } = plan.village;
  for (let moved = true; moved;) {
    moved = false;
    for (const ledger of world.ledgers)
      for (const entry of world.made.values()) moved = take(world, ledger, entry) || moved;
    for (const [who, person] of people.entries()) {
      const ledger = homeOf(world, who);
      if (plan.liars.includes(who) || !isKeeping(ledger, person)) continue;
      const draft = draftDuty(ledger, person.device);
      if (draft === undefined) continue;
      sign(world, ledger, person, LANE.witness, draft.body);
      moved = true;
    }
  }
  return { replicas: world.ledgers, made: [...world.made.values()] };
}
