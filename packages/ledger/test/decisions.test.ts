import { expect, test } from 'vitest';
import {
  draftNext,
  draftProposal,
  findViolations,
  firstGrantFor,
  KIND,
  LANE,
  quorum,
  safetyFigures,
  stateRoot,
  type Act,
  type Decision,
  type DecisionFault,
  type JoinRequest,
  type Ledger,
} from '@corridor/ledger';
import {
  add,
  admit,
  agree,
  deliver,
  found,
  handBook,
  joinRequest,
  keepBook,
  openLedger,
  pay,
  person,
  settleVillage,
  VILLAGE_POLICY,
  type Person,
} from '@corridor/testing';
import { alice, anId, bob, carol, dora, emil, payBody, verdictOn, write } from './stories.ts';

const admission = (ledger: Ledger, request: JoinRequest): Act => ({
  type: 'admit',
  request,
  grant: firstGrantFor(ledger.log, request),
});
/** A proposal that Alice signs whatever it says. */
function propose(ledger: Ledger, act: Act, change: Partial<Decision> = {}, keeper: Person = alice) {
  const decision = { height: ledger.log.height + 1, prev: ledger.log.head, act, approvals: [], ...change };
  const body = { kind: KIND.propose, round: 0, decision } as const;
  return add(ledger, draftNext(ledger, keeper.device, LANE.witness, body)).applied;
}
function village(): Ledger {
  const { ledger } = found(alice);
  admit(ledger, alice, alice, bob);
  return ledger;
}
const consentless = (device: Person): Act => ({
  type: 'keeper',
  device: device.device,
  witness: device.witness,
  consent: '00'.repeat(64) as Extract<Act, { type: 'keeper' }>['consent'],
});

