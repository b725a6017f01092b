import { describe, expect, test } from 'vitest';
import {
  balanceOf,
  draftClaim,
  draftNext,
  draftPayment,
  findViolations,
  firstGrantFor,
  KIND,
  LANE,
  memberBalance,
  type Ledger,
} from '@corridor/ledger';
import {
  add,
  agree,
  answer,
  approvalOf,
  carryOut,
  decide,
  deliver,
  joinRequest,
  limitsAct,
  memberOf,
  move,
  pay,
  person,
  proposed,
  replaceAct,
  standingAct,
  stop,
  type Person,
} from '@corridor/testing';
import { alice, bob, carol, claimOf, dora, emil, faultOf, payBody, verdictOn, write } from './stories.ts';
import {
  circleOf,
  copyOf,
  entriesOf,
  expectOneState,
  keepAll,
  mainOf,
  recordOf,
  storedIn,
  vote,
} from './circles.ts';

const newPhone = person('Emil’s new phone');
const laptop = person('Emil’s laptop');
const thief = person('Somebody else’s phone');
/** Emil's phone is lost; with an invite that it once signed he comes back on a new one [C4]. */
const comeBack = (ledger: Ledger, heir: Person = newPhone, inviter: Person = emil) =>
  replaceAct([emil], heir, joinRequest(ledger, inviter, heir, inviter === emil ? 'recover' : 'vouch'));
/** Emil lets his laptop in beside his phone. */
function withLaptop(ledger: Ledger, witnesses: readonly Person[]): void {
  const request = joinRequest(ledger, emil, laptop, 'device');
  agree(ledger, witnesses, { type: 'admit', request, grant: firstGrantFor(ledger.log, request) });
}
const shown = (ledger: Ledger, ...people: Person[]) =>
  people.map(({ device }) => balanceOf(ledger, device).shown);

