import { describe, expect, test } from 'vitest';
import {
  draftRound,
  KIND,
  LANE,
  MAX_ROUND_WAIT_MS,
  stateRoot,
  waitOf,
  type Body,
  type Id,
  type Wish,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  actAlone,
  admissionOf,
  deliver,
  entriesOf,
  meet,
  openLedger,
  pass,
  person,
  restart,
  runOut,
  seatCouncil,
  speak,
  utter,
  type Council,
  type Seat,
} from '@corridor/testing';
import { anId } from './stories.ts';

const NEWCOMERS = ['Nora', 'Otto', 'Paul', 'Quin', 'Rosa', 'Sven'].map(person);
const wishesOf = (council: Council, count: number): readonly Wish[] =>
  NEWCOMERS.slice(0, count).map((newcomer, i) =>
    admissionOf(council, council.village.witnesses[i % council.seats.length] ?? person('Alice'), newcomer),
  );
/** Several wishes, each with another witness. */
function councilWith(n: number, wishes: number): Council {
  const council = seatCouncil(n);
  for (const [i, wish] of wishesOf(council, wishes).entries()) {
    const seat = seatAt(council, i % n);
    seat.wishes = [...seat.wishes, wish];
  }
  return council;
}
const seatAt = ({ seats }: Council, i: number): Seat => seats[i] ?? expect.unreachable();
const decidedBy = ({ ledger }: Seat): readonly Id[] => ledger.log.decided.map(({ id }) => id);
const newcomersIn = ({ ledger }: Seat): number => ledger.log.devices.size - ledger.n;
/** All know the same decisions, nobody is blamed, and nothing has stopped. */
function expectOneLog(seats: readonly Seat[], height: number): void {
  const [first] = seats;
  if (first === undefined) return;
  for (const seat of seats) {
    expect(decidedBy(seat)).toEqual(decidedBy(first));
    expect(seat.ledger).toMatchObject({ halt: null, doubleVotes: [], forks: [] });
    expect(stateRoot(seat.ledger)).toBe(stateRoot(first.ledger));
  }
  expect(first.ledger.log.height).toBe(height);
}
const saidBy = (seat: Seat): readonly Body[] =>
  seat.ledger.feeds.get(seat.person.device)?.[LANE.witness].main.map(({ entry }) => entry.body) ?? [];
const said = (bodies: readonly { readonly kind: number }[]): readonly number[] =>
  bodies.map(({ kind }) => kind);

