import { expect, test } from 'vitest';
import {
  balanceOf,
  draftDuty,
  draftNext,
  findViolations,
  KIND,
  LANE,
  MAX_VOTES,
  type Id,
  type Ledger,
  type Receipt,
  type Stored,
  type Vote,
} from '@corridor/ledger';
import {
  add,
  admit,
  deliver,
  found,
  keepBook,
  openLedger,
  pay,
  person,
  settleVillage,
  type Person,
} from '@corridor/testing';
import { alice, anId, bob, carol, claimOf, dora, emil, payBody, write } from './stories.ts';

const four = settleVillage(4, [alice, bob, carol, dora, emil]);
const openFour = (): Ledger => openLedger(four.founding, four.options);
const voteFor = ({ entry: { device, incarnation, seq, id } }: { entry: Vote }): Vote => ({
  device,
  incarnation,
  seq,
  id,
});
/** A witness entry that says just this. */
function say(ledger: Ledger, witness: Person, votes: readonly Vote[], receipts: readonly Receipt[] = []) {
  return add(ledger, draftNext(ledger, witness.device, LANE.witness, { kind: KIND.votes, votes, receipts }));
}
const paid = (ledger: Ledger, amount: number): Stored => {
  const { applied } = write(ledger, emil, payBody(ledger, emil, alice, amount));
  return applied.type === 'kept' ? applied.stored : expect.unreachable();
};
const receipt = (id: Id, ...witnesses: number[]): Receipt => ({
  id,
  votes: witnesses.map((witness) => ({ witness, seq: 0 })),
});

