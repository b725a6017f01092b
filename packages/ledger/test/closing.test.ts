import { describe, expect, test } from 'vitest';
import {
  balanceOf,
  draftNext,
  draftPayment,
  draftStops,
  findViolations,
  isOvertaken,
  KIND,
  LANE,
  overtakenPayments,
  unlockWishes,
  type PayBody,
} from '@corridor/ledger';
import { add, agree, answer, carryOut, decide, deliver, limitsAct, move, pay, stop } from '@corridor/testing';
import { alice, bob, dora, emil } from './stories.ts';
import {
  circleOf,
  copyOf,
  entriesOf,
  expectOneState,
  keepAll,
  mainOf,
  recordOf,
  storedIn,
  LOW,
  lower,
  paidAtHome,
  payAgain,
} from './circles.ts';

const approversOf = (n: number) => (n === 1 ? [alice] : [alice, bob]);

describe.each([1, 4])('with %i witnesses', (n) => {
  test('[C3] [C2] a limit is lowered while a payment is on its way: nobody voted, the place is open, the same is signed again', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    const { home, payment } = paidAtHome(circle);
    const decision = decide(ledger, witnesses, lower, approversOf(n));
    expect(recordOf(ledger, emil)).toMatchObject({
      incarnation: 1,
      incarnations: [{ seq: 0 }, { incarnation: 1, height: 1, seq: 0 }],
      grants: [{}, { height: 1, grant: LOW, sealed: false }],
    });
    // Emil's phone learns it: what he signed is left out, and takes no room any more.
    expect(balanceOf(home, emil.device).waitingOut).toBe(500);
    deliver(home, decision);
    expect(isOvertaken(home.log, storedIn(home, payment))).toBe(true);
    expect(mainOf(home, emil)).toEqual([]);
    expect(balanceOf(home, emil.device)).toMatchObject({ shown: 0, waitingOut: 0, spendable: 1_000 });
    expect(balanceOf(home, bob.device).waitingIn).toBe(0);
    expect(home.accounts.get(bob.device)?.incoming).toEqual([]);
    expect(overtakenPayments(home, emil.device).map((s) => s.entry.id)).toEqual([payment.id]);
    // Signed again, the same but for where it stands, it becomes final; the first stays what it is: no fork.
    const drafted = draftPayment(home, emil.device, payAgain(payment.body as PayBody));
    const body = drafted.ok ? drafted.value.payment : expect.unreachable();
    expect(body).toEqual({ ...payment.body, limitRef: 1, logHeight: 1 });
    const again = add(home, draftNext(home, emil.device, LANE.account, body)).entry;
    expect([again.incarnation, again.seq]).toEqual([1, 0]);
    deliver(ledger, [payment, again]);
    keepAll(ledger, witnesses);
    deliver(home, entriesOf(ledger));
    for (const replica of [ledger, home]) {
      expect([payment, again].map((e) => storedIn(replica, e).settled)).toEqual([false, true]);
      expect(overtakenPayments(replica, emil.device)).toEqual([]);
      expect([replica.forks, replica.feeds.get(emil.device)?.[LANE.account].forked]).toEqual([[], false]);
      expect(balanceOf(replica, bob.device)).toMatchObject({ shown: 500, waitingIn: 0 });
    }
    expectOneState(circle, home);
  });

  test('[C2] [L4] what is settled when a chain is closed stays, and the chain goes on from there', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    const payments = [300, 400].flatMap((amount) => pay(ledger, emil, bob, amount));
    keepAll(ledger, witnesses);
    decide(ledger, witnesses, lower, approversOf(n));
    expect(mainOf(ledger, emil).map((s) => [s.entry.id, s.settled])).toEqual(
      payments.map(({ id }) => [id, true]),
    );
    const [next] = pay(ledger, emil, bob, 300);
    expect([next?.incarnation, next?.seq, next?.prev]).toEqual([1, 2, payments[1]?.id]);
    expect(keepAll(ledger, witnesses)).not.toEqual([]);
    expect(balanceOf(ledger, emil.device)).toMatchObject({ shown: -1_000, spendable: 0 });
    expectOneState(circle, ledger);
  });

  test('[C1] [C2] an account is closed again and again, and every time the newest incarnation goes on', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    for (let turn = 0; turn < 4; turn++) {
      pay(ledger, emil, bob, 10);
      if (turn % 2 === 0) keepAll(ledger, witnesses);
      const grant = { ...LOW, lowestBalance: -1_000 + turn };
      decide(ledger, witnesses, limitsAct(emil, grant, turn), approversOf(n));
      expect(recordOf(ledger, emil).incarnation).toBe(turn + 1);
    }
    pay(ledger, emil, bob, 10);
    keepAll(ledger, witnesses);
    // Of five payments two were left out.
    expect(balanceOf(ledger, emil.device).shown).toBe(-30);
    expect(mainOf(ledger, emil).map((s) => [s.entry.incarnation, s.settled])).toEqual([
      [0, true],
      [2, true],
      [4, true],
    ]);
    expectOneState(circle, ledger);
  });

  test('[C3] a balance below the new limit may climb and not fall; raising needs no closing', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    pay(ledger, emil, bob, 5_000);
    pay(ledger, bob, emil, 700);
    keepAll(ledger, witnesses);
    decide(ledger, witnesses, lower, approversOf(n));
    const refusal = draftPayment(ledger, emil.device, {
      ...payAgain(mainOf(ledger, emil)[0]?.entry.body as PayBody),
      amount: 1,
    });
    expect(refusal).toMatchObject({ fault: { code: 'over-lowest-balance', lowestBalance: -1_000 } });
    pay(ledger, emil, bob, 0);
    keepAll(ledger, witnesses);
    expect(mainOf(ledger, emil).at(-1)?.entry.body).toMatchObject({ balanceAfter: -4_300 });
    decide(ledger, witnesses, limitsAct(emil, { ...LOW, lowestBalance: -6_000 }, 2), approversOf(n));
    expect(recordOf(ledger, emil).incarnation).toBe(1);
    pay(ledger, emil, bob, 1_000);
    keepAll(ledger, witnesses);
    expect(balanceOf(ledger, emil.device)).toMatchObject({ shown: -5_300, spendable: 700 });
    expectOneState(circle, ledger);
  });

  test('[C1] a promise is kept: no vote and no receipt for that account until it is open again', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    move(ledger, alice, lower);
    for (const person of approversOf(n)) answer(ledger, person, lower);
    expect(stop(ledger, witnesses)).toHaveLength(n);
    pay(ledger, emil, bob, 500);
    pay(ledger, bob, emil, 20);
    keepAll(ledger, witnesses);
    expect(mainOf(ledger, emil)[0]?.votes).toBe(0);
    expect(balanceOf(ledger, emil.device)).toMatchObject({ shown: 20, waitingOut: 500 });
    // The same witness owes no second promise.
    expect(witnesses.flatMap(({ device }) => draftStops(ledger, device) ?? [])).toEqual([]);
    carryOut(ledger, witnesses);
    expect(mainOf(ledger, emil)).toEqual([]);
    expectOneState(circle, ledger);
  });

  test('[C1] [C2] a motion that loses its consent leaves no account shut', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    const [approver = alice] = approversOf(n).toReversed();
    move(ledger, alice, lower);
    for (const person of approversOf(n)) answer(ledger, person, lower);
    const stops = stop(ledger, witnesses.slice(0, 2));
    expect(unlockWishes(ledger)).toEqual([]);
    answer(ledger, approver, lower, 'no');
    // Half of them have stopped, more than may lie: so the rest stops as well, and the account opens.
    expect([...stops, ...stop(ledger, witnesses)]).toHaveLength(n);
    const [{ act } = expect.unreachable()] = unlockWishes(ledger);
    expect(act.type).toBe('unlock');
    carryOut(ledger, witnesses);
    expect(recordOf(ledger, emil)).toMatchObject({ incarnation: 1, grants: [{}, { sealed: false }] });
    expect(balanceOf(ledger, emil.device).spendable).toBe(15_000);
    pay(ledger, emil, bob, 500);
    keepAll(ledger, witnesses);
    expect(balanceOf(ledger, bob.device).shown).toBe(500);
    expect(unlockWishes(ledger)).toEqual([]);
    expectOneState(circle, ledger);
  });

  test('[C1] what can no longer be carried out shuts nobody’s account, and opens what it shut', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    const twin = limitsAct(emil, LOW, 7);
    for (const act of [lower, twin]) {
      move(ledger, alice, act);
      for (const person of approversOf(n)) answer(ledger, person, act);
    }
    stop(ledger, witnesses);
    carryOut(ledger, witnesses);
    // The twin has nothing left to change.
    expect(witnesses.flatMap(({ device }) => draftStops(ledger, device) ?? [])).toEqual([]);
    expect(() => carryOut(ledger, witnesses)).toThrow('nothing that could be decided');
    expectOneState(circle, ledger);
  });
});