test('[L1] waits double from round to round, up to six hours', () => {
  expect([0, 1, 2, 3].map((round) => waitOf(round, 'propose'))).toEqual([4_000, 8_000, 16_000, 32_000]);
  expect([0, 1, 2].map((round) => waitOf(round, 'precommit'))).toEqual([2_000, 4_000, 8_000]);
  expect([waitOf(13, 'propose'), waitOf(2 ** 32, 'prevote')]).toEqual([MAX_ROUND_WAIT_MS, MAX_ROUND_WAIT_MS]);
});
test('[L0] [L1] a witness alone decides at once with its proposal', () => {
  const council = councilWith(1, 2);
  const alice = seatAt(council, 0);
  expect(said(speak(alice).map(({ body }) => body))).toEqual([KIND.propose]);
  expect(alice.ledger.log.height).toBe(1);
  actAlone(alice);
  expect(speak(alice)).toEqual([]);
  expect([alice.ledger.log.height, alice.timer]).toEqual([2, null]);
});
const nothingIn = (round: number, height = 1) => ({ height, round, decision: null }) as const;
test('[L1] nobody says anything while there is nothing to decide, whatever one liar says', () => {
  const council = seatCouncil(4);
  meet(council.seats);
  const [alice, carol, dora] = [seatAt(council, 0), seatAt(council, 2), seatAt(council, 3)];
  utter(dora.ledger, dora.person, { kind: KIND.prevote, ...nothingIn(0) });
  utter(dora.ledger, dora.person, { kind: KIND.precommit, ...nothingIn(0) });
  pass(dora, alice);
  expect(draftRound(alice.ledger, alice.person.device, [], [])).toEqual({ bodies: [], timer: null });
  // With two, an honest one may have heard what Alice has not.
  utter(carol.ledger, carol.person, { kind: KIND.prevote, ...nothingIn(0) });
  pass(carol, alice);
  expect(draftRound(alice.ledger, alice.person.device, [], []).timer).toMatchObject({
    step: 'propose',
    round: 0,
  });
});
test('[L1] who was away joins the round where an honest one must be, not where one liar says they are', () => {
  const council = councilWith(4, 1);
  const [alice, bob, , dora] = council.seats as [Seat, Seat, Seat, Seat];
  utter(dora.ledger, dora.person, { kind: KIND.prevote, ...nothingIn(5) });
  pass(dora, alice);
  expect(actAlone(alice).map(({ body }) => body)).toMatchObject([{ round: 0 }, { round: 0 }]);
  utter(bob.ledger, bob.person, { kind: KIND.prevote, ...nothingIn(3) });
  pass(bob, alice);
  expect(actAlone(alice).map(({ body }) => body)).toMatchObject([{ round: 3 }, { round: 3 }]);
  // What the others say in earlier rounds does not bring her back.
  utter(bob.ledger, bob.person, { kind: KIND.precommit, ...nothingIn(1) });
  pass(bob, alice);
  expect(actAlone(alice)).toEqual([]);
});
test('[L1] nobody says more of a height that is decided, though the decision itself is not here yet', () => {
  const council = councilWith(4, 2);
  const [alice, bob, carol, dora] = council.seats as [Seat, Seat, Seat, Seat];
  meet([alice, bob, carol, dora]);
  const first = decidedBy(alice)[1] ?? expect.unreachable();
  const [proposal] = entriesOf(bob).filter(({ body }) => body.kind === KIND.propose);
  const votes = entriesOf(bob).filter(
    ({ device, body }) =>
      device !== bob.person.device &&
      'decision' in body &&
      (body.decision === null || body.decision === first),
  );
  const again = openLedger(council.village.founding, council.village.options);
  deliver(again, votes);
  const everything = (['propose', 'prevote', 'precommit'] as const).flatMap((step) =>
    [0, 1].map((round) => ({ height: 1, round, step })),
  );
  expect(draftRound(again, alice.person.device, alice.wishes, everything)).toEqual({
    bodies: [],
    timer: null,
  });
  deliver(again, [proposal ?? expect.unreachable()]);
  expect(again.log.height).toBe(1);
});
test('[L1] who is no witness says nothing, nor does anybody once the log has stopped', () => {
  const council = councilWith(4, 1);
  const { ledger, person: alice, wishes } = seatAt(council, 0);
  expect(draftRound(ledger, person('Nora').device, wishes, []).bodies).toEqual([]);
  ledger.halt = { reason: 'two-decisions', entry: anId('1') };
  expect(draftRound(ledger, alice.device, wishes, [])).toEqual({ bodies: [], timer: null });
});
test('[L1] of the wishes the first lawful one is proposed, in its turn at once, else after the wait', () => {
  const council = seatCouncil(4);
  const [first, second] = wishesOf(council, 2);
  if (first === undefined || second === undefined) throw new Error('two wishes');
  const unlawful: Wish = {
    ...first,
    approvals: [
      { device: NEWCOMERS[0]?.device ?? expect.unreachable(), signature: '00'.repeat(64) as never },
    ],
  };
  const [alice, bob] = [seatAt(council, 0), seatAt(council, 1)];
  for (const seat of [alice, bob]) seat.wishes = [unlawful, second, first];
  // At height 1 the first turn is Bob's.
  expect(draftRound(alice.ledger, alice.person.device, alice.wishes, [])).toEqual({
    bodies: [],
    timer: { height: 1, round: 0, step: 'propose', ms: 4_000 },
  });
  const { bodies } = draftRound(bob.ledger, bob.person.device, bob.wishes, []);
  expect(bodies).toMatchObject([
    { kind: KIND.propose, decision: { act: second.act } },
    { kind: KIND.prevote },
  ]);
  actAlone(alice);
  expect(said(saidBy(alice))).toEqual([KIND.propose, KIND.prevote]);
});

