import { describe, expect, test } from 'vitest';
import {
  balanceOf,
  draftPayment,
  draftStops,
  findViolations,
  KIND,
  LANE,
  draftNext,
  wishesOf,
  type CirclePolicy,
  type Grant,
  type Ledger,
} from '@corridor/ledger';
import {
  add,
  admit,
  agree,
  answer,
  approvalOf,
  carryOut,
  decide,
  deliver,
  found,
  joinRequest,
  limitsAct,
  memberOf,
  move,
  pay,
  person,
  proposed,
  standingAct,
  stop,
  STORY_KEY,
  type Person,
} from '@corridor/testing';
import { firstGrantFor } from '@corridor/ledger';
import { alice, bob, carol, dora, emil, faultOf, payBody, verdictOn, write } from './stories.ts';
import { circleOf, copyOf, entriesOf, expectOneState, keepAll, recordOf, storedIn } from './circles.ts';

const wish = (to: Person, amount = 1) => ({
  to: to.device,
  amount,
  need: null,
  invoice: null,
  memo: null,
  attachment: null,
  at: 0,
  claims: 'oldest' as const,
});
const stewards = (n: number) => [alice, bob, carol].slice(0, n === 1 ? 1 : 3);
const newPolicy = (ledger: Ledger, change: Partial<CirclePolicy>, number = 0) =>
  ({ type: 'policy', ...proposed(number), policy: { ...ledger.log.policy, ...change } }) as const;