describe('with one witness', () => {
  test('[L3] [L0] what the keeper decides while a decision waits for its closing waits behind it, and nothing halts', () => {
    const circle = circleOf(1);
    const { ledger, witnesses } = circle;
    const [payment] = pay(ledger, emil, bob, 500);
    keepAll(ledger, witnesses);
    decide(ledger, witnesses, lower, [alice]);
    decide(ledger, witnesses, limitsAct(dora, LOW, 1), [alice]);
    pay(ledger, dora, bob, 7);
    keepAll(ledger, witnesses);
    const other = copyOf(circle, circleOf(1).ledger);
    deliver(
      other,
      entriesOf(ledger).filter(({ lane }) => lane !== LANE.account),
    );
    expect([other.log.height, other.halt, other.heights.get(2)?.agreed.size]).toEqual([0, null, 1]);
    deliver(other, payment === undefined ? [] : [payment]);
    expect([other.log.height, other.awaiting]).toEqual([2, null]);
    expectOneState(circle, ledger);
  });
  test('[I2] [I11] a keeper who reports less than it made final is contradicted: the log halts, nothing is lost', () => {
    const circle = circleOf(1);
    const { ledger, witnesses } = circle;
    pay(ledger, emil, bob, 500);
    keepAll(ledger, witnesses);
    const report = { ordinal: 4, incarnation: 0, head: null, vote: null };
    const lie = { kind: KIND.stop, reports: [report], parts: 0, next: null } as const;
    const stops = [add(ledger, draftNext(ledger, alice.device, LANE.witness, lie)).entry.id];
    const act = { type: 'unlock', closing: { device: emil.device, incarnation: 0, stops } } as const;
    expect(() => agree(ledger, witnesses, act)).toThrow('C2 loses-settled');
    const decision = { height: 1, prev: ledger.log.head, act, approvals: [] };
    const forced = { kind: KIND.propose, round: 0, decision } as const;
    add(ledger, draftNext(ledger, alice.device, LANE.witness, forced));
    expect([ledger.halt?.reason, ledger.log.height]).toEqual(['loses-settled', 0]);
    expect(balanceOf(ledger, bob.device).shown).toBe(500);
    expect(findViolations(ledger)).toEqual([]);
  });
});