describe.each([4, 7, 10])('%i witnesses', (n) => {
  test('[L1] all online: one round for each height, and every wish is decided', () => {
    const council = councilWith(n, 5);
    meet(council.seats);
    expectOneLog(council.seats, 5);
    expect(newcomersIn(seatAt(council, 0))).toBe(5);
    const rounds = council.seats.flatMap((seat) =>
      saidBy(seat).flatMap((body) => (body.kind === KIND.precommit ? [body.round] : [])),
    );
    expect(Math.max(...rounds)).toBe(0);
  });
  test('[L1] as many away as may be, among them the proposer: the others go on, and who comes back catches up', () => {
    for (const away of [0, 1, 2]) {
      const council = councilWith(n, 3);
      const gone = new Set(Array.from({ length: (n - 1) / 3 }, (_, i) => seatAt(council, (away + i) % n)));
      const here = council.seats.filter((seat) => !gone.has(seat));
      meet(here);
      const decided = here.flatMap((seat) => seat.wishes).length;
      expectOneLog(here, decided);
      meet(council.seats);
      expectOneLog(council.seats, 3);
    }
  });
  test('[L1] one more away, and nothing is decided, nor anything lost', () => {
    const council = councilWith(n, 3);
    meet(council.seats.slice(0, n - (n - 1) / 3 - 1));
    expect(seatAt(council, 0).ledger.log.height).toBe(0);
    meet(council.seats);
    expectOneLog(council.seats, 3);
  });
  test('[L1] strictly one after another, never two at a time: every wish is decided', () => {
    const council = councilWith(n, 3);
    let drawer: readonly VerifiedEntry[] = [];
    let visits = 0;
    for (; council.seats.some((seat) => seat.ledger.log.height < 3); visits++) {
      const seat = seatAt(council, visits % n);
      deliver(seat.ledger, drawer);
      actAlone(seat);
      drawer = entriesOf(seat);
      // It leaves, and what ran out is forgotten.
      restart(council, seat);
      expect(visits, 'visits').toBeLessThan(9 * n);
    }
    expectOneLog(council.seats, 3);
  });
  test('[L1] one after another with as many away as may be', () => {
    for (const away of [0, 1, 2]) {
      const council = councilWith(n, 3);
      const here = council.seats.filter((_, i) => (i + n - away) % n >= (n - 1) / 3);
      const height = here.flatMap((seat) => seat.wishes).length;
      let drawer: readonly VerifiedEntry[] = [];
      for (let visits = 0; here.some((seat) => seat.ledger.log.height < height); visits++) {
        const seat = here[visits % here.length] ?? expect.unreachable();
        deliver(seat.ledger, drawer);
        actAlone(seat);
        drawer = entriesOf(seat);
        restart(council, seat);
        expect(visits, 'visits').toBeLessThan(12 * n);
      }
      expectOneLog(here, height);
    }
  });
  test('[L1] [W1] a restart between any two entries: nobody ever contradicts itself', () => {
    const council = councilWith(n, 3);
    for (let turn = 0; council.seats.some((seat) => seat.ledger.log.height < 3); turn++) {
      expect(turn, 'turns').toBeLessThan(400);
      const seat = seatAt(council, (turn * 3) % n);
      // One entry at a time: the rest of what it was about to say is lost with the power.
      const { bodies, timer } = draftRound(seat.ledger, seat.person.device, seat.wishes, seat.expired);
      const [body] = bodies;
      if (body !== undefined) utter(seat.ledger, seat.person, body);
      seat.timer = timer;
      if (body !== undefined || turn % 11 === 0) restart(council, seat);
      else runOut(seat);
      for (const to of council.seats) if (to !== seat) pass(seat, to);
    }
    expectOneLog(council.seats, 3);
  });
});

test('[L1] a lock is carried over rounds: whoever proposes next, it is the same decision', () => {
  const council = councilWith(4, 4);
  const [alice, bob, carol, dora] = council.seats as [Seat, Seat, Seat, Seat];
  const kindsOf = (seat: Seat): readonly number[] => said(saidBy(seat));
  // Carol, alone, waits in vain and prevotes for her own. The others take Bob's: Alice and he see three prevotes.
  actAlone(carol);
  speak(bob);
  for (const seat of [alice, dora]) {
    pass(bob, seat);
    speak(seat);
  }
  for (const from of [dora, alice]) pass(from, bob);
  pass(bob, alice);
  for (const seat of [alice, bob]) speak(seat);
  expect([alice, bob].map((seat) => kindsOf(seat).at(-1))).toEqual([KIND.precommit, KIND.precommit]);
  const locked = [...dora.ledger.proposals.keys()][0] ?? expect.unreachable();
  // Dora is gone, and Carol hears nothing of her prevote. Round 1 is Carol's: she proposes her own again.
  pass(alice, bob);
  const isDoras = (entry: VerifiedEntry): boolean => entry.device === dora.person.device;
  deliver(
    carol.ledger,
    entriesOf(bob).filter((entry) => !isDoras(entry)),
  );
  expect(actAlone(carol).map(({ body }) => body)).toMatchObject([
    { kind: KIND.precommit, round: 0, decision: null },
    { kind: KIND.propose, round: 1, decision: { act: carol.wishes[0]?.act } },
    { kind: KIND.prevote, round: 1 },
  ]);
  for (const seat of [alice, bob]) {
    // Nothing but the lane itself holds the lock.
    restart(council, seat);
    pass(carol, seat);
    actAlone(seat);
    expect(saidBy(seat).at(-1)).toEqual({ kind: KIND.prevote, height: 1, round: 1, decision: null });
  }
  meet([alice, bob, carol]);
  expectOneLog([alice, bob, carol], 3);
  expect(decidedBy(carol)[1]).toBe(locked);
});

