import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import {
  balanceOf,
  closeBook,
  closeBookWish,
  draftBookStops,
  draftNext,
  encodeEntry,
  findClosing,
  findViolations,
  isBookClosing,
  isBookDue,
  KIND,
  LANE,
  MAX_DEVICES,
  MAX_ENTRY_BYTES,
  MAX_REPORTS,
  reportFor,
  type CloseBookAct,
  type Id,
  type StopBody,
  type StopReport,
} from '@corridor/ledger';
import {
  add,
  chooser,
  closingAct,
  decideAct,
  deliver,
  keepBook,
  nextBook,
  nextKey,
  NEXT_KEY,
  openLedger,
  pay,
  person,
  settleVillage,
  shuffled,
  stopAll,
  type Person,
} from '@corridor/testing';
import { four, openFour, recordOf, admission, say, judge, busy } from './bookCircle.ts';
import { alice, anId, bob, carol, dora, emil } from './stories.ts';

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
  // The phone was closed in between, and Alice promised something else and voted before it went on.
  say(ledger, alice, [], 0);
  expect(draftBookStops(ledger, alice.device)?.body).toMatchObject({ parts: -1 });
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
test('[B1] [L1] who heard the series in another order proposes the same closing', () => {
  const ledger = busy();
  for (const witness of four.witnesses) stopAll(ledger, witness);
  const wish = closeBookWish(ledger, NEXT_KEY);
  expect(wish).toBeDefined();
  for (let seed = 0; seed < 20; seed++) {
    const other = openFour();
    deliver(
      other,
      shuffled(
        [...ledger.entries.values()].map(({ entry }) => entry),
        chooser(seed),
      ),
    );
    expect(closeBookWish(other, NEXT_KEY)).toEqual(wish);
  }
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
  expect(recordOf(ledger, emil).incarnations.map(({ seq }) => seq)).toEqual([0, 2, 2]);
  expect(findViolations(ledger)).toEqual([]);
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
