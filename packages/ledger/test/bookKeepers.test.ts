import { expect, test } from 'vitest';
import {
  applyEntry,
  balanceOf,
  draftNext,
  draftProposal,
  findClosing,
  findViolations,
  isBookDue,
  KIND,
  LANE,
  quorum,
  reportFor,
  type Act,
  type Ledger,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  add,
  asSteward,
  closeTheBook,
  closingAct,
  decideAct,
  inBook,
  keepBook,
  nextBook,
  nextKey,
  openLedger,
  pay,
  person,
  settleVillage,
  STORY_KEY,
  stopAll,
  verifyReally,
  type Person,
} from '@corridor/testing';
import { four, openFour, settleAll, recordOf, admission, say, proposed, busy } from './bookCircle.ts';
import { alice, anId, bob, carol, dora, emil, payBody, verdictOn, write } from './stories.ts';

const suspend = (ledger: Ledger, who: Person, witnesses: readonly Person[]): void =>
  seal(ledger, who, witnesses, 'suspended', null);
const expel = (ledger: Ledger, who: Person, witnesses: readonly Person[]): void =>
  seal(ledger, who, witnesses, 'expelled', STORY_KEY);
/** All witnesses stop on somebody's account, and it is sealed. */
function seal(
  ledger: Ledger,
  who: Person,
  witnesses: readonly Person[],
  standing: 'suspended' | 'expelled',
  key: string | null,
): void {
  const record = recordOf(ledger, who);
  for (const [index, witness] of witnesses.entries())
    say(ledger, witness, [reportFor(ledger, record, index)], 0);
  const closings = [findClosing(ledger, who.device) ?? expect.unreachable()];
  const { member } = record;
  const act: Act = { type: 'standing', ...proposed, member, standing, closings, key };
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
test('[B1] [P7] a steward on a pause keeps the next book as well, and four stay four; alone likewise', () => {
  const ledger = busy();
  suspend(ledger, bob, four.witnesses);
  for (const witness of [alice, bob, carol]) stopAll(ledger, witness, nextKey(ledger, witness));
  decideAct(ledger, four.witnesses, closingAct(ledger));
  const second = nextBook(ledger);
  expect([second.n, second.log.standings.get(recordOf(second, bob).member)]).toEqual([4, 'suspended']);
  expect(keysOf(second)[1]).toEqual(keyIn(1, bob));
  // He can't pay, and settles what others pay: Dora may be away.
  expect(verdictOn(second, bob, payBody(second, bob, emil, 1)).type).toBe('invalid');
  const [payment] = pay(second, emil, alice, 1);
  settleAll(second, [alice, bob, carol]);
  expect(second.entries.get(payment?.id ?? anId('0'))?.settled).toBe(true);
  const lone = settleVillage(1, [alice, bob]);
  const alone = openLedger(lone.founding, lone.options);
  suspend(alone, alice, [alice]);
  closeTheBook(alone, [alice]);
  expect(nextBook(alone).log.terms.map((t) => t.device)).toEqual([alice.device]);
});
test('[B1] [P7] who was expelled keeps no further book: the other three must all be there', () => {
  const ledger = busy();
  expel(ledger, bob, four.witnesses);
  closeTheBook(ledger, [alice, carol, dora]);
  const second = nextBook(ledger);
  expect(second.log.terms.map((t) => t.device)).toEqual([alice, carol, dora].map((w) => w.device));
  const [payment] = pay(second, emil, alice, 1);
  settleAll(second, [alice, carol]);
  const isSettled = () => second.entries.get(payment?.id ?? anId('0'))?.settled;
  expect(isSettled()).toBe(false);
  settleAll(second, [alice, carol, dora]);
  expect(isSettled()).toBe(true);
  expect(findViolations(second)).toEqual([]);
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
