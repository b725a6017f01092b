import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import {
  balanceOf,
  decisionId,
  draftClaim,
  draftDuty,
  draftNext,
  draftPayment,
  findViolations,
  isOvertaken,
  isSealed,
  KIND,
  LANE,
  MAX_ACCOUNT_CREDITS,
  stateRoot,
  type Id,
  type Ledger,
  type PayBody,
  type Stored,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  add,
  admit,
  closeTheBook,
  closingAct,
  decideAct,
  deliver,
  found,
  keepBook,
  nextBook,
  openLedger,
  pay,
  settleVillage,
  stopAll,
  type Person,
} from '@corridor/testing';
import { alice, bob, carol, dora, emil, faultOf, payBody, verdictOn, write } from './stories.ts';

const shown = (ledger: Ledger, ...people: readonly Person[]): number[] =>
  people.map(({ device }) => balanceOf(ledger, device).shown);
const recordOf = (ledger: Ledger, { device }: Person) =>
  ledger.log.devices.get(device) ?? expect.unreachable();
const storedOf = (ledger: Ledger, { id }: VerifiedEntry): Stored =>
  ledger.entries.get(id) ?? expect.unreachable();
const four = settleVillage(4, [alice, bob, carol, dora, emil]);
const openFour = (): Ledger => openLedger(four.founding, four.options);
/** All four do what they owe until nothing is left. */
function settleAll(ledger: Ledger): void {
  for (let more = true; more;) {
    more = false;
    for (const witness of four.witnesses) more = keepBook(ledger, witness).length > 0 || more;
  }
}
function vote(ledger: Ledger, witness: Person, { device, incarnation, seq, id }: VerifiedEntry): void {
  const votes = [{ device, incarnation, seq, id }];
  add(ledger, draftNext(ledger, witness.device, LANE.witness, { kind: KIND.votes, votes, receipts: [] }));
}
function village(): Ledger {
  const { ledger } = found(alice);
  for (const newcomer of [bob, carol]) admit(ledger, alice, alice, newcomer);
  return ledger;
}
const allOf = (ledger: Ledger): readonly VerifiedEntry[] => [...ledger.entries.values()].map((s) => s.entry);

test('[B1] Alice alone closes the month, and everybody goes on with what they had', () => {
  const ledger = village();
  pay(ledger, bob, alice, 480);
  keepBook(ledger, alice);
  closeTheBook(ledger, [alice]);
  expect(ledger.log.closed).toMatchObject({ height: 3 });
  const second = nextBook(ledger);
  expect([second.book, second.log.height, second.log.head]).toEqual([1, 3, ledger.log.closed?.id]);
  expect(shown(second, alice, bob)).toEqual([480, -480]);
  // Alice takes the old credit in with her first payment of the new month.
  const [payment] = pay(second, alice, bob, 100);
  expect(payment).toMatchObject({ book: 1, incarnation: 0, seq: 0, prev: ledger.log.closed?.id });
  expect(payment?.body).toMatchObject({ balanceAfter: 380, claims: [{ amount: 480 }] });
  keepBook(second, alice);
  expect(shown(second, alice, bob)).toEqual([380, -380]);
  expect(findViolations(second)).toEqual([]);
});
test('[B1] [I9] whatever comes first, every replica closes the book alike and opens the same next one', () => {
  const ledger = openFour();
  pay(ledger, emil, alice, 700);
  settleAll(ledger);
  pay(ledger, alice, bob, 900);
  pay(ledger, dora, carol, 50);
  closeTheBook(ledger, four.witnesses);
  const all = allOf(ledger);
  for (const order of [[...all].reverse(), [...all].sort((a, b) => (a.id < b.id ? -1 : 1))]) {
    const other = openFour();
    deliver(other, order);
    expect(other.log.closed).toEqual(ledger.log.closed);
    expect(stateRoot(other)).toBe(stateRoot(ledger));
    expect(stateRoot(nextBook(other))).toBe(stateRoot(nextBook(ledger)));
  }
});
test('[B1] [P9] what is told of the closing beforehand is what the fold says afterwards', () => {
  const ledger = openFour();
  pay(ledger, emil, alice, 700);
  settleAll(ledger);
  // One of these has a vote and is carried, with the credit that it takes in.
  const [carried] = pay(ledger, alice, bob, 900);
  vote(ledger, bob, carried ?? expect.unreachable());
  closeTheBook(ledger, four.witnesses);
  expect(storedOf(ledger, carried ?? expect.unreachable()).settled).toBe(true);
  for (const { device, opening, credits } of ledger.opening?.devices ?? []) {
    const account = ledger.accounts.get(device);
    expect(opening).toBe(account?.balance);
    expect(new Map(credits.map((c) => [c.debit, c.amount]))).toEqual(account?.unclaimed);
  }
  expect(findViolations(ledger)).toEqual([]);
  expect(findViolations(nextBook(ledger))).toEqual([]);
});