interface Unlawful {
  readonly title: string;
  readonly act: (ledger: Ledger) => Act;
  readonly change?: Partial<Decision>;
  readonly fault: Partial<DecisionFault>;
}
const carols = (ledger: Ledger): JoinRequest => joinRequest(ledger, alice, carol);
const UNLAWFUL: readonly Unlawful[] = [
  {
    title: '[L0] a height too far',
    act: (ledger) => admission(ledger, carols(ledger)),
    change: { height: 3 },
    fault: { rule: 'L0', code: 'wrong-height', expected: 2 },
  },
  {
    title: '[L0] on another decision than the last',
    act: (ledger) => admission(ledger, carols(ledger)),
    change: { prev: anId('5') },
    fault: { rule: 'L0', code: 'wrong-prev' },
  },
  {
    title: '[L3] approvals that nobody asked for',
    act: (ledger) => admission(ledger, carols(ledger)),
    change: {
      approvals: [
        { device: bob.device, signature: '00'.repeat(64) as Decision['approvals'][0]['signature'] },
      ],
    },
    fault: { rule: 'L3', code: 'approvals-not-asked-for' },
  },
  {
    title: '[L0] somebody who is in already',
    act: (ledger) => admission(ledger, joinRequest(ledger, alice, bob, 'member', 'again')),
    fault: { rule: 'L0', code: 'already-admitted', device: bob.device },
  },
  {
    title: '[S2] an inviter whom nobody knows',
    act: (ledger) => admission(ledger, joinRequest(ledger, dora, carol)),
    fault: { rule: 'S2', code: 'unknown-inviter' },
  },
  {
    title: '[S2] an invite that was used',
    act: (ledger) => admission(ledger, joinRequest(ledger, alice, carol, 'member', bob.name)),
    fault: { rule: 'S2', code: 'invite-used' },
  },
  {
    title: '[S2] an invite of another log',
    act: (ledger) => admission(ledger, { ...carols(ledger), decision: anId('6') }),
    fault: { rule: 'S2', code: 'unknown-decision' },
  },
  {
    title: '[S2] other limits than the policy grants',
    act: (ledger) =>
      ({ ...admission(ledger, carols(ledger)), grant: { lowestBalance: -1, highestBalance: 15_000 } }) as Act,
    fault: { rule: 'S2', code: 'not-the-granted-limits', device: carol.device },
  },
  {
    title: '[P7] a keeper whom nobody knows',
    act: () => consentless(carol),
    fault: { rule: 'P7', code: 'unknown-device', device: carol.device },
  },
  {
    title: '[P7] the keeper as the next keeper',
    act: () => consentless(alice),
    fault: { rule: 'P7', code: 'keeps-it-already', device: alice.device },
  },
];
test.each(UNLAWFUL)(
  '[L3] unlawful, so the log halts and nothing changes: $title',
  ({ act, change, fault }) => {
    const ledger = village();
    const before = stateRoot(ledger);
    const applied = propose(ledger, act(ledger), change);
    expect(applied).toMatchObject({
      type: 'kept',
      stored: { verdict: { type: 'invalid', fault: { rule: 'L3', code: 'decision', fault } } },
      changes: [{ type: 'kept' }, { type: 'halted' }],
    });
    expect(ledger.halt?.reason).toBe('unlawful-decision');
    expect(stateRoot(ledger)).toBe(before);
    // An honest draft says the same before anything is signed.
    if (change === undefined)
      expect(draftProposal(ledger, alice.device, act(ledger))).toMatchObject({ fault });
  },
);
test('[L3] a circle whose stewards admit takes nobody in by the keeper alone', () => {
  const { ledger } = found(alice, { policy: { ...VILLAGE_POLICY, admission: 'stewards' } });
  expect(draftProposal(ledger, alice.device, admission(ledger, joinRequest(ledger, alice, bob)))).toEqual({
    ok: false,
    fault: { rule: 'L3', code: 'not-enough-approvals' },
  });
});
test('[E5] [L0] a key of small order is not let in, as a device or as a witness', () => {
  const { founding } = found(alice);
  const ledger = openLedger(founding);
  const strict = { ...ledger, isOrdinaryKey: (key: string) => key !== bob.device && key !== carol.witness };
  expect(draftProposal(strict, alice.device, admission(strict, joinRequest(strict, alice, bob)))).toEqual({
    ok: false,
    fault: { rule: 'L0', code: 'key-not-ordinary', device: bob.device },
  });
  admit(strict, alice, alice, carol);
  expect(draftProposal(strict, alice.device, consentless(carol))).toMatchObject({
    fault: { rule: 'L0', code: 'key-not-ordinary', device: carol.device },
  });
});
test('[P7] with several witnesses the book is not handed on by one act', () => {
  const four = settleVillage(4, [alice, bob, carol, dora, emil]);
  const ledger = openLedger(four.founding, four.options);
  expect(draftProposal(ledger, alice.device, consentless(emil))).toMatchObject({
    fault: { rule: 'P7', code: 'not-one-witness' },
  });
});
test('[S2] [P1] one more device of a member starts with room to receive and none to spend', () => {
  const ledger = village();
  propose(ledger, admission(ledger, joinRequest(ledger, bob, carol, 'device')));
  const record = ledger.log.devices.get(carol.device);
  expect(record?.member).toBe(bob.device);
  expect(record?.grants).toEqual([
    { height: 2, grant: { lowestBalance: 0, highestBalance: 15_000 }, sealed: false },
  ]);
  expect(verdictOn(ledger, carol, payBody(ledger, carol, alice, 1)).type).toBe('invalid');
});
test('[L0] two decisions at one height stop the log on whatever replica sees both', () => {
  const ledger = village();
  const fork = openLedger(ledger.founding.entry as Parameters<typeof openLedger>[0]);
  deliver(
    fork,
    [...ledger.entries.values()].map((s) => s.entry),
  );
  const one = admit(ledger, alice, alice, carol);
  const two = admit(fork, alice, alice, dora);
  for (const [replica, other] of [
    [ledger, two],
    [fork, one],
  ] as const) {
    deliver(replica, [other]);
    expect(replica.halt).toMatchObject({ reason: 'two-decisions', entry: other.id });
    expect(replica.log.height).toBe(2);
    expect(replica.forks).toMatchObject([{ device: alice.device, lane: LANE.witness }]);
    expect(keepBook(replica, alice)).toEqual([]);
  }
});
test('[L0] a former keeper decides nothing after its term, on whatever branch of its lane', () => {
  const ledger = village();
  const before = ledger.feeds.get(alice.device)?.[LANE.witness].main.at(-1) ?? expect.unreachable();
  handBook(ledger, alice, bob);
  const decision = {
    height: ledger.log.height + 1,
    prev: ledger.log.head,
    act: admission(ledger, carols(ledger)),
    approvals: [],
  };
  const body = { kind: KIND.propose, round: 0, decision } as const;
  const { seq, id: prev } = before.entry;
  const draft = draftNext(ledger, bob.device, LANE.witness, body);
  const { applied } = add(ledger, { ...draft, device: alice.device, seq: seq + 1, prev });
  expect(applied.type).toBe('kept');
  expect([ledger.log.height, ledger.halt]).toEqual([2, null]);
  const consent = consentless(carol);
  add(ledger, {
    ...draft,
    device: alice.device,
    seq: seq + 1,
    prev,
    body: { ...body, decision: { ...decision, act: consent } },
  });
  expect([ledger.log.height, ledger.halt]).toEqual([2, null]);
  expect(ledger.forks).toMatchObject([{ device: alice.device, lane: LANE.witness }]);
});
test('[P7] the book goes to and fro with payments in flight, and nothing is lost', () => {
  const { founding, ledger } = found(alice);
  for (const newcomer of [bob, carol, dora]) admit(ledger, alice, alice, newcomer);
  let sum = 0;
  let [keeper, next] = [alice, carol];
  for (let turn = 0; turn < 6; turn++) {
    pay(ledger, bob, dora, 100 + turn);
    if (turn % 2 === 0) keepBook(ledger, keeper);
    pay(ledger, bob, dora, 10);
    sum += 110 + turn;
    handBook(ledger, keeper, next);
    [keeper, next] = [next, keeper];
    expect(keepBook(ledger, next)).toEqual([]);
  }
  keepBook(ledger, keeper);
  expect(ledger.accounts.get(dora.device)?.unclaimedSum).toBe(sum);
  expect(ledger.log.terms.map((t) => [t.device, t.fromHeight, t.toHeight])).toHaveLength(7);
  expect(findViolations(ledger)).toEqual([]);
  // The lanes of both, in any order, give the same book: each term knows where it starts and ends.
  const again = openLedger(founding);
  deliver(again, [...ledger.entries.values()].map((s) => s.entry).reverse());
  expect(stateRoot(again)).toBe(stateRoot(ledger));
  expect(again.log.terms).toEqual(ledger.log.terms);
});

