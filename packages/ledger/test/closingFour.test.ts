import { describe, expect, test } from 'vitest';
import {
  balanceOf,
  draftDuty,
  draftNext,
  draftPayment,
  findViolations,
  KIND,
  LANE,
  overtakenPayments,
  type PayBody,
  type VerifiedEntry,
  wishesOf,
} from '@corridor/ledger';
import {
  add,
  answer,
  carryOut,
  chooser,
  decide,
  deliver,
  limitsAct,
  move,
  openLedger,
  pay,
  shuffled,
  stop,
  STORY_KEY,
} from '@corridor/testing';
import { alice, bob, carol, dora, emil, faultOf, payBody, write } from './stories.ts';
import {
  circleOf,
  copyOf,
  entriesOf,
  expectOneState,
  keepAll,
  mainOf,
  receipt,
  recordOf,
  storedIn,
  vote,
  LOW,
  lower,
  paidAtHome,
  payAgain,
} from './circles.ts';

describe('with four witnesses', () => {
  test('[C2] some have voted for it: the closing carries it over, and it is final without another vote', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    const { payment } = paidAtHome(circle);
    deliver(ledger, [payment]);
    for (const witness of [alice, bob]) vote(ledger, witness, payment);
    decide(ledger, witnesses, lower, [alice, bob]);
    expect(storedIn(ledger, payment)).toMatchObject({ settled: true, fixed: true, receipts: 0 });
    expect(balanceOf(ledger, bob.device).shown).toBe(500);
    expect(recordOf(ledger, emil).incarnations[1]).toMatchObject({ seq: 1, prev: payment.id });
    expect(pay(ledger, emil, bob, 1)[0]).toMatchObject({ incarnation: 1, seq: 1, prev: payment.id });
    keepAll(ledger, witnesses);
    expectOneState(circle, ledger);
  });
  test('[C2] certified, and nobody has given a receipt: it is final by the closing', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    const [first, second] = [500, 600].flatMap((amount) => pay(ledger, emil, bob, amount));
    for (const witness of [alice, bob, carol]) vote(ledger, witness, first ?? expect.unreachable());
    expect(mainOf(ledger, emil).map((s) => s.settled)).toEqual([false, false]);
    decide(ledger, witnesses, lower, [alice, bob]);
    expect(mainOf(ledger, emil).map((s) => [s.entry.id, s.settled])).toEqual([[first?.id, true]]);
    expect(overtakenPayments(ledger, emil.device).map((s) => s.entry.id)).toEqual([second?.id]);
    expectOneState(circle, ledger);
  });
  test('[C2] votes and receipts that come late count for nothing, before the decision is known and after', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    const { payment } = paidAtHome(circle);
    const decision = decide(ledger, witnesses, lower, [alice, bob]);
    const known = copyOf(circle, ledger);
    deliver(ledger, [payment]);
    const late = [
      ...[bob, carol, dora].map((witness) => vote(ledger, witness, payment)),
      ...[bob, carol, dora].map((witness) => receipt(ledger, witness, payment, [1, 2, 3])),
    ];
    expect(storedIn(ledger, payment)).toMatchObject({ votes: 0, settled: false });
    // They promised, and voted: each is named.
    expect(ledger.doubleVotes.map((d) => d.device)).toEqual([bob, carol, dora].map((p) => p.device));
    expect(findViolations(ledger)).toEqual([]);
    const early = copyOf(circle, circleOf(4).ledger);
    deliver(early, [payment, ...late, ...decision]);
    deliver(known, [...late, payment]);
    expectOneState(circle, ledger);
  });
  test('[C2] certified by late votes on a replica that does not know the decision yet: that certificate gives way', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    const { payment } = paidAtHome(circle);
    // Alice, Bob and Carol stop and report nothing; Dora, who has not stopped, votes; so do forks of Bob's and Carol's lanes.
    const fork = copyOf(circle, ledger);
    deliver(fork, [payment]);
    const late = [bob, carol, dora].map((witness) => vote(fork, witness, payment));
    expect(storedIn(fork, payment).feed.certified).toBe(1);
    expect(draftDuty(fork, dora.device)?.body.receipts).toHaveLength(1);
    move(ledger, alice, lower);
    for (const person of [alice, bob]) answer(ledger, person, lower);
    stop(ledger, witnesses.slice(0, 3));
    carryOut(ledger, [alice, bob, carol]);
    deliver(fork, entriesOf(ledger));
    const feed = fork.feeds.get(emil.device)?.[LANE.account];
    expect([feed?.certified, feed?.main.length, fork.toReceipt.size]).toEqual([0, 0, 0]);
    expect(draftDuty(fork, dora.device)).toBeUndefined();
    const [again] = pay(fork, emil, bob, 500);
    keepAll(fork, [alice, dora, bob]);
    expect(storedIn(fork, again ?? expect.unreachable()).settled).toBe(true);
    expect(storedIn(fork, payment).settled).toBe(false);
    deliver(ledger, [payment, ...late]);
    deliver(ledger, entriesOf(fork));
    expectOneState(circle, ledger);
  });

  /** Emil signs two payments for one place; Alice has voted for one, Bob for the other. */
  function twoHistories() {
    const circle = circleOf(4);
    const { ledger } = circle;
    const left = write(ledger, emil, payBody(ledger, emil, bob, 500)).entry;
    const right = write(ledger, emil, payBody(ledger, emil, carol, 600, {}, null), null).entry;
    vote(ledger, alice, left);
    vote(ledger, bob, right);
    return { ...circle, left, right };
  }
  test('[C2] two candidates have votes: the place is void, neither counts, and the device is sealed', () => {
    const circle = twoHistories();
    const { ledger, witnesses, left, right } = circle;
    decide(ledger, witnesses, lower, [alice, bob]);
    expect(recordOf(ledger, emil)).toMatchObject({
      isVoid: true,
      incarnation: 1,
      grants: [{}, { height: 1, grant: LOW, sealed: true }],
    });
    expect([left, right].map((e) => storedIn(ledger, e).settled)).toEqual([false, false]);
    expect(balanceOf(ledger, emil.device)).toMatchObject({ shown: 0, spendable: 0 });
    expect(draftPayment(ledger, emil.device, payAgain(left.body as PayBody))).toMatchObject({
      fault: { code: 'sealed', device: emil.device },
    });
    // He signs all the same.
    const { applied } = write(ledger, emil, payBody(ledger, emil, bob, 1));
    const verdict = applied.type === 'kept' ? applied.stored.verdict : expect.unreachable();
    expect(faultOf(verdict)).toEqual({ rule: 'C3', code: 'sealed', height: 1 });
    expectOneState(circle, ledger);
  });
  test('[C2] [F3] one of two histories had votes: it is carried over, and the account is open again', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    const left = write(ledger, emil, payBody(ledger, emil, bob, 500)).entry;
    const right = write(ledger, emil, payBody(ledger, emil, carol, 600, {}, null), null).entry;
    vote(ledger, bob, right);
    pay(ledger, dora, emil, 10);
    keepAll(ledger, witnesses);
    expect(draftPayment(ledger, emil.device, payAgain(left.body as PayBody))).toMatchObject({
      fault: { code: 'forked' },
    });
    decide(ledger, witnesses, lower, [alice, bob]);
    expect([left, right].map((e) => storedIn(ledger, e).settled)).toEqual([false, true]);
    expect(mainOf(ledger, emil).map((s) => s.entry.id)).toEqual([right.id]);
    // The proof stays; the next incarnation is another place.
    expect(ledger.forks).toHaveLength(1);
    pay(ledger, emil, bob, 5);
    keepAll(ledger, witnesses);
    expect(balanceOf(ledger, emil.device).shown).toBe(-595);
    expectOneState(circle, ledger);
    // A second proof at the same number, in the new incarnation, stops votes again.
    const [next] = pay(ledger, emil, bob, 6);
    const prev = mainOf(ledger, emil)[1];
    write(ledger, emil, { ...(next?.body as PayBody), amount: 0, balanceAfter: -595 + 10 - 5 }, prev);
    expect(keepAll(ledger, witnesses)).toEqual([]);
    expect(ledger.forks).toHaveLength(2);
    expectOneState(circle, ledger);
  });
  test('[C2] a proof at the same number of a later incarnation is a proof of its own', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    const two = () => {
      const first = write(ledger, emil, payBody(ledger, emil, bob, 500)).applied;
      const stored = first.type === 'kept' ? first.stored : expect.unreachable();
      const draft = draftNext(ledger, emil.device, LANE.account, payBody(ledger, emil, bob, 1, {}, null));
      add(ledger, { ...draft, seq: 0, prev: stored.entry.prev });
    };
    two();
    decide(ledger, witnesses, lower, [alice, bob]);
    two();
    expect(ledger.forks.map((f) => [f.left.entry.incarnation, f.seq])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expectOneState(circle, ledger);
  });

  test('[C1] [L3] a decision waits for what its closing names, and is carried out when it comes, whatever follows it', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    const { payment } = paidAtHome(circle);
    deliver(ledger, [payment]);
    for (const witness of [alice, bob]) vote(ledger, witness, payment);
    decide(ledger, witnesses, lower, [alice, bob]);
    decide(ledger, witnesses, limitsAct(dora, LOW, 1), [alice, bob]);
    const rest = entriesOf(ledger).filter(({ id }) => id !== payment.id);
    const other = copyOf(circle, circleOf(4).ledger);
    deliver(other, rest);
    expect(other.log.height).toBe(0);
    expect(other.awaiting).toMatchObject({ missing: [payment.id] });
    // Somebody signs on what the waiting decisions will say.
    const next = pay(ledger, emil, bob, 1);
    deliver(other, next);
    deliver(other, [payment]);
    deliver(other, next);
    expect([other.log.height, other.awaiting, other.halt]).toEqual([2, null, null]);
    expectOneState(circle, ledger);
  });
  test('[C2] a place named by votes that nobody can show is no candidate for another bundle of reports', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    move(ledger, alice, lower);
    for (const person of [alice, bob]) answer(ledger, person, lower);
    // Dora lies: she names a head and a vote that do not exist.
    const report = { ordinal: 4, incarnation: 0, head: null, vote: 'd'.repeat(64) as VerifiedEntry['id'] };
    const lie = { kind: KIND.stop, reports: [report], parts: 0, next: null } as const;
    add(ledger, draftNext(ledger, dora.device, LANE.witness, lie));
    stop(ledger, [alice, bob]);
    expect(() => carryOut(ledger, witnesses)).toThrow('nothing that could be decided');
    stop(ledger, [carol]);
    carryOut(ledger, witnesses);
    expect(recordOf(ledger, emil).incarnation).toBe(1);
    expectOneState(circle, ledger);
  });
  test('[L1] [C2] who heard promises and consents in another order proposes the same decision, and no round is lost', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    move(ledger, alice, lower);
    for (const person of [alice, bob]) answer(ledger, person, lower);
    stop(ledger, witnesses);
    const wished = wishesOf(ledger, STORY_KEY);
    expect(wished).toHaveLength(1);
    for (let seed = 0; seed < 20; seed++) {
      const other = openLedger(circle.village.founding, circle.village.options);
      deliver(other, shuffled(entriesOf(ledger), chooser(seed)));
      expect(wishesOf(other, STORY_KEY)).toEqual(wished);
    }
  });
});
