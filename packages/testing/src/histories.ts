/**
 * Random histories of a village: a script of numbers says who does what, on which replica, and what is delivered
 * where in what order. Honest people draft on their own replica alone; hostile ones sign what they like anywhere.
 */
import {
  balanceBefore,
  draftClaim,
  draftDuty,
  draftNext,
  draftPayment,
  grantAt,
  headOf,
  isSealed,
  KIND,
  LANE,
  overtakenPayments,
  termAt,
  type Id,
  type Ledger,
  type PayBody,
  type PaymentEntry,
  type Receipt,
  type Vote,
} from '@corridor/ledger';
import { actTogether, carryOn, lieOnStopping } from './historyActs.ts';
import {
  chooser,
  homeOf,
  honestWitnesses,
  isIn,
  isKeeping,
  pick,
  say,
  shuffled,
  SPARES,
  take,
  type Choose,
  type History,
  type HistoryPlan,
  type World,
} from './historyWorld.ts';
import { add, handBook, openLedger, type Person } from './village.ts';

/** Plays a script, on from an earlier history or with replicas that hold the founding entry alone. */
export function playHistory(plan: HistoryPlan, script: readonly number[], earlier?: History): History {
  const { village } = plan;
  const fresh = (): Ledger => openLedger(village.founding, village.options);
  const world: World = {
    ...plan,
    people: [...village.people, ...SPARES],
    ledgers: earlier?.replicas ?? Array.from({ length: plan.replicas }, fresh),
    made: new Map(earlier?.made.map((entry) => [entry.id, entry])),
    chosen: earlier?.chosen ?? new Map<number, Id>(),
    calls: earlier?.calls ?? { count: 0 },
  };
  for (const seed of script) playStep(world, chooser(seed));
  return historyOf(world);
}
const historyOf = ({ ledgers, made, chosen, calls }: World): History => ({
  replicas: ledgers,
  made: [...made.values()],
  chosen,
  calls,
});
function playStep(world: World, choose: Choose): void {
  if (world.acts === true && choose(3) === 0) return actTogether(world, choose);
  const { people } = world;
  const who = choose(world.acts === true ? people.length : world.village.people.length);
  const person = people[who] as Person;
  if (!isIn(homeOf(world, who), person)) return share(world, choose);
  const isHostile = world.hostile.includes(who);
  const roll = choose(16);
  if (roll < 4 && isHostile && choose(2) === 0)
    return world.acts === true && choose(2) === 0
      ? tellTwo(world, person, choose)
      : misbehave(world, person, choose);
  if (roll < 4) return payHonestly(world, who, choose);
  if (roll < 5) return claimHonestly(world, who);
  if (roll < 6) return sayHave(world, who);
  if (roll < 7 && world.handOvers && choose(3) === 0) return handOver(world, choose);
  if (roll < 10) return keepOnce(world, choose);
  if (roll < 11 && world.liars.length > 0)
    return lie(world, people[pick(world.liars, choose)] as Person, choose);
  share(world, choose);
}