describe.each([1, 4])('with %i witnesses', (n) => {
  test('[C4] a lost phone’s debts, credits and limits are the new phone’s, and it goes on paying and taking in', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    pay(ledger, emil, bob, 4_000);
    const [credit] = pay(ledger, carol, emil, 700);
    keepAll(ledger, witnesses);
    const [late] = pay(ledger, dora, emil, 60);
    decide(ledger, witnesses, comeBack(ledger), []);
    expect(recordOf(ledger, newPhone)).toMatchObject({
      member: memberOf(emil),
      grants: [{ height: 1, grant: { lowestBalance: -15_000, highestBalance: 15_000 }, sealed: false }],
      adjustments: [{ height: 1, amount: -4_000 }],
    });
    expect(recordOf(ledger, emil)).toMatchObject({
      heir: { device: newPhone.device, height: 1 },
      grants: [{}, { grant: { lowestBalance: 0, highestBalance: 0 }, sealed: true }],
    });
    expect(shown(ledger, emil, newPhone)).toEqual([0, -3_300]);
    expect(balanceOf(ledger, newPhone.device)).toMatchObject({ waitingIn: 60, spendable: 11_700 });
    // What Dora signed before she knew comes in to the new phone.
    keepAll(ledger, witnesses);
    expect(balanceOf(ledger, newPhone.device)).toMatchObject({ waitingIn: 0, shown: -3_240 });
    const [payment] = pay(ledger, newPhone, bob, 100);
    expect(payment?.body).toMatchObject({
      claims: [credit, late].map((entry) => claimOf({ entry: entry ?? expect.unreachable() })),
      balanceAfter: -4_000 + 760 - 100,
    });
    keepAll(ledger, witnesses);
    expect(shown(ledger, emil, newPhone, bob)).toEqual([0, -3_340, 4_100]);
    expect(memberBalance(ledger, memberOf(emil))).toBe(-3_340);
    expectOneState(circle, ledger);
  });

  test('[C4] [I5] nobody takes a credit in again that the lost phone took in, nor what is not theirs', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    const [old, other] = [700, 40].flatMap((amount) => pay(ledger, carol, emil, amount));
    keepAll(ledger, witnesses);
    const claim = {
      kind: KIND.claim,
      limitRef: 0,
      logHeight: 0,
      claims: [claimOf({ entry: old ?? expect.unreachable() })],
      balanceAfter: 700,
    } as const;
    verdictOn(ledger, emil, claim);
    keepAll(ledger, witnesses);
    decide(ledger, witnesses, comeBack(ledger), []);
    expect(shown(ledger, emil, newPhone)).toEqual([0, 740]);
    const again = { ...claim, limitRef: 1, logHeight: 1, balanceAfter: 1_400 };
    const fresh = copyOf(circle, ledger);
    expect(faultOf(verdictOn(fresh, newPhone, again))).toEqual({
      rule: 'P4',
      code: 'claimed-twice',
      debit: old?.id,
    });
    const stolen = {
      ...again,
      claims: [claimOf({ entry: other ?? expect.unreachable() })],
      balanceAfter: 40,
    };
    expect(faultOf(verdictOn(fresh, bob, { ...stolen, limitRef: 0 }))).toMatchObject({ code: 'not-yours' });
    expect(draftClaim(ledger, newPhone.device)?.claims).toEqual([
      claimOf({ entry: other ?? expect.unreachable() }),
    ]);
    // The lost phone turns up and takes in what has moved: too late.
    const lost = copyOf(circle, circleOf(n).ledger);
    deliver(
      lost,
      entriesOf(ledger).filter((e) => e.lane === LANE.account),
    );
    const late = write(lost, emil, { ...claim, claims: stolen.claims, balanceAfter: 740 }).entry;
    deliver(ledger, [late]);
    expect(storedIn(ledger, late).settled).toBe(false);
    add(
      ledger,
      draftNext(
        ledger,
        newPhone.device,
        LANE.account,
        draftClaim(ledger, newPhone.device) ?? expect.unreachable(),
      ),
    );
    keepAll(ledger, witnesses);
    expect(shown(ledger, emil, newPhone)).toEqual([0, 740]);
    expectOneState(circle, ledger);
  });

  test('[C4] a phone that is given up moves to the laptop that stays, and the phone signs no more', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    withLaptop(ledger, witnesses);
    pay(ledger, emil, bob, 2_000);
    pay(ledger, carol, emil, 500);
    keepAll(ledger, witnesses);
    decide(ledger, witnesses, replaceAct([emil], laptop), [laptop]);
    expect(shown(ledger, emil, laptop)).toEqual([0, -1_500]);
    expect(recordOf(ledger, laptop).grants).toMatchObject([
      { grant: { lowestBalance: 0 } },
      { height: 2, grant: { lowestBalance: -15_000, highestBalance: 15_000 } },
    ]);
    const wish = {
      to: bob.device,
      amount: 1,
      need: null,
      invoice: null,
      memo: null,
      attachment: null,
      at: 0,
      claims: 'oldest',
    } as const;
    expect(draftPayment(ledger, emil.device, wish)).toMatchObject({ fault: { code: 'sealed' } });
    expect(draftPayment(ledger, bob.device, { ...wish, to: emil.device })).toMatchObject({
      fault: { code: 'sealed', device: emil.device },
    });
    pay(ledger, laptop, bob, 13_000);
    keepAll(ledger, witnesses);
    expect(balanceOf(ledger, laptop.device)).toMatchObject({ shown: -14_500, spendable: 500 });
    expectOneState(circle, ledger);
  });

  test('[C4] two lost devices in one act, then their heir is lost as well: all of it arrives at the last', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    withLaptop(ledger, witnesses);
    pay(ledger, emil, laptop, 300);
    pay(ledger, bob, laptop, 200);
    keepAll(ledger, witnesses);
    const first = joinRequest(ledger, emil, newPhone, 'recover');
    decide(ledger, witnesses, replaceAct([emil, laptop], newPhone, first), []);
    expect(shown(ledger, emil, laptop, newPhone)).toEqual([0, 0, 200]);
    // Both old accounts are still paid by somebody who does not know.
    const behind = circleOf(n).ledger;
    deliver(
      behind,
      entriesOf(ledger).filter(({ lane }) => lane === LANE.account),
    );
    const [late] = pay(behind, dora, emil, 9);
    const last = person('Emil’s third phone');
    decide(
      ledger,
      witnesses,
      replaceAct([newPhone], last, joinRequest(ledger, newPhone, last, 'recover'), 1),
      [],
    );
    deliver(ledger, late === undefined ? [] : [late]);
    keepAll(ledger, witnesses);
    expect(shown(ledger, emil, laptop, newPhone, last)).toEqual([0, 0, 0, 209]);
    pay(ledger, last, bob, 209);
    keepAll(ledger, witnesses);
    expect(mainOf(ledger, last).at(-1)?.entry.body).toMatchObject({ balanceAfter: 0 });
    expectOneState(circle, ledger);
  });

  test('[C4] who finds the lost phone cannot take the account back, nor open one more in its name', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    decide(ledger, witnesses, comeBack(ledger), []);
    const request = joinRequest(ledger, emil, thief, 'recover');
    for (const act of [
      replaceAct([newPhone], thief, request, 1),
      {
        type: 'admit',
        request: joinRequest(ledger, emil, thief, 'device', 'one more'),
        grant: { lowestBalance: 0, highestBalance: 15_000 },
      } as const,
    ])
      expect(() => agree(ledger, witnesses, act)).toThrow('S2 inviter-not-active');
    move(ledger, bob, replaceAct([newPhone], thief, request, 1));
    expect(stop(ledger, witnesses)).toEqual([]);
    expectOneState(circle, ledger);
  });

  test('[C5] room to spend moves between one’s own devices by an ordinary payment', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    withLaptop(ledger, witnesses);
    pay(ledger, emil, laptop, 3_000);
    keepAll(ledger, witnesses);
    expect([emil, laptop].map(({ device }) => balanceOf(ledger, device).spendable)).toEqual([12_000, 3_000]);
    expect(memberBalance(ledger, memberOf(emil))).toBe(0);
    pay(ledger, laptop, bob, 3_000);
    keepAll(ledger, witnesses);
    expect(shown(ledger, emil, laptop, bob)).toEqual([-3_000, 0, 3_000]);
    expectOneState(circle, ledger);
  });

  test('[C3] [C4] a phone that was given up stays shut when its member was paused and is back', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    withLaptop(ledger, witnesses);
    decide(ledger, witnesses, replaceAct([emil], laptop), [laptop]);
    const yes = [alice, bob, carol].slice(0, n === 1 ? 1 : 3);
    decide(ledger, witnesses, standingAct(emil, 'suspended'), yes);
    decide(ledger, witnesses, standingAct(emil, 'active', 1), yes);
    const isShut = (who: Person) => recordOf(ledger, who).grants.at(-1)?.sealed;
    expect([emil, laptop].map(isShut)).toEqual([true, false]);
    expect(verdictOn(ledger, bob, payBody(ledger, bob, emil, 1)).type).toBe('invalid');
    pay(ledger, laptop, bob, 5);
    keepAll(ledger, witnesses);
    expect(shown(ledger, emil, laptop, bob)).toEqual([0, -5, 5]);
    expectOneState(circle, ledger);
  });

  test('[C4] the members whom one chose vouch for the new phone; one of them alone does not', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    const helpers = {
      type: 'helpers',
      ...proposed(),
      device: emil.device,
      helpers: [bob, carol, dora].map(memberOf),
      need: 2,
    } as const;
    expect(() => agree(ledger, witnesses, helpers)).toThrow('L3 not-enough-approvals');
    expect(() => agree(ledger, witnesses, helpers, [approvalOf(ledger, bob, helpers)])).toThrow(
      'L3 not-enough',
    );
    decide(ledger, witnesses, helpers, [emil]);
    // Emil has no invite from his lost phone: Bob asks him in.
    const act = comeBack(ledger, newPhone, bob);
    move(ledger, bob, act);
    answer(ledger, bob, act);
    expect(stop(ledger, witnesses)).toEqual([]);
    answer(ledger, dora, act);
    stop(ledger, witnesses);
    carryOut(ledger, witnesses);
    expect(recordOf(ledger, emil).heir?.device).toBe(newPhone.device);
    // Chosen once, they vouch for the heir as well, until Emil lets them go.
    decide(ledger, witnesses, { ...helpers, ...proposed(1), device: newPhone.device, helpers: [], need: 0 }, [
      newPhone,
    ]);
    expect(ledger.log.helpers.size).toBe(0);
    expectOneState(circle, ledger);
  });
});