test('[P7] four witnesses: three votes certify, three receipts settle, two do neither', () => {
  const ledger = openFour();
  const stored = paid(ledger, 500);
  for (const witness of [alice, bob]) say(ledger, witness, [voteFor(stored)]);
  expect(stored.feed.certified).toBe(0);
  say(ledger, carol, [voteFor(stored)]);
  expect(stored.feed.certified).toBe(1);
  for (const witness of [alice, bob]) expect(keepBook(ledger, witness)).toHaveLength(1);
  expect(stored.settled).toBe(false);
  expect(balanceOf(ledger, emil.device)).toMatchObject({ shown: 0, waitingOut: 500, spendable: 14_500 });
  expect(keepBook(ledger, carol)).toHaveLength(1);
  expect(stored.settled).toBe(true);
  expect(balanceOf(ledger, alice.device)).toMatchObject({ shown: 500, waitingIn: 0 });
});
test('[P7] a receipt that names too few witnesses settles nothing, nor does one of votes that nobody gave', () => {
  const ledger = openFour();
  const stored = paid(ledger, 500);
  // All four say that they hold a certificate; only one vote exists.
  say(ledger, alice, [voteFor(stored)], [receipt(stored.entry.id, 1, 2)]);
  for (const witness of [bob, carol, dora]) say(ledger, witness, [], [receipt(stored.entry.id, 0, 1, 2)]);
  expect(stored.settled).toBe(false);
  const other = openFour();
  const second = paid(other, 500);
  for (const witness of [alice, bob, carol]) say(other, witness, [voteFor(second)]);
  say(other, alice, [], [receipt(second.entry.id, 1, 2)]);
  // Naming a witness twice, or one that does not exist, names nobody more; two are not three.
  say(other, bob, [], [receipt(second.entry.id, 0, 0, 0)]);
  say(other, carol, [], [receipt(second.entry.id, 0, 9)]);
  say(other, dora, [], [receipt(second.entry.id, 0, 1)]);
  expect(second.settled).toBe(false);
  // Dora names two others and leans on her own vote: it counts once she has given it.
  say(other, bob, [], [receipt(second.entry.id, 0, 2)]);
  expect(second.settled).toBe(false);
  say(other, dora, [voteFor(second)]);
  expect(second.settled).toBe(true);
});
test('[P5] a witness votes at the certified head and one only, never on a fork, never past what it waits for', () => {
  const ledger = openFour();
  const first = paid(ledger, 1);
  paid(ledger, 2);
  expect(draftDuty(ledger, alice.device)?.body.votes).toEqual([voteFor(first)]);
  keepBook(ledger, alice);
  expect(draftDuty(ledger, alice.device)).toBeUndefined();
  for (const witness of [bob, carol]) keepBook(ledger, witness);
  expect(draftDuty(ledger, alice.device)?.body).toMatchObject({
    votes: [{ seq: 1 }],
    receipts: [{ id: first.entry.id }],
  });
  write(ledger, emil, payBody(ledger, emil, bob, 9, {}, first), first);
  // The proof stops votes; what was certified still gets its receipts.
  expect(draftDuty(ledger, alice.device)?.body).toMatchObject({
    votes: [],
    receipts: [{ id: first.entry.id }],
  });
});
test('[P5] a witness gives no second vote at a slot where it voted for what it does not hold any more', () => {
  const ledger = openFour();
  say(ledger, alice, [{ device: emil.device, incarnation: 0, seq: 0, id: anId('d') }]);
  paid(ledger, 1);
  expect(draftDuty(ledger, alice.device)).toBeUndefined();
  expect(draftDuty(ledger, bob.device)?.body.votes).toHaveLength(1);
});
test('[P5] nobody votes for what claims a credit that is not settled yet', () => {
  const ledger = openFour();
  const credit = paid(ledger, 700);
  write(ledger, alice, payBody(ledger, alice, bob, 100, { claims: [claimOf(credit)] }));
  expect(draftDuty(ledger, bob.device)?.body.votes).toEqual([voteFor(credit)]);
  for (let round = 0; round < 2; round++)
    for (const witness of [alice, bob, carol]) keepBook(ledger, witness);
  expect(credit.settled).toBe(true);
  expect(draftDuty(ledger, dora.device)?.body.votes).toMatchObject([{ device: alice.device, seq: 0 }]);
});
test('[P5] [I8] what claims an unsettled credit waits for it, and settles right after it', () => {
  const { ledger } = found(alice);
  admit(ledger, alice, alice, bob);
  const [credit] = pay(ledger, bob, alice, 700);
  const claims = [claimOf({ entry: credit ?? expect.unreachable() })];
  const { applied } = write(ledger, alice, payBody(ledger, alice, bob, 100, { claims }));
  if (applied.type !== 'kept') throw new Error('not kept');
  // Forged by hand: the keeper votes for the claim alone.
  say(ledger, alice, [voteFor(applied.stored)], [{ id: applied.stored.entry.id, votes: [] }]);
  expect(applied.stored.settled).toBe(false);
  expect(findViolations(ledger)).toEqual([]);
  keepBook(ledger, alice);
  expect(applied.stored.settled).toBe(true);
  expect(balanceOf(ledger, alice.device).shown).toBe(600);
});
test('[I1] [I11] a second vote in one lane does not count and is kept as proof against its witness', () => {
  const ledger = openFour();
  const left = paid(ledger, 1);
  const { applied } = write(ledger, emil, payBody(ledger, emil, alice, 2, {}, null), null);
  const right = applied.type === 'kept' ? applied.stored : expect.unreachable();
  say(ledger, alice, [voteFor(left)]);
  say(ledger, alice, [voteFor(right)]);
  say(ledger, alice, [voteFor(right), voteFor(left)]);
  expect([left.votes, right.votes]).toEqual([1, 0]);
  expect(ledger.doubleVotes).toEqual([
    { kind: 'vote', witness: 0, device: alice.device, seq: 0, first: left.entry.id, second: right.entry.id },
  ]);
});
test('[I1] [I11] it is the same whichever of the two entries came first, or neither', () => {
  const home = openFour();
  const left = paid(home, 1);
  const { entry: right } = write(home, emil, payBody(home, emil, alice, 2, {}, null), null);
  const votes = [
    say(home, alice, [voteFor(left)]).entry,
    say(home, alice, [voteFor({ entry: right })]).entry,
  ];
  for (const order of [
    [left.entry, right, ...votes],
    [right, left.entry, ...votes],
    [...votes, right, left.entry],
    [right, ...votes, left.entry],
  ]) {
    const replica = openFour();
    deliver(replica, order);
    expect([left.entry.id, right.id].map((id) => replica.entries.get(id)?.votes)).toEqual([1, 0]);
    expect(replica.doubleVotes).toEqual(home.doubleVotes);
  }
});
test('[P5] a vote counts at the slot that it names, and nowhere else', () => {
  const ledger = openFour();
  const stored = paid(ledger, 1);
  say(ledger, alice, [
    { ...voteFor(stored), seq: 4 },
    { ...voteFor(stored), device: bob.device },
  ]);
  say(ledger, bob, [{ ...voteFor(stored), incarnation: 2 }]);
  expect(stored.votes).toBe(0);
  // Votes and receipts for what is no payment say nothing and break nothing.
  const { entry } = ledger.founding;
  say(ledger, carol, [voteFor({ entry })], [receipt(entry.id, 0, 1, 3)]);
  const lane = ledger.feeds.get(alice.device)?.[LANE.witness].main[0] ?? expect.unreachable();
  for (const witness of [alice, bob, carol, dora])
    say(ledger, witness, [voteFor(lane)], [receipt(lane.entry.id, 0, 1, 2, 3)]);
  expect(lane.settled).toBe(false);
});
test('[P4] [I5] a gift of 0 that somebody claims all the same is no credit', () => {
  const { ledger } = found(alice);
  admit(ledger, alice, alice, bob);
  const [gift] = pay(ledger, bob, alice, 0);
  const claims = [{ debit: gift?.id ?? anId('0'), amount: 1 }];
  const { applied } = write(ledger, alice, payBody(ledger, alice, bob, 1, { claims }));
  expect(applied).toMatchObject({
    stored: { verdict: { fault: { code: 'wrong-amount', expected: 0, got: 1 } } },
  });
  const stored = applied.type === 'kept' ? applied.stored : expect.unreachable();
  say(ledger, alice, [voteFor(stored)], [{ id: stored.entry.id, votes: [] }]);
  expect(stored.settled).toBe(false);
});
test('[P8] a keeper catches up with a pile in entries of at most 64 votes and receipts', () => {
  const people = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva'].map(person);
  const ada = people[0] ?? alice;
  const lone = settleVillage(1, people);
  const ledger = openLedger(lone.founding, lone.options);
  for (let i = 0; i < 100; i++) pay(ledger, people[1 + (i % 4)] ?? ada, ada, 1 + (i % 7));
  const entries = keepBook(ledger, ada);
  expect(entries.length).toBeLessThan(6);
  for (const { body, bytes } of entries) {
    expect(bytes.length).toBeLessThanOrEqual(4096);
    if (body.kind === KIND.votes)
      expect(body.votes.length + body.receipts.length).toBeLessThanOrEqual(MAX_VOTES);
  }
  expect(ledger.settledCount).toBe(100);
});
test('[P6] "I have it" counts from the one who was paid, before or after the payment arrives', () => {
  const home = openFour();
  const stored = paid(home, 5);
  const { id } = stored.entry;
  const have = (who: Person) =>
    add(home, draftNext(home, who.device, LANE.voice, { kind: KIND.have, ids: [id] })).entry;
  const [stranger, payee] = [have(bob), have(alice)];
  expect(stored.delivered).toBe(true);
  const early = openFour();
  deliver(early, [stranger, payee, stored.entry]);
  expect(early.entries.get(id)?.delivered).toBe(true);
  const wrong = openFour();
  deliver(wrong, [stranger, stored.entry]);
  expect(wrong.entries.get(id)?.delivered).toBe(false);
});
