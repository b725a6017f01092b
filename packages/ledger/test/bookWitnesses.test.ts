import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import {
  applyEntry,
  balanceOf,
  closeBook,
  closeBookWish,
  currentTerm,
  draftBookStops,
  draftNext,
  draftProposal,
  encodeEntry,
  findClosing,
  findViolations,
  firstGrantFor,
  isBookClosing,
  isBookDue,
  judgeDecision,
  KIND,
  LANE,
  MAX_DEVICES,
  MAX_ENTRY_BYTES,
  MAX_REPORTS,
  quorum,
  reportFor,
  type Act,
  type CloseBookAct,
  type Id,
  type Ledger,
  type StopBody,
  type StopReport,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  add,
  asSteward,
  closeTheBook,
  closingAct,
  decideAct,
  inBook,
  joinRequest,
  keepBook,
  nextBook,
  nextKey,
  NEXT_KEY,
  openLedger,
  pay,
  person,
  settleVillage,
  stopAll,
  verifyReally,
  type Person,
} from '@corridor/testing';
import { alice, anId, bob, carol, dora, emil, payBody, verdictOn, write } from './stories.ts';

const four = settleVillage(4, [alice, bob, carol, dora, emil]);
const openFour = (): Ledger => openLedger(four.founding, four.options);
function settleAll(ledger: Ledger, witnesses: readonly Person[]): void {
  for (let more = true; more;) {
    more = false;
    for (const witness of witnesses) {
      if (currentTerm(ledger.log, witness.device) === undefined) continue;
      more = keepBook(ledger, witness).length > 0 || more;
    }
  }
}
const recordOf = (ledger: Ledger, { device }: Person) =>
  ledger.log.devices.get(device) ?? expect.unreachable();
function admission(ledger: Ledger, inviter: Person, newcomer: Person): Act {
  const request = joinRequest(ledger, inviter, newcomer);
  return { type: 'admit', request, grant: firstGrantFor(ledger.log, request) };
}
/** A stop entry that says what it likes. */
function say(
  ledger: Ledger,
  witness: Person,
  reports: readonly StopReport[],
  parts = 1,
  next: StopBody['next'] = null,
): VerifiedEntry {
  const body: StopBody = { kind: KIND.stop, reports, parts, next };
  return add(ledger, draftNext(ledger, witness.device, LANE.witness, body)).entry;
}
const proposed = { salt: '01'.repeat(8), reason: null };
const judge = (ledger: Ledger, act: Act) =>
  judgeDecision(ledger, { height: ledger.log.height + 1, prev: ledger.log.head, act, approvals: [] });
/** Emil's payments: one settled, one that only some have voted for. */
function busy(): Ledger {
  const ledger = openFour();
  pay(ledger, emil, alice, 100);
  settleAll(ledger, four.witnesses);
  return ledger;
}