function payHonestly(world: World, who: number, choose: Choose): void {
  const ledger = homeOf(world, who);
  const payer = world.people[who] as Person;
  const [again] = choose(2) === 0 ? overtakenPayments(ledger, payer.device) : [];
  if (again !== undefined) return signAgain(world, ledger, payer, again);
  const others = world.people.filter((other, at) => at !== who && isIn(ledger, other));
  const drafted = draftPayment(ledger, payer.device, {
    to:
      world.acts === true && choose(8) === 0
        ? { type: 'commons', commons: choose(2) }
        : pick(others, choose).device,
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
    say(world, ledger, payer, LANE.account, body);
}
/** What a closing left out is promised all the same [C2]. */
function signAgain(world: World, ledger: Ledger, payer: Person, { entry: { body } }: PaymentEntry): void {
  const { amount, need, invoice, memo, attachment, at } = body;
  const to = body.to.type === 'token' ? undefined : body.to.type === 'device' ? body.to.device : body.to;
  if (to === undefined) return;
  const drafted = draftPayment(ledger, payer.device, {
    to,
    amount,
    need,
    invoice,
    memo,
    attachment,
    at,
    claims: 'oldest',
  });
  if (!drafted.ok) return;
  for (const next of [...drafted.value.claimsFirst, drafted.value.payment])
    say(world, ledger, payer, LANE.account, next);
}
function claimHonestly(world: World, who: number): void {
  const ledger = homeOf(world, who);
  const person = world.people[who] as Person;
  const body = draftClaim(ledger, person.device);
  if (body !== undefined) say(world, ledger, person, LANE.account, body);
}
function sayHave(world: World, who: number): void {
  const ledger = homeOf(world, who);
  const person = world.people[who] as Person;
  const ids = (ledger.accounts.get(person.device)?.incoming ?? []).slice(0, 32).map((s) => s.entry.id);
  if (ids.length > 0) say(world, ledger, person, LANE.voice, { kind: KIND.have, ids });
}
function handOver(world: World, choose: Choose): void {
  const { people } = world.village;
  const next = pick(people, choose);
  const keeper = people.findIndex((p) => isKeeping(homeOf(world, people.indexOf(p)), p));
  if (keeper < 0 || isKeeping(homeOf(world, keeper), next)) return;
  const ledger = homeOf(world, keeper);
  const record = ledger.log.devices.get(next.device);
  if (record === undefined || isSealed(record) || ledger.halt !== null || ledger.awaiting !== null) return;
  const entry = handBook(ledger, people[keeper] as Person, next);
  world.made.set(entry.id, entry);
}
/** One entry of what an honest witness owes, on its own replica. */
function keepOnce(world: World, choose: Choose): void {
  const honest = honestWitnesses(world);
  if (honest.length > 0) vote(world, pick(honest, choose));
}
function vote(world: World, who: number): void {
  const ledger = homeOf(world, who);
  const person = world.people[who] as Person;
  const draft = draftDuty(ledger, person.device);
  if (draft !== undefined) say(world, ledger, person, LANE.witness, draft.body);
}
/** Some of what one replica holds reaches another, or all, in any order, some of it twice. */
function share(world: World, choose: Choose): void {
  const from = pick(world.ledgers, choose);
  const isMeeting = choose(2) === 0;
  const target = pick(world.ledgers, choose);
  for (const to of isMeeting ? world.ledgers : [target]) {
    // Now and then hardly anything gets through.
    const part = world.acts === true && choose(3) === 0 ? 2 : 8;
    const entries = shuffled([...from.entries.values()], choose).filter(() => choose(part) > 0);
    for (const stored of [...entries, ...entries.slice(0, 3)]) take(world, to, stored.entry);
  }
}
/** One story to one half of the village and another to the other half, and each half's witnesses vote for what they see. */
function tellTwo(world: World, person: Person, choose: Choose): void {
  const payees = world.people.filter((other) => other !== person);
  for (const [at, ledger] of world.ledgers.entries()) {
    const drafted = draftPayment(ledger, person.device, {
      to: pick(payees, choose).device,
      amount: 1 + (at % 2),
      need: null,
      invoice: null,
      memo: null,
      attachment: null,
      at,
      claims: 'least',
    });
    if (drafted.ok) say(world, ledger, person, LANE.account, drafted.value.payment);
  }
  for (const who of honestWitnesses(world)) if (choose(3) > 0) vote(world, who);
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
  const claims = someClaims(ledger, choose);
  const amount = pick([0, 1, 900, 15_000, 29_000, 31_000], choose);
  const sum = claims.reduce((total, c) => total + c.amount, 0);
  const old = choose(4) === 0 ? choose(ledger.log.height + 1) : ledger.log.height;
  const logHeight = choose(9) === 0 ? ledger.log.height + choose(2) : old;
  const before = balanceBefore(record, base, logHeight);
  const body: PayBody = {
    kind: KIND.pay,
    claims,
    limitRef: choose(12) === 0 ? choose(3) : (grantAt(record, logHeight)?.height ?? 0),
    logHeight,
    balanceAfter: before + sum - amount + (choose(12) === 0 ? 1 : 0),
    amount,
    to:
      world.acts === true && choose(6) === 0
        ? { type: 'commons', commons: choose(3) }
        : {
            type: 'device',
            device: pick(
              world.people.filter((p) => world.acts === true || isIn(ledger, p)),
              choose,
            ).device,
          },
    need: null,
    invoice: choose(3) === 0 ? (`${choose(3)}`.padStart(64, 'a') as Id) : null,
    memo: null,
    attachment: null,
    at: choose(1000),
  };
  const next = draftNext(ledger, person.device, LANE.account, body, base?.entry);
  const draft = choose(3) === 0 ? { ...next, incarnation: choose(next.incarnation + 1) } : next;
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
  if (world.acts === true && choose(3) === 0) return lieOnStopping(world, ledger, person, base, all, choose);
  const votes = Array.from({ length: choose(5) }, (): Vote => {
    const { id, device, incarnation, seq } = pick(all, choose);
    return { device, incarnation, seq: choose(9) === 0 ? seq + 1 : seq, id };
  });
  const receipts = Array.from({ length: choose(5) }, (): Receipt => ({
    id: pick(all, choose).id,
    votes: Array.from({ length: choose(4) }, () => ({ witness: choose(ledger.n + 1), seq: choose(4) })),
  }));
  if (votes.length + receipts.length === 0) return;
  say(world, ledger, person, LANE.witness, { kind: KIND.votes, votes, receipts }, base);
}

/** Everything reaches everybody, and every honest witness does what it owes, until nothing changes any more. */
export function heal(plan: HistoryPlan, history: History): History {
  const world: World = {
    ...plan,
    people: [...plan.village.people, ...SPARES],
    ledgers: history.replicas,
    made: new Map(history.made.map((entry) => [entry.id, entry])),
    chosen: history.chosen ?? new Map<number, Id>(),
    calls: history.calls ?? { count: 0 },
  };
  for (let moved = true; moved;) {
    moved = false;
    for (const ledger of world.ledgers)
      for (const entry of world.made.values()) moved = take(world, ledger, entry) || moved;
    for (const who of honestWitnesses(world)) {
      const ledger = homeOf(world, who);
      const person = world.people[who] as Person;
      const draft = draftDuty(ledger, person.device);
      if (draft !== undefined) say(world, ledger, person, LANE.witness, draft.body);
      moved = draft !== undefined || moved;
      if (world.acts === true) moved = carryOn(world, who) || moved;
    }
  }
  return historyOf(world);
}