describe.each([1, 4])('with %i witnesses', (n) => {
  test('[C3] a member is suspended, and back: their account is shut for that time, and goes on where it stood', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    pay(ledger, emil, bob, 400);
    keepAll(ledger, witnesses);
    const ignorant = copyOf(circle, ledger);
    decide(ledger, witnesses, standingAct(emil, 'suspended'), stewards(n));
    expect(balanceOf(ledger, emil.device)).toMatchObject({ shown: -400, spendable: 0 });
    expect(draftPayment(ledger, emil.device, wish(bob))).toMatchObject({
      fault: { code: 'sealed', device: emil.device },
    });
    expect(draftPayment(ledger, bob.device, wish(emil))).toMatchObject({
      fault: { code: 'sealed', device: emil.device },
    });
    // Who does not know yet pays him all the same, and that is good.
    const [paid] = pay(ignorant, bob, emil, 30);
    deliver(ledger, paid === undefined ? [] : [paid]);
    keepAll(ledger, witnesses);
    expect(balanceOf(ledger, emil.device).shown).toBe(-370);
    expect(() =>
      agree(ledger, witnesses, {
        type: 'admit',
        request: joinRequest(ledger, emil, person('Fina')),
        grant: ledger.log.policy.firstGrant,
      }),
    ).toThrow('S2 inviter-not-active');
    decide(ledger, witnesses, standingAct(emil, 'active', 1), stewards(n));
    pay(ledger, emil, bob, 100);
    keepAll(ledger, witnesses);
    expect(balanceOf(ledger, emil.device)).toMatchObject({ shown: -470, spendable: 14_530 });
    expectOneState(circle, ledger);
  });
  test('[C3] [L2] a member is expelled, out of suspension or at once: all of their devices are shut and the book has a new key', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    const laptop = person('Emil’s laptop');
    const request = joinRequest(ledger, emil, laptop, 'device');
    agree(ledger, witnesses, { type: 'admit', request, grant: firstGrantFor(ledger.log, request) });
    pay(ledger, emil, laptop, 50);
    decide(ledger, witnesses, standingAct(emil, 'suspended'), stewards(n));
    decide(ledger, witnesses, standingAct(emil, 'expelled', 1), stewards(n));
    expect([ledger.log.epoch, ledger.log.keys.get(1)]).toEqual([1, STORY_KEY]);
    expect(ledger.log.standings.get(memberOf(emil))).toBe('expelled');
    decide(ledger, witnesses, standingAct(dora, 'expelled', 2), stewards(n));
    for (const device of [emil, laptop, dora]) {
      expect(recordOf(ledger, device).grants.at(-1)?.sealed).toBe(true);
      const verdict = verdictOn(ledger, device, payBody(ledger, device, bob, 1, {}, null));
      expect(faultOf(verdict)).toMatchObject({ rule: 'C3', code: 'sealed' });
    }
    // Expelled is not for ever: the circle may let somebody back.
    decide(ledger, witnesses, standingAct(emil, 'active', 3), stewards(n));
    expect([emil, laptop].map((p) => recordOf(ledger, p).grants.at(-1)?.sealed)).toEqual([false, false]);
    expectOneState(circle, ledger);
  });
  test('[C3] a device whose two histories were found stays shut when its member is back', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    const left = write(ledger, emil, payBody(ledger, emil, bob, 500)).entry;
    const right = write(ledger, emil, payBody(ledger, emil, carol, 600, {}, null), null).entry;
    const votes = (who: Person, { device, seq, id }: typeof left) =>
      add(
        ledger,
        draftNext(ledger, who.device, LANE.witness, {
          kind: KIND.votes,
          votes: [{ device, incarnation: 0, seq, id }],
          receipts: [],
        }),
      );
    if (n > 1) {
      votes(alice, left);
      votes(bob, right);
    }
    decide(ledger, witnesses, standingAct(emil, 'suspended'), stewards(n));
    decide(ledger, witnesses, standingAct(emil, 'active', 1), stewards(n));
    expect(recordOf(ledger, emil)).toMatchObject({ isVoid: n > 1 });
    expect(recordOf(ledger, emil).grants.at(-1)?.sealed).toBe(n > 1);
    expectOneState(circle, ledger);
  });

  test('[L2] [I4] anybody pays into the commons, an act pays out of it, and the sum stays zero', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    const gift = verdictOn(
      ledger,
      emil,
      payBody(ledger, emil, bob, 2_000, { to: { type: 'commons', commons: 1 } }),
    );
    expect(gift.type).toBe('valid');
    expect([...ledger.commons]).toEqual([]);
    keepAll(ledger, witnesses);
    expect([...ledger.commons]).toEqual([[1, 2_000]]);
    // Dora’s own payment is under way while the act is decided.
    const [pending] = pay(ledger, dora, bob, 100);
    const payout = { type: 'payout', ...proposed(), commons: 1, to: dora.device, amount: 1_500 } as const;
    decide(ledger, witnesses, payout, stewards(n).slice(0, 2));
    expect([...ledger.commons]).toEqual([[1, 500]]);
    expect(balanceOf(ledger, dora.device)).toMatchObject({
      shown: 1_500,
      waitingOut: 100,
      spendable: 16_400,
    });
    const [next] = pay(ledger, dora, bob, 16_000);
    expect(next?.body).toMatchObject({ balanceAfter: -100 + 1_500 - 16_000, logHeight: 1 });
    keepAll(ledger, witnesses);
    expect(storedIn(ledger, pending ?? expect.unreachable()).settled).toBe(true);
    expect(balanceOf(ledger, dora.device).shown).toBe(-14_600);
    // The same motion again is another payout only if it is another motion.
    expect(() =>
      agree(
        ledger,
        witnesses,
        payout,
        stewards(n).map((p) => approvalOf(ledger, p, payout)),
      ),
    ).toThrow('L3 decided-already');
    decide(ledger, witnesses, { ...payout, ...proposed(1), amount: 500 }, stewards(n).slice(0, 2));
    expect([...ledger.commons]).toEqual([[1, 0]]);
    expectOneState(circle, ledger);
  });

  test('[P2] [I3] where the circle only warns, a payment may go to twice the limit and no further', () => {
    const circle = circleOf(n);
    const { ledger, witnesses } = circle;
    expect(draftPayment(ledger, emil.device, wish(bob, 15_001))).toMatchObject({
      fault: { code: 'over-lowest-balance' },
    });
    decide(ledger, witnesses, newPolicy(ledger, { belowLowest: 'warn' }), stewards(n));
    pay(ledger, emil, bob, 20_000);
    keepAll(ledger, witnesses);
    expect(balanceOf(ledger, emil.device)).toMatchObject({
      shown: -20_000,
      lowestBalance: -15_000,
      spendable: 0,
    });
    expect(draftPayment(ledger, emil.device, wish(bob, 10_001))).toMatchObject({
      fault: { code: 'over-lowest-balance', lowestBalance: -30_000 },
    });
    expect(
      faultOf(verdictOn(copyOf(circle, ledger), emil, payBody(ledger, emil, bob, 10_001))),
    ).toMatchObject({
      code: 'below-lowest-balance',
      lowestBalance: -30_000,
    });
    // Back to refusing: what stands stands, and from that height on it is refused.
    decide(ledger, witnesses, newPolicy(ledger, { belowLowest: 'refuse' }, 1), stewards(n));
    expect(draftPayment(ledger, emil.device, wish(bob))).toMatchObject({ fault: { lowestBalance: -15_000 } });
    expectOneState(circle, ledger);
  });
});