test('[B1] [C2] a race at the month’s end: settled, carried, and overtaken, which Emil signs again', () => {
  const ledger = openFour();
  const [settled] = pay(ledger, emil, alice, 100);
  settleAll(ledger);
  const [carried] = pay(ledger, emil, bob, 20);
  const [overtaken] = pay(ledger, emil, carol, 3);
  for (const witness of [alice, bob, dora]) stopAll(ledger, witness);
  // Carol was the only one who had heard of it before the others stopped.
  vote(ledger, carol, carried ?? expect.unreachable());
  stopAll(ledger, carol);
  // Bob's series names Emil's first payment only: with Carol's in the bundle the second one counts.
  const act = { ...closingAct(ledger) };
  expect(act.stops).toHaveLength(3);
  const [, , , byCarol] = ledger.stops.map((s) => s.entry);
  expect(byCarol?.device).toBe(carol.device);
  const withCarol = ledger.stops.map((s) => s.entry.id).slice(1);
  const again = openFour();
  deliver(again, [...allOf(ledger)]);
  decideAct(again, four.witnesses, { ...act, stops: withCarol, opening: openingWith(again, withCarol) });
  const states = [settled, carried, overtaken].map((e) => storedOf(again, e ?? expect.unreachable()));
  expect(states.map((s) => [s.settled, isOvertaken(again.log, s)])).toEqual([
    [true, false],
    [true, false],
    [false, true],
  ]);
  const second = nextBook(again);
  expect(shown(second, alice, bob, carol, emil)).toEqual([100, 20, 0, -120]);
  pay(second, emil, carol, 3);
  settleAll(second);
  expect(shown(second, carol, emil)).toEqual([3, -123]);
  expect(findViolations(second)).toEqual([]);
});
/** The opening that a closing by these series leads to: of a wish on a replica that has no others. */
function openingWith(ledger: Ledger, stops: readonly Id[]): Id {
  const ends = new Set(stops);
  const replica = openFour();
  deliver(
    replica,
    allOf(ledger).filter((e) => e.body.kind !== KIND.stop || ends.has(e.id)),
  );
  return closingAct(replica).opening;
}