test('[B1] [C2] a liar among four reports what never was, leaves out what was, or contradicts: another three close', () => {
  const lies: readonly (readonly StopReport[])[] = [
    [{ ordinal: 4, incarnation: 0, head: { seq: 7, id: anId('e') }, vote: null }],
    [{ ordinal: 4, incarnation: 0, head: { seq: 0, id: anId('e') }, vote: null }],
    [{ ordinal: 0, incarnation: 0, head: null, vote: anId('e') }],
    [{ ordinal: 99, incarnation: 3, head: { seq: 7, id: anId('e') }, vote: anId('e') }],
    [],
  ];
  for (const lie of lies) {
    const ledger = busy();
    say(ledger, bob, lie);
    for (const witness of [alice, carol, dora]) stopAll(ledger, witness);
    decideAct(ledger, [alice, carol, dora], closingAct(ledger));
    const second = nextBook(ledger);
    expect(balanceOf(second, emil.device).shown).toBe(-100);
    expect(findViolations(second)).toEqual([]);
  }
});
test('[B1] [C1] what is no series of a quorum closes nothing, and a witness says why', () => {
  const ledger = busy();
  const ends = [alice, carol, dora].map((witness) => stopAll(ledger, witness).at(-1)?.id ?? anId('0'));
  const act = closingAct(ledger);
  expect(new Set(act.stops)).toEqual(new Set(ends));
  const part = say(ledger, bob, [], -1);
  const [a, b] = ends as [Id, Id, Id];
  const refusals: readonly (readonly [Partial<CloseBookAct>, object])[] = [
    [{ opening: anId('7') }, { fault: { rule: 'B1', code: 'wrong-opening' } }],
    [{ key: 'cd'.repeat(8) }, { fault: { rule: 'B1', code: 'wrong-opening' } }],
    [{ stops: [a, b] }, { fault: { rule: 'C1', code: 'not-a-quorum', device: null } }],
    [{ stops: [a, b, b] }, { fault: { rule: 'C1', code: 'not-a-quorum' } }],
    [{ stops: [a, b, part.id] }, { fault: { rule: 'C1', code: 'not-a-stop', stop: part.id } }],
    [{ stops: [a, b, ledger.circle] }, { fault: { rule: 'C1', code: 'not-a-stop' } }],
  ];
  for (const [change, fault] of refusals) expect(judge(ledger, { ...act, ...change })).toMatchObject(fault);
  // What has not arrived is waited for, and blames nobody.
  expect(judge(ledger, { ...act, stops: [a, b, anId('9')] })).toEqual({ type: 'waiting', ids: [anId('9')] });
  expect(judge(ledger, act).type).toBe('lawful');
});
test('[B1] a series counts as far as it says, with nothing between its entries', () => {
  const ledger = busy();
  const head = reportFor(ledger, recordOf(ledger, emil), 0);
  const whole = (witness: Person): Id => {
    say(ledger, witness, [head], -1);
    say(ledger, witness, [], -2);
    return say(ledger, witness, [], 3).id;
  };
  const broken = (witness: Person, ...parts: readonly number[]): Id => {
    const last = parts.map((p) => say(ledger, witness, [], p)).at(-1);
    return last?.id ?? expect.unreachable();
  };
  const [a, b] = [whole(alice), whole(bob)];
  const third: readonly (readonly number[])[] = [
    [-1, 3],
    [-2, -1, 3],
    [-1, -2, 4],
    [0, 2],
    [-1, 2, 3],
  ];
  for (const parts of third) {
    const c = broken(carol, ...parts);
    expect(closeBook(ledger, [a, b, c])).toMatchObject({
      type: 'fault',
      fault: { code: 'not-a-stop', stop: c },
    });
  }
  expect(closeBook(ledger, [a, b, whole(dora)]).type).toBe('closed');
});
test('[B1] a series of many accounts takes several entries; one that was interrupted begins anew', () => {
  const crowd = Array.from({ length: 2 * MAX_REPORTS + 3 }, (_, i) => person(`member ${i}`));
  const village = settleVillage(1, [alice, ...crowd]);
  const ledger = openLedger(village.founding, village.options);
  for (const member of crowd) pay(ledger, member, alice, 2);
  keepBook(ledger, alice);
  const first = draftBookStops(ledger, alice.device) ?? expect.unreachable();
  expect(first.body).toMatchObject({ parts: -1, next: null });
  add(ledger, first);
  // The phone was closed in between, and Alice voted before it went on.
  pay(ledger, crowd[0] ?? alice, alice, 3);
  pay(ledger, alice, crowd[0] ?? alice, 1);
  keepBook(ledger, alice);
  const entries = stopAll(ledger, alice, nextKey(ledger, alice));
  expect(
    entries.map(({ body }) => (body.kind === KIND.stop ? [body.parts, body.reports.length] : [])),
  ).toEqual([
    [-1, MAX_REPORTS],
    [-2, MAX_REPORTS],
    [3, 4],
  ]);
  decideAct(ledger, [alice], closingAct(ledger));
  // What Alice had promised about the first accounts holds: the later payment of one of them was overtaken.
  expect(balanceOf(nextBook(ledger), alice.device).shown).toBe(2 * crowd.length - 1);
});
test('[E2] the fullest entry of a series is within the bounds of an entry', () => {
  const ledger = openFour();
  const far: StopReport = {
    ordinal: MAX_DEVICES - 1,
    incarnation: 2 ** 16 - 1,
    head: { seq: 2 ** 32 - 2, id: anId('a') },
    vote: anId('b'),
  };
  const reports = Array.from({ length: MAX_REPORTS }, () => far);
  const body: StopBody = { kind: KIND.stop, reports, parts: 4096, next: nextKey(ledger, bob) };
  const draft = {
    ...draftNext(ledger, bob.device, LANE.witness, body),
    seq: 2 ** 32 - 1,
    book: 2 ** 32 - 1,
    epoch: 2 ** 32 - 1,
  };
  expect(encodeEntry(draft, sha256).bytes.length).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
});
test('[B1] [P7] the rest stops once more have stopped than may lie; one alone moves nobody', () => {
  const ledger = busy();
  expect([isBookClosing(ledger), isBookDue(ledger)]).toEqual([false, false]);
  stopAll(ledger, bob);
  expect(isBookClosing(ledger)).toBe(false);
  expect(closeBookWish(ledger, NEXT_KEY)).toBeUndefined();
  stopAll(ledger, carol);
  expect([isBookClosing(ledger), isBookDue(ledger)]).toEqual([true, true]);
  expect(closeBookWish(ledger, NEXT_KEY)).toBeUndefined();
  stopAll(ledger, dora);
  expect(closeBookWish(ledger, NEXT_KEY)).toBeDefined();
});
test('[B1] [C2] an account that was closed by itself after the series began ends where that closing says', () => {
  const ledger = busy();
  const [pending] = pay(ledger, emil, bob, 20);
  for (const witness of [alice, bob]) keepBook(ledger, witness);
  // Three have ended their series when Emil's account is unlocked by itself, with their reports.
  for (const witness of [alice, bob, carol]) stopAll(ledger, witness);
  const closing = findClosing(ledger, emil.device) ?? expect.unreachable();
  decideAct(ledger, four.witnesses, { type: 'unlock', closing });
  expect(recordOf(ledger, emil).incarnation).toBe(1);
  const [after] = pay(ledger, emil, carol, 3);
  stopAll(ledger, dora);
  decideAct(ledger, four.witnesses, closingAct(ledger));
  expect(ledger.entries.get(pending?.id ?? anId('0'))?.settled).toBe(true);
  expect(ledger.entries.get(after?.id ?? anId('0'))?.settled).toBe(false);
  const second = nextBook(ledger);
  expect(balanceOf(second, emil.device).shown).toBe(-120);
  expect(findViolations(second)).toEqual([]);
});
test('[B1] people are let in while the book is closing, and are in the next one', () => {
  const ledger = busy();
  for (const witness of [alice, bob]) stopAll(ledger, witness);
  const fina = person('Fina');
  decideAct(ledger, four.witnesses, admission(ledger, alice, fina));
  pay(ledger, fina, alice, 5);
  for (const witness of [carol, dora]) stopAll(ledger, witness);
  decideAct(ledger, four.witnesses, closingAct(ledger));
  const second = nextBook(ledger);
  expect(balanceOf(second, fina.device)).toMatchObject({ shown: 0, spendable: 15_000 });
});