describe('[L3] who is asked', () => {
  test('[L3] half of the stewards for limits, two thirds to suspend, never the one it is about, and nobody twice', () => {
    const { ledger, witnesses } = circleOf(4);
    const enough = (act: Parameters<typeof approvalOf>[2], ...people: Person[]) => {
      try {
        agree(
          copyOf(circleOf(4), ledger),
          witnesses,
          act,
          people.map((p) => approvalOf(ledger, p, act)),
        );
      } catch (error) {
        return (error as Error).message;
      }
      return 'decided';
    };
    const higher = limitsAct(emil, { lowestBalance: -20_000, highestBalance: 15_000 });
    expect(enough(higher, alice)).toBe('L3 not-enough-approvals');
    expect(enough(higher, alice, alice)).toBe('L3 not-enough-approvals');
    expect(enough(higher, alice, emil)).toBe('L3 not-enough-approvals');
    expect(enough(higher, alice, dora)).toBe('decided');
    const doras = limitsAct(dora, { lowestBalance: -20_000, highestBalance: 15_000 });
    expect(enough(doras, alice, dora)).toBe('L3 not-enough-approvals');
    expect(enough(doras, alice, bob)).toBe('decided');
    const policy = newPolicy(ledger, { smallAmount: 1 });
    expect(enough(policy, alice, bob)).toBe('L3 not-enough-approvals');
    expect(enough(policy, alice, bob, carol)).toBe('decided');
  });
  test('[L3] a steward who is suspended is not counted, neither for nor against', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    decide(ledger, witnesses, standingAct(dora, 'suspended'), [alice, bob]);
    const act = newPolicy(ledger, { smallAmount: 1 });
    expect(() =>
      agree(
        ledger,
        witnesses,
        act,
        [alice, dora].map((p) => approvalOf(ledger, p, act)),
      ),
    ).toThrow('L3');
    decide(ledger, witnesses, act, [alice, bob]);
    expect(ledger.log.policy.smallAmount).toBe(1);
    expectOneState(circle, ledger);
  });
  test('[L3] what a policy asks from now on is asked of the next act', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    const { consents } = ledger.log.policy;
    const alone = { least: 1, parts: 0, of: 1 };
    decide(ledger, witnesses, newPolicy(ledger, { consents: { ...consents, limits: alone } }), [
      alice,
      bob,
      carol,
    ]);
    decide(ledger, witnesses, limitsAct(emil, { lowestBalance: -20_000, highestBalance: 1 }), [bob]);
    expect(recordOf(ledger, emil).grants.at(-1)?.grant.highestBalance).toBe(1);
    expectOneState(circle, ledger);
  });
  test('[L3] nobody is made a keeper, no account is freed and no book closed because somebody proposes it', () => {
    const circle = circleOf(1);
    const { ledger } = circle;
    const keeper = {
      type: 'keeper',
      device: emil.device,
      witness: emil.witness,
      consent: 'a'.repeat(128) as never,
    } as const;
    const unlock = { type: 'unlock', closing: { device: emil.device, incarnation: 0, stops: [] } } as const;
    const close = {
      type: 'close-book',
      stops: [],
      opening: 'a'.repeat(64) as never,
      key: STORY_KEY,
    } as const;
    for (const act of [keeper, unlock, close]) {
      move(ledger, emil, act);
      answer(ledger, emil, act);
    }
    expect(wishesOf(ledger, STORY_KEY)).toEqual([]);
  });
  test('[L3] a flood of motions pushes out nobody else’s', () => {
    const circle = circleOf(4);
    const { ledger, witnesses } = circle;
    const act = limitsAct(emil, { lowestBalance: -20_000, highestBalance: 15_000 });
    move(ledger, alice, act);
    for (let i = 1; i < 300; i++)
      move(ledger, emil, limitsAct(emil, { lowestBalance: -i, highestBalance: 1 }, i));
    for (const steward of [alice, bob]) answer(ledger, steward, act);
    carryOut(ledger, witnesses);
    expect(recordOf(ledger, emil).grants.at(-1)?.grant.lowestBalance).toBe(-20_000);
    expect(ledger.motions.size).toBeLessThan(40);
  });
});