test('[B1] [I6] Emil signed two histories that both have votes: his place stays empty and his device is sealed', () => {
  const ledger = openFour();
  pay(ledger, emil, alice, 100);
  settleAll(ledger);
  const head = storedOf(
    ledger,
    ledger.feeds.get(emil.device)?.[LANE.account].main[0]?.entry ?? expect.unreachable(),
  );
  const one = write(ledger, emil, payBody(ledger, emil, bob, 7), head).entry;
  vote(ledger, alice, one);
  const two = write(ledger, emil, payBody(ledger, emil, carol, 8, {}, head), head).entry;
  vote(ledger, bob, two);
  closeTheBook(ledger, four.witnesses);
  const second = nextBook(ledger);
  expect(findViolations(second)).toEqual([]);
  expect(recordOf(second, emil)).toMatchObject({ isVoid: true, opening: -100 });
  expect(shown(second, alice, bob, carol, emil)).toEqual([100, 0, 0, -100]);
  expect(draftPayment(second, emil.device, wish(alice))).toMatchObject({ fault: { code: 'sealed' } });
  expect(draftPayment(second, alice.device, wish(emil))).toMatchObject({ fault: { code: 'sealed' } });
  expect(
    faultOf(verdictOn(second, emil, payBody(second, emil, alice, 1, { balanceAfter: -101 }))),
  ).toMatchObject({
    code: 'sealed',
  });
  expect([alice, bob, carol, dora].map((who) => isSealed(recordOf(second, who)))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
const wish = ({ device }: Person) => ({
  to: device,
  amount: 1,
  need: null,
  invoice: null,
  memo: null,
  attachment: null,
  at: 0,
  claims: 'oldest' as const,
});

test('[B1] [P4] [I5] credits over the border: each is taken in once, by its owner, for what it is', () => {
  const ledger = village();
  const debits = [500, 30].flatMap((amount) => pay(ledger, bob, alice, amount)).map(({ id }) => id);
  keepBook(ledger, alice);
  closeTheBook(ledger, [alice]);
  const [first, second] = debits as [Id, Id];
  const open = () => nextBook(ledger);
  const taking = (book: Ledger, owner: Person, debit: Id, amount: number) =>
    faultOf(
      verdictOn(
        book,
        owner,
        payBody(book, owner, carol === owner ? bob : carol, 0, { claims: [{ debit, amount }] }),
      ),
    );
  expect(taking(open(), alice, first, 500)).toBeUndefined();
  expect(taking(open(), alice, first, 501)).toMatchObject({ code: 'wrong-amount', expected: 500, got: 501 });
  expect(taking(open(), carol, first, 500)).toMatchObject({ code: 'not-yours' });
  const book = open();
  expect(taking(book, alice, first, 500)).toBeUndefined();
  const head = payBody(book, alice, carol, 0, { claims: [{ debit: first, amount: 500 }] });
  expect(faultOf(verdictOn(book, alice, head))).toMatchObject({ code: 'claimed-twice', debit: first });
  const rest = open();
  expect(balanceOf(rest, alice.device)).toMatchObject({ shown: 530 });
  expect(draftClaim(rest, alice.device)?.claims).toHaveLength(2);
  pay(rest, alice, carol, 530);
  expect(draftClaim(rest, alice.device)).toBeUndefined();
  keepBook(rest, alice);
  expect(rest.accounts.get(alice.device)).toMatchObject({ balance: 0, unclaimedSum: 0 });
  expect(findViolations(rest)).toEqual([]);
  // Never taken in, it goes from book to book.
  const idle = open();
  closeTheBook(idle, [alice]);
  const third = nextBook(idle);
  expect([...third.brought.keys()].sort()).toEqual([first, second].sort());
  expect(shown(third, alice, bob)).toEqual([530, -530]);
});
test('[B1] more credits than a book brings along are taken in by the closing, and nothing is lost', () => {
  const ledger = village();
  const count = MAX_ACCOUNT_CREDITS + 6;
  for (let paid = 0; paid < count; paid++) pay(ledger, bob, alice, 1);
  keepBook(ledger, alice);
  closeTheBook(ledger, [alice]);
  const second = nextBook(ledger);
  expect(second.accounts.get(alice.device)).toMatchObject({ balance: 6, unclaimedSum: MAX_ACCOUNT_CREDITS });
  expect(findViolations(second)).toEqual([]);
});

test('[B1] from its series on a witness votes, receipts and stops nothing more in this book', () => {
  const ledger = openFour();
  const [payment] = pay(ledger, emil, alice, 5);
  expect(draftDuty(ledger, alice.device)).toBeDefined();
  stopAll(ledger, alice);
  expect(draftDuty(ledger, alice.device)).toBeUndefined();
  expect(stopAll(ledger, alice)).toEqual([]);
  // Three others settle it all the same.
  settleAll(ledger);
  expect(storedOf(ledger, payment ?? expect.unreachable()).settled).toBe(true);
  expect(ledger.feeds.get(alice.device)?.[LANE.witness].main).toHaveLength(1);
});
test('[B1] [I4] a book in which nothing happened closes with empty series', () => {
  const ledger = openFour();
  for (const witness of four.witnesses) expect(stopAll(ledger, witness)).toHaveLength(1);
  decideAct(ledger, four.witnesses, closingAct(ledger));
  const second = nextBook(ledger);
  expect(shown(second, ...four.people)).toEqual([0, 0, 0, 0, 0]);
  expect(ledger.stops.map((s) => s.entry.body)).toMatchObject(
    four.witnesses.map(() => ({ parts: 1, reports: [] })),
  );
});
test('[B1] [L4] a closed book takes no votes, no payments and no decisions any more', () => {
  const ledger = openFour();
  const [late] = pay(ledger, emil, alice, 5);
  const votesBefore = four.witnesses.map(({ device }) => draftDuty(ledger, device) ?? expect.unreachable());
  closeTheBook(ledger, four.witnesses);
  const root = stateRoot(ledger);
  // Keys that were not erased, in the hands of a thief: votes and receipts for what the closing left out.
  for (const draft of votesBefore) {
    const { seq, id } =
      ledger.feeds.get(draft.device)?.[LANE.witness].main.at(-1)?.entry ?? expect.unreachable();
    add(ledger, { ...draft, seq: seq + 1, prev: id });
  }
  const body = payBody(ledger, emil, bob, 9);
  expect(faultOf(verdictOn(ledger, emil, body))).toMatchObject({ code: 'book-is-closed' });
  expect(draftPayment(ledger, emil.device, wish(bob)).ok).toBe(false);
  for (const witness of four.witnesses) expect(draftDuty(ledger, witness.device)).toBeUndefined();
  expect(storedOf(ledger, late ?? expect.unreachable()).settled).toBe(false);
  const decision = {
    height: ledger.log.height + 1,
    prev: ledger.log.head,
    act: ledger.log.decided.at(-1)?.act ?? expect.unreachable(),
    approvals: [],
  };
  const agreed = {
    kind: KIND.precommit,
    height: decision.height,
    round: 0,
    decision: decisionId(ledger.circle, decision, sha256),
  } as const;
  add(ledger, draftNext(ledger, alice.device, LANE.witness, { kind: KIND.propose, round: 0, decision }));
  for (const { device } of four.witnesses) add(ledger, draftNext(ledger, device, LANE.witness, agreed));
  expect(ledger.log.height).toBe(decision.height - 1);
  expect(ledger.halt).toBeNull();
  expect(stateRoot(ledger)).toBe(root);
});
test('[B1] the second book closes too, and the third counts from there', () => {
  let ledger = village();
  for (let book = 0; book < 4; book++) {
    pay(ledger, bob, alice, 100);
    keepBook(ledger, alice);
    pay(ledger, alice, carol, 40);
    keepBook(ledger, alice);
    closeTheBook(ledger, [alice]);
    ledger = nextBook(ledger);
    expect([ledger.book, ledger.log.height, ledger.log.epoch]).toEqual([book + 1, 3 + book, book + 1]);
  }
  expect(shown(ledger, alice, bob, carol)).toEqual([240, -400, 160]);
  expect(findViolations(ledger)).toEqual([]);
});
test('[P1] [P3] a payment of the new book stands on its opening: balance, grant and height', () => {
  const ledger = village();
  pay(ledger, bob, alice, 14_000, { invoice: 'a1'.repeat(32) as Id });
  keepBook(ledger, alice);
  closeTheBook(ledger, [alice]);
  const second = nextBook(ledger);
  expect(balanceOf(second, bob.device)).toMatchObject({ shown: -14_000, spendable: 1_000 });
  expect(draftPayment(second, bob.device, { ...wish(alice), amount: 1_001 })).toMatchObject({
    fault: { code: 'over-lowest-balance', spendable: 1_000 },
  });
  const [payment] = pay(second, bob, alice, 1_000);
  expect(payment?.body as PayBody).toMatchObject({ balanceAfter: -15_000, limitRef: 3, logHeight: 3 });
  // What it says of the balance is judged from the opening.
  const other = nextBook(ledger);
  const body = payBody(other, bob, alice, 1);
  expect(faultOf(verdictOn(other, bob, body))).toMatchObject({
    code: 'balance-after',
    expected: -14_001,
    got: -1,
  });
});