/** All witnesses stop on somebody's account, and it is sealed. */
function suspend(ledger: Ledger, who: Person, witnesses: readonly Person[]): void {
  const record = recordOf(ledger, who);
  for (const [index, witness] of witnesses.entries())
    say(ledger, witness, [reportFor(ledger, record, index)], 0);
  const closings = [findClosing(ledger, who.device) ?? expect.unreachable()];
  const { member } = record;
  const act: Act = { type: 'standing', ...proposed, member, standing: 'suspended', closings, key: null };
  decideAct(ledger, witnesses, act, witnesses);
}
/** The keys of the witnesses, by what the log knows. */
const keysOf = (ledger: Ledger): readonly (readonly [string, string])[] =>
  ledger.log.terms.map(({ device, key }) => [device, key]);
const keyIn = (book: number, who: Person): readonly [string, string] => [
  who.device,
  inBook(who, book).witness,
];

test('[B1] each witness goes on under the key that it named in its series; who was not among the three keeps the old one', () => {
  const ledger = busy();
  for (const witness of [alice, bob, carol]) stopAll(ledger, witness, nextKey(ledger, witness));
  decideAct(ledger, four.witnesses, closingAct(ledger));
  const second = nextBook(ledger);
  expect(keysOf(second)).toEqual([
    keyIn(1, alice),
    keyIn(1, bob),
    keyIn(1, carol),
    [dora.device, dora.witness],
  ]);
  // Its device has to say so too: whoever stole a witness key can't choose the next one.
  const stolen = { ...nextKey(ledger, dora), consent: nextKey(ledger, emil).consent };
  const draft = draftNext(openFour(), dora.device, LANE.witness, {
    kind: KIND.stop,
    reports: [],
    parts: 1,
    next: stolen,
  });
  expect(verifyReally(openFour(), dora, draft)).toMatchObject({ fault: { code: 'bad-evidence' } });
  const own = { ...draft, body: { ...draft.body, next: nextKey(ledger, dora) } };
  expect(verifyReally(openFour(), dora, own).ok).toBe(true);
});
test('[E5] [B1] a next key of small order is not taken', () => {
  const ledger = { ...busy(), isOrdinaryKey: (key: string) => key !== inBook(bob, 1).witness };
  for (const witness of [alice, bob, carol]) stopAll(ledger, witness, nextKey(ledger, witness));
  decideAct(ledger, four.witnesses, closingAct(ledger));
  expect(keysOf(nextBook(ledger))[1]).toEqual([bob.device, bob.witness]);
});
test('[B1] [P7] from one witness to four, seven, ten, four and one: who leaves, who stays, who comes', () => {
  const people = Array.from({ length: 11 }, (_, i) => person(`steward ${i}`));
  const pick = (...indexes: readonly number[]): readonly Person[] =>
    indexes.map((i) => people[i] ?? expect.unreachable());
  const [first] = people;
  if (first === undefined) return expect.unreachable();
  const village = settleVillage(1, people);
  let ledger = openLedger(village.founding, village.options);
  let keeping: readonly Person[] = [first];
  const turns = [
    pick(0, 1, 2, 3),
    pick(1, 2, 3, 4, 5, 6, 7),
    pick(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    pick(0, 9, 10, 4),
    pick(9),
  ];
  const owed = people.map(() => 0);
  const trade = (from: number, to: number, amount: number): VerifiedEntry => {
    owed[from] = (owed[from] ?? 0) - amount;
    owed[to] = (owed[to] ?? 0) + amount;
    const [payer = first, payee = first] = pick(from, to);
    return pay(ledger, payer, payee, amount)[0] ?? expect.unreachable();
  };
  for (const [turn, next] of turns.entries()) {
    trade(turn, turn + 1, 100 + turn);
    settleAll(ledger, keeping);
    decideAct(
      ledger,
      keeping,
      { type: 'stewards', ...proposed, stewards: next.map((who) => asSteward(ledger, who)) },
      keeping,
    );
    expect(isBookDue(ledger)).toBe(true);
    closeTheBook(ledger, keeping);
    const before = ledger.book;
    ledger = nextBook(ledger);
    expect([ledger.n, ledger.book, isBookDue(ledger)]).toEqual([next.length, before + 1, false]);
    expect(keysOf(ledger)).toEqual(next.map((who) => keyIn(ledger.book, who)));
    expect(findViolations(ledger)).toEqual([]);
    keeping = next;
    // A quorum of the new ones settles at once.
    const payment = trade(0, 5, 1);
    settleAll(ledger, keeping.slice(0, quorum(keeping.length)));
    expect(ledger.entries.get(payment.id)?.settled).toBe(true);
    expect(people.map(({ device }) => balanceOf(ledger, device).shown)).toEqual(owed);
  }
});
test('[B1] a witness that was suspended or sealed keeps no further book; where nobody is left all go on', () => {
  const ledger = busy();
  suspend(ledger, bob, four.witnesses);
  for (const witness of [alice, bob, carol]) stopAll(ledger, witness, nextKey(ledger, witness));
  decideAct(ledger, four.witnesses, closingAct(ledger));
  expect(nextBook(ledger).log.terms.map((t) => t.device)).toEqual([alice, carol, dora].map((w) => w.device));
  expect(nextBook(ledger).n).toBe(3);
  const lone = settleVillage(1, [alice, bob]);
  const alone = openLedger(lone.founding, lone.options);
  suspend(alone, alice, [alice]);
  closeTheBook(alone, [alice]);
  expect(nextBook(alone).log.terms.map((t) => t.device)).toEqual([alice.device]);
});

test('[I15] the keys of a closed book can do nothing in the next one', () => {
  const ledger = busy();
  pay(ledger, emil, bob, 20);
  const left = keepBook(ledger, dora)[0] ?? expect.unreachable();
  closeTheBook(ledger, four.witnesses);
  const second = nextBook(ledger);
  const [payment] = pay(second, emil, alice, 5);
  const { device, incarnation, seq, id } = payment ?? expect.unreachable();
  const votes = { kind: KIND.votes, votes: [{ device, incarnation, seq, id }], receipts: [] } as const;
  const draft = draftNext(second, alice.device, LANE.witness, votes);
  // Under Alice's key of the old book the entry is nobody's; under her new one it counts.
  expect(verifyReally(second, alice, draft)).toMatchObject({ fault: { code: 'bad-signature' } });
  expect(verifyReally(second, inBook(alice, 1), draft).ok).toBe(true);
  // What was signed for the old book has no place here, whatever it says, nor has what its book key sealed.
  expect(applyEntry(second, left)).toMatchObject({ type: 'refused', fault: { code: 'wrong-book' } });
  for (const old of [{ book: 0 }, { epoch: 0 }])
    expect(add(second, { ...draft, ...old }).applied).toMatchObject({
      type: 'refused',
      fault: { code: 'wrong-book' },
    });
  // Neither do an old payment of a member, nor an old vote, find a place in front of what the new book began with.
  for (const { entry } of ledger.entries.values())
    if (entry.lane !== LANE.founding) expect(applyEntry(second, entry).type).toBe('refused');
  expect(balanceOf(second, emil.device)).toMatchObject({ shown: -100, waitingOut: 5 });
});
test('[I15] a witness that left with the old book has no say: its lane is no lane of the next one', () => {
  const ledger = busy();
  decideAct(
    ledger,
    four.witnesses,
    { type: 'stewards', ...proposed, stewards: [asSteward(ledger, emil)] },
    four.witnesses,
  );
  closeTheBook(ledger, four.witnesses);
  const second = nextBook(ledger);
  const proposal = draftProposal(second, emil.device, admission(second, alice, person('Fina')));
  if (!proposal.ok) return expect.unreachable();
  const byAlice = { ...proposal.value, device: alice.device };
  expect(verifyReally(second, alice, byAlice)).toMatchObject({ fault: { code: 'not-a-witness' } });
  expect(verifyReally(second, inBook(emil, 1), proposal.value).ok).toBe(true);
  expect(write(second, emil, payBody(second, emil, alice, 1, { balanceAfter: -101 })).applied.type).toBe(
    'kept',
  );
  expect(verdictOn(second, alice, payBody(second, alice, emil, 1)).type).toBe('valid');
});