test('[L1] what three prevoted is proposed again by whoever heard of it, before any own wish', () => {
  const council = councilWith(4, 4);
  const [alice, bob, carol, dora] = council.seats as [Seat, Seat, Seat, Seat];
  speak(bob);
  for (const seat of [alice, dora]) {
    pass(bob, seat);
    speak(seat);
  }
  // Carol has waited in vain, and hears of the votes when she has given up the round.
  actAlone(carol);
  utter(carol.ledger, carol.person, { kind: KIND.precommit, ...nothingIn(0) });
  for (const seat of [alice, bob, dora]) {
    utter(seat.ledger, seat.person, { kind: KIND.precommit, ...nothingIn(0) });
    pass(seat, carol);
  }
  const proposed = [...bob.ledger.proposals.keys()][0];
  const [again] = actAlone(carol);
  expect(again?.body).toMatchObject({ kind: KIND.propose, round: 1, decision: { act: bob.wishes[0]?.act } });
  expect(saidBy(carol).at(-1)).toMatchObject({ kind: KIND.prevote, round: 1, decision: proposed });
});

test('[L1] [I11] a liar proposes two values and votes for both on two branches: the honest decide one, and see it', () => {
  for (const liarAt of [1, 0]) {
    const council = councilWith(4, 4);
    const liar = seatAt(council, liarAt);
    const honest = council.seats.filter((seat) => seat !== liar);
    const [left, right] = wishesOf(council, 6).slice(4);
    if (left === undefined || right === undefined) throw new Error('two wishes');
    const branches = [left, right].map((wish) => {
      const ledger = openLedger(council.village.founding, council.village.options);
      const seat: Seat = { person: liar.person, ledger, wishes: [wish], expired: [], timer: null };
      const entries = [...actAlone(seat)];
      const id = [...ledger.proposals.keys()][0] ?? expect.unreachable();
      entries.push(utter(ledger, liar.person, { kind: KIND.precommit, height: 1, round: 0, decision: id }));
      return entries;
    });
    // One half of the village hears one side, the rest the other.
    for (const [i, seat] of honest.entries()) {
      deliver(seat.ledger, branches[i % 2] ?? []);
      actAlone(seat);
    }
    for (const from of honest) for (const to of honest) if (from !== to) pass(from, to);
    meet(honest);
    const [first] = honest;
    for (const seat of honest) {
      expect(seat.ledger.halt).toBeNull();
      expect(decidedBy(seat)).toEqual(decidedBy(first ?? expect.unreachable()));
      expect(seat.ledger.log.height).toBeGreaterThanOrEqual(3);
      // Both entries of each kind stand side by side, and nobody else is blamed.
      const { doubleVotes } = seat.ledger;
      expect(new Set(doubleVotes.map((double) => double.device))).toEqual(new Set([liar.person.device]));
      expect(new Set(doubleVotes.map((double) => double.kind))).toEqual(
        new Set(['propose', 'prevote', 'precommit']),
      );
      for (const { first: one, second, kind } of doubleVotes) {
        const pair = [one, second].map((id) => seat.ledger.entries.get(id)?.entry.body.kind);
        expect(pair).toEqual(kind === 'vote' || kind === 'after-promise' ? [] : [KIND[kind], KIND[kind]]);
      }
      expect(doubleVotes).toEqual(first?.ledger.doubleVotes);
    }
  }
});
test('[L1] two decisions with a quorum each, beyond what the circle bears, stop the log whichever comes first', () => {
  const council = councilWith(4, 2);
  const [alice, bob, carol, dora] = council.seats as [Seat, Seat, Seat, Seat];
  actAlone(alice);
  actAlone(bob);
  const proposals = [alice, bob].flatMap((seat) => entriesOf(seat).slice(0, 1));
  const votes: VerifiedEntry[] = [];
  for (const [id, voters] of [
    [[...alice.ledger.proposals.keys()][0], [alice, carol, dora]],
    [[...bob.ledger.proposals.keys()][0], [bob, carol, dora]],
  ] as const)
    for (const seat of voters)
      votes.push(
        ...entriesOf(seat).filter(({ body }) => body.kind === KIND.prevote),
        utter(seat.ledger, seat.person, { kind: KIND.precommit, height: 1, round: 0, decision: id ?? null }),
      );
  for (const order of [
    [...proposals, ...votes],
    [...votes, ...proposals].reverse(),
    [...votes, ...proposals],
  ]) {
    const replica = openLedger(council.village.founding, council.village.options);
    deliver(replica, order);
    expect(replica.halt?.reason).toBe('two-decisions');
    expect(replica.log.height).toBe(1);
    const blamed = replica.doubleVotes.map(({ device, kind }) => `${kind} of ${device}`);
    expect(blamed).toHaveLength(2);
    expect(new Set(blamed)).toEqual(
      new Set([carol, dora].map((seat) => `precommit of ${seat.person.device}`)),
    );
  }
});