describe('[S2] newcomers', () => {
  const room = (ledger: Ledger, ...people: Person[]) =>
    people.map((p) => recordOf(ledger, p).grants.at(-1)?.grant.lowestBalance);
  /** Alice keeps the book; she let Bob in, who is no steward. */
  function village() {
    const { ledger } = found(alice);
    admit(ledger, alice, alice, bob);
    return ledger;
  }
  const guests = [1, 2, 3, 4, 5].map((i) => person(`Guest ${i}`));
  test('[S2] those whom one member invites share the room of three, until a steward has confirmed them', () => {
    const ledger = village();
    for (const guest of guests.slice(0, 4)) admit(ledger, alice, bob, guest);
    expect(room(ledger, bob, ...guests.slice(0, 4))).toEqual([-15_000, -15_000, -15_000, -15_000, 0]);
    const [first = bob, , , fourth = bob, fifth = bob] = guests;
    // Alice confirms the first as they are, and gives the fourth what newcomers have: there is room for a fifth.
    const { firstGrant } = ledger.log.policy;
    for (const [i, guest] of [first, fourth].entries())
      decide(ledger, [alice], limitsAct(guest, firstGrant, i), [alice]);
    admit(ledger, alice, bob, fifth);
    expect(room(ledger, ...guests)).toEqual([-15_000, -15_000, -15_000, -15_000, -15_000]);
    expect(guests.map((p) => recordOf(ledger, p).confirmed)).toEqual([true, false, false, true, false]);
    expect(findViolations(ledger)).toEqual([]);
  });
  test('[S2] a newcomer’s newcomers share the same room, and so do those of a second device', () => {
    const ledger = village();
    const [a = bob, b = bob, c = bob, d = bob, e = bob] = guests;
    admit(ledger, alice, bob, a);
    admit(ledger, alice, a, b);
    const laptop = person('Guest 1’s laptop');
    const request = joinRequest(ledger, a, laptop, 'device');
    agree(ledger, [alice], { type: 'admit', request, grant: firstGrantFor(ledger.log, request) });
    admit(ledger, alice, laptop, c);
    expect(recordOf(ledger, laptop).confirmed).toBe(false);
    admit(ledger, alice, b, d);
    expect(room(ledger, a, b, c, d)).toEqual([-15_000, -15_000, -15_000, 0]);
    // Confirmed, Guest 1 answers for newcomers of their own.
    decide(ledger, [alice], limitsAct(a, { lowestBalance: -16_000, highestBalance: 15_000 }), [alice]);
    expect(recordOf(ledger, laptop).confirmed).toBe(true);
    admit(ledger, alice, laptop, e);
    expect(room(ledger, e)).toEqual([-15_000]);
  });
  test('[S2] [C4] nobody is confirmed by losing a phone', () => {
    const ledger = village();
    const [a = bob, b = bob, c = bob, d = bob] = guests;
    for (const guest of [a, b, c]) admit(ledger, alice, bob, guest);
    const request = joinRequest(ledger, a, d, 'recover');
    const act = {
      type: 'replace',
      ...proposed(),
      request,
      heir: d.device,
      closings: [{ device: a.device, incarnation: 0, stops: [] }],
      key: null,
    } as const;
    decide(ledger, [alice], act, []);
    expect([recordOf(ledger, d).confirmed, ...room(ledger, a, d)]).toEqual([false, 0, -15_000]);
    admit(ledger, alice, d, guests[4] ?? bob);
    expect(room(ledger, guests[4] ?? bob)).toEqual([0]);
  });
  test('[S2] whom the stewards admit, or a steward invites, has the whole of it at once', () => {
    const ledger = village();
    const policy = newPolicy(ledger, { admission: 'stewards', newcomersShare: 0 });
    decide(ledger, [alice], policy, [alice]);
    const [guest = bob, other = bob] = guests;
    const request = joinRequest(ledger, bob, guest);
    const act = { type: 'admit', request, grant: firstGrantFor(ledger.log, request) } as const;
    expect(() => agree(ledger, [alice], act)).toThrow('L3 not-enough-approvals');
    decide(ledger, [alice], act, [alice]);
    expect([...room(ledger, guest), recordOf(ledger, guest).confirmed]).toEqual([-15_000, true]);
    // Carried out, it is wanted no more.
    expect(wishesOf(ledger, STORY_KEY)).toEqual([]);
    // One more device of one's own is nobody's to decide.
    const own = joinRequest(ledger, guest, other, 'device');
    agree(ledger, [alice], { type: 'admit', request: own, grant: firstGrantFor(ledger.log, own) });
    expect(draftStops(ledger, alice.device)).toBeUndefined();
    expect(stop(ledger, [alice])).toEqual([]);
  });
});
test('[C3] a limit that a suspended member had is theirs again, and no more', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  const low: Grant = { lowestBalance: -1_000, highestBalance: 2_000 };
  decide(ledger, witnesses, limitsAct(emil, low), [alice, bob]);
  decide(ledger, witnesses, standingAct(emil, 'suspended'), [alice, bob, carol]);
  decide(ledger, witnesses, standingAct(emil, 'active', 1), [alice, bob, carol]);
  expect(recordOf(ledger, emil).grants.at(-1)).toEqual({ height: 3, grant: low, sealed: false });
  expectOneState(circle, ledger);
  expect(entriesOf(ledger).length).toBeGreaterThan(0);
});