test('[C4] [C2] a payment of the lost phone that had votes counts against its heir', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  const [payment] = pay(ledger, emil, bob, 900);
  vote(ledger, carol, payment ?? expect.unreachable());
  decide(ledger, witnesses, comeBack(ledger), []);
  expect(shown(ledger, emil, newPhone, bob)).toEqual([0, -900, 900]);
  expectOneState(circle, ledger);
});
test('[C4] [P2] what an heir signed before it was lost itself is judged by who had taken what in by then', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  pay(ledger, carol, emil, 700);
  keepAll(ledger, witnesses);
  decide(ledger, witnesses, comeBack(ledger), []);
  const home = copyOf(circle, ledger);
  const claim = draftClaim(home, newPhone.device) ?? expect.unreachable();
  const early = add(home, draftNext(home, newPhone.device, LANE.account, claim)).entry;
  // Nobody has seen that when the second phone is lost; the third takes the credit in, and is lost as well.
  const [third, fourth] = [person('Emil’s third phone'), person('Emil’s fourth phone')];
  decide(
    ledger,
    witnesses,
    replaceAct([newPhone], third, joinRequest(ledger, newPhone, third, 'recover'), 1),
    [],
  );
  const taken = draftClaim(ledger, third.device) ?? expect.unreachable();
  add(ledger, draftNext(ledger, third.device, LANE.account, taken));
  keepAll(ledger, witnesses);
  decide(
    ledger,
    witnesses,
    replaceAct([third], fourth, joinRequest(ledger, third, fourth, 'recover'), 2),
    [],
  );
  deliver(ledger, [early]);
  expect([storedIn(ledger, early).verdict.type, storedIn(ledger, early).settled]).toEqual(['valid', false]);
  expect(shown(ledger, emil, newPhone, third, fourth)).toEqual([0, 0, 0, 700]);
  expectOneState(circle, ledger);
});
test('[C4] the heir’s own payments that are on their way go on, on the room they were signed with', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  withLaptop(ledger, witnesses);
  pay(ledger, emil, laptop, 5_000);
  keepAll(ledger, witnesses);
  decide(ledger, witnesses, limitsAct(laptop, { lowestBalance: -100, highestBalance: 15_000 }), [alice, bob]);
  const [pending] = pay(ledger, laptop, bob, 5_100);
  decide(ledger, witnesses, replaceAct([emil], laptop), [laptop]);
  expect(recordOf(ledger, laptop).grants.at(-1)?.grant.lowestBalance).toBe(-15_100);
  const [next] = pay(ledger, laptop, bob, 10_000);
  expect(next?.body).toMatchObject({ logHeight: 3, balanceAfter: -15_100 });
  keepAll(ledger, witnesses);
  expect([pending, next].map((e) => storedIn(ledger, e ?? expect.unreachable()).settled)).toEqual([
    true,
    true,
  ]);
  expect(balanceOf(ledger, laptop.device)).toMatchObject({ shown: -15_100, spendable: 0 });
  expectOneState(circle, ledger);
});
test('[C4] [C2] a phone that wrote two histories does not bring itself back: others must say yes', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  const left = write(ledger, emil, payBody(ledger, emil, bob, 500)).entry;
  const right = write(ledger, emil, payBody(ledger, emil, carol, 600, {}, null), null).entry;
  vote(ledger, alice, left);
  vote(ledger, bob, right);
  decide(ledger, witnesses, limitsAct(emil, { lowestBalance: -1, highestBalance: 1 }), [alice, bob]);
  const act = comeBack(ledger);
  move(ledger, bob, act);
  expect(() => carryOut(ledger, witnesses)).toThrow('nothing that could be decided');
  for (const steward of [alice, bob, carol]) answer(ledger, steward, act);
  // It is sealed already, so there is nothing to promise.
  expect(stop(ledger, witnesses)).toEqual([]);
  carryOut(ledger, witnesses);
  expect(recordOf(ledger, newPhone).grants[0]?.grant).toEqual({ lowestBalance: -1, highestBalance: 1 });
  expect(findViolations(ledger)).toEqual([]);
  expectOneState(circle, ledger);
});