test('[I10] [L4] letting somebody in or handing the book on changes nothing that came before', () => {
  const ledger = village();
  pay(ledger, bob, alice, 300);
  verdictOn(ledger, bob, payBody(ledger, bob, alice, 90_000));
  keepBook(ledger, alice);
  pay(ledger, alice, bob, 20);
  const seen = () =>
    [...ledger.entries.values()].slice(0, known).map((s) => [s.entry.id, s.verdict, s.settled, s.votes]);
  const balances = () => [alice, bob].map(({ device }) => ({ ...ledger.accounts.get(device) }));
  const known = ledger.entries.size;
  const before = [seen(), balances()];
  admit(ledger, alice, bob, carol);
  handBook(ledger, alice, carol);
  admit(ledger, carol, carol, dora);
  expect([seen(), balances()]).toEqual(before);
  expect(ledger.log.height).toBe(4);
});

test('[P7] quorums and what they bear: how many may lie, how many may be away', () => {
  const figures = [1, 4, 7, 10].map((n) => [n, quorum(n), safetyFigures(n)]);
  expect(figures).toEqual([
    [1, 1, { mayLie: 0, mayBeAway: 0 }],
    [4, 3, { mayLie: 1, mayBeAway: 1 }],
    [7, 5, { mayLie: 2, mayBeAway: 2 }],
    [10, 7, { mayLie: 3, mayBeAway: 3 }],
  ]);
});
test('[L0] four witnesses let somebody in when three precommit, whatever comes first', () => {
  const four = settleVillage(4, [alice, bob, carol, dora]);
  const ledger = openLedger(four.founding, four.options);
  const entries = [
    ...agree(ledger, [alice, bob, carol, dora], admission(ledger, joinRequest(ledger, alice, emil))),
    ...agree(ledger, [bob, carol, dora, alice], admission(ledger, joinRequest(ledger, bob, person('Fina')))),
  ];
  expect(ledger.log.height).toBe(2);
  write(ledger, emil, payBody(ledger, emil, alice, 5));
  for (const order of [entries, [...entries].reverse()]) {
    const replica = openLedger(four.founding, four.options);
    deliver(replica, order);
    expect(replica.log.decided.map((d) => d.id)).toEqual(ledger.log.decided.map((d) => d.id));
    // Two precommits decide nothing.
    const few = openLedger(four.founding, four.options);
    deliver(few, entries.slice(0, 3));
    expect(few.log.height).toBe(0);
    deliver(few, entries.slice(3, 4));
    expect(few.log.height).toBe(1);
  }
});
