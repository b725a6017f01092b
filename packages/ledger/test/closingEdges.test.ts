import { expect, test } from 'vitest';
import {
  applyEntry,
  closeAccount,
  draftNext,
  encodeEntry,
  firstGrantFor,
  KIND,
  LANE,
  MAX_SIDE_ENTRIES,
  noteAttachment,
  stateRoot,
  unlockWishes,
  type Id,
  type Ledger,
  type StopReport,
} from '@corridor/ledger';
import {
  add,
  admitBytes,
  agree,
  answer,
  carryOut,
  decide,
  deliver,
  joinRequest,
  move,
  openLedger,
  pay,
  person,
  stop,
  type Person,
} from '@corridor/testing';
import { sha256 } from '@noble/hashes/sha2.js';
import { alice, anId, bob, carol, dora, emil, payBody, write } from './stories.ts';
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
  lower,
} from './circles.ts';

/** A witness reports what it likes of Emil's account. */
function report(ledger: Ledger, witness: Person, said: Partial<StopReport>) {
  const { ordinal, incarnation } = recordOf(ledger, emil);
  const reports = [{ ordinal, incarnation, head: null, vote: null, ...said }];
  return add(
    ledger,
    draftNext(ledger, witness.device, LANE.witness, { kind: KIND.stop, reports, parts: 0, next: null }),
  ).entry;
}

test('[C2] [L4] reports of less than an earlier closing fixed close nothing, nor those of something else there', () => {
  const { ledger, witnesses } = circleOf(4);
  const [first, second] = [10, 20].flatMap((amount) => pay(ledger, emil, bob, amount));
  keepAll(ledger, witnesses);
  decide(ledger, witnesses, lower, [alice, bob]);
  const said = (head: StopReport['head']) => {
    const replica = copyOf(circleOf(4), ledger);
    const stops = [alice, bob, carol].map((witness) => report(replica, witness, { head }).id);
    return closeAccount(replica, { device: emil.device, incarnation: 1, stops });
  };
  const contradiction = {
    type: 'fault',
    fault: { rule: 'C2', code: 'reports-contradict', device: emil.device },
  };
  expect(said(null)).toEqual(contradiction);
  expect(said({ seq: 0, id: first?.id ?? anId('0') })).toEqual(contradiction);
  expect(said({ seq: 1, id: anId('7') })).toEqual(contradiction);
  expect(said({ seq: 1, id: second?.id ?? anId('0') }).type).toBe('closed');
});
test('[F1] [C2] nothing hangs on what a closing left out, but more of the same', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  const home = copyOf(circle, ledger);
  const [left] = pay(home, emil, bob, 10);
  const more = pay(home, emil, bob, 11);
  decide(ledger, witnesses, lower, [alice, bob]);
  deliver(ledger, [left ?? expect.unreachable(), ...more]);
  expect(mainOf(ledger, emil)).toEqual([]);
  expect(ledger.entries.size).toBe(copyOf(circle, ledger).entries.size);
  const body = payBody(ledger, emil, bob, 12, {}, storedIn(ledger, left ?? expect.unreachable()));
  const draft = draftNext(ledger, emil.device, LANE.account, body, left);
  expect([draft.incarnation, draft.seq]).toEqual([1, 1]);
  const bytes = encodeEntry(draft, sha256).bytes;
  expect(applyEntry(ledger, admitBytes(ledger, bytes))).toMatchObject({
    type: 'refused',
    fault: { rule: 'F1', code: 'wrong-incarnation' },
  });
});
test('[F3] [C2] however many histories somebody writes, there is room for the one that a witness reports', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  const home = copyOf(circle, ledger);
  const [voted] = pay(home, emil, bob, 500);
  const entry = voted ?? expect.unreachable();
  deliver(ledger, [entry]);
  vote(ledger, alice, entry);
  decide(ledger, witnesses, lower, [alice, bob]);
  const full = copyOf(circle, circleOf(4).ledger);
  for (let i = 0; i <= MAX_SIDE_ENTRIES; i++)
    write(full, emil, payBody(full, emil, carol, 0, { at: i }, null), null);
  expect(applyEntry(full, entry)).toMatchObject({ type: 'refused', fault: { code: 'fork-is-full' } });
  // With the promise it becomes worth keeping, and the decision that waits for it is carried out.
  const reported = copyOf(circle, circleOf(4).ledger);
  for (const forked of entriesOf(full)) applyEntry(reported, forked);
  deliver(full, entriesOf(ledger));
  expect([full.log.height, stateRoot(full)]).toEqual([1, stateRoot(ledger)]);
  deliver(
    reported,
    entriesOf(ledger).filter(({ body }) => body.kind === KIND.stop || body.kind === KIND.votes),
  );
  expect(applyEntry(reported, entry).type).toBe('kept');
});
test('[F3] [C2] and for the one that a decision waits for, whichever of a liar’s reports it cites', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  const home = copyOf(circle, ledger);
  const [paid] = pay(home, emil, bob, 500);
  const entry = paid ?? expect.unreachable();
  deliver(ledger, [entry]);
  const stops = [alice, bob].map((witness) => report(ledger, witness, {}).id);
  report(ledger, dora, {});
  stops.push(report(ledger, dora, { vote: entry.id }).id);
  agree(ledger, witnesses, { type: 'unlock', closing: { device: emil.device, incarnation: 0, stops } });
  expect(storedIn(ledger, entry).settled).toBe(true);
  const full = copyOf(circle, circleOf(4).ledger);
  for (let i = 0; i <= MAX_SIDE_ENTRIES; i++)
    write(full, emil, payBody(full, emil, carol, 0, { at: i }, null), null);
  deliver(full, entriesOf(ledger));
  expect([full.log.height, stateRoot(full)]).toEqual([1, stateRoot(ledger)]);
});
test('[C1] one witness alone has stopped for a motion that lost its consent, another is silent: no account stays shut', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  move(ledger, alice, lower);
  for (const steward of [alice, bob]) answer(ledger, steward, lower);
  stop(ledger, [alice]);
  answer(ledger, bob, lower, 'no');
  pay(ledger, emil, carol, 70);
  // Dora is away. Bob and Carol cannot certify alone what Alice votes for no more.
  keepAll(ledger, [alice, bob, carol]);
  expect(mainOf(ledger, emil)[0]?.feed.certified).toBe(0);
  expect(stop(ledger, [bob, carol])).toHaveLength(2);
  expect(unlockWishes(ledger)).toHaveLength(1);
  carryOut(ledger, [alice, bob, carol]);
  // Both had voted for it.
  expect(mainOf(ledger, emil)[0]?.settled).toBe(true);
  pay(ledger, emil, carol, 1);
  keepAll(ledger, [alice, bob, carol]);
  expect(mainOf(ledger, emil).at(-1)?.settled).toBe(true);
  expectOneState(circle, ledger);
  // Where nobody ever consented, one who stops is alone with it.
  const other = circleOf(4);
  report(other.ledger, dora, {});
  expect(stop(other.ledger, witnesses)).toEqual([]);
});
test('[E7] [C2] what a closing carries over may need an attachment: the decision waits for it, and wakes who waits for the height', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  const hash = anId('c');
  noteAttachment(ledger, hash, 9);
  const attachment = { hash, length: 9, erasable: false };
  const { entry } = write(ledger, emil, payBody(ledger, emil, bob, 500, { attachment }));
  vote(ledger, bob, entry);
  decide(ledger, witnesses, lower, [alice, bob]);
  const [next] = pay(ledger, carol, dora, 5);
  keepAll(ledger, witnesses);
  const late = openLedger(circle.village.founding, circle.village.options);
  deliver(late, entriesOf(ledger));
  expect([late.log.height, late.awaiting?.missing]).toEqual([0, [entry.id]]);
  expect(storedIn(late, next ?? expect.unreachable()).verdict).toMatchObject({ type: 'waiting', height: 1 });
  noteAttachment(late, hash, 9);
  expect([late.log.height, late.awaiting]).toEqual([1, null]);
  expect(storedIn(late, next ?? expect.unreachable()).settled).toBe(true);
  expect(stateRoot(late)).toBe(stateRoot(ledger));
});
test('[C1] [I9] a promise binds its lane also where the device is not known yet when both come', () => {
  const circle = circleOf(4);
  const { ledger } = circle;
  const fina = person('Fina');
  const request = joinRequest(ledger, alice, fina);
  const admission = { type: 'admit', request, grant: firstGrantFor(ledger.log, request) } as const;
  agree(ledger, [alice, bob, carol], admission);
  const [paid] = pay(ledger, fina, bob, 5);
  const { ordinal } = recordOf(ledger, fina);
  const lie = { ordinal, incarnation: 0, head: null, vote: null };
  add(
    ledger,
    draftNext(ledger, dora.device, LANE.witness, { kind: KIND.stop, reports: [lie], parts: 0, next: null }),
  );
  const entry = paid ?? expect.unreachable();
  for (const witness of [bob, carol, dora]) vote(ledger, witness, entry);
  expect(storedIn(ledger, entry)).toMatchObject({ votes: 0b0110 });
  const lanes = openLedger(circle.village.founding, circle.village.options);
  const byDora = entriesOf(ledger).filter(({ device }) => device === dora.device);
  deliver(lanes, [...byDora, ...entriesOf(ledger)]);
  expect(storedIn(lanes, entry)).toMatchObject({ votes: 0b0110 });
  expectOneState(circle, ledger);
});
test('[C1] votes for an id that never came stay what they are: a report names them all the same', () => {
  const circle = circleOf(4);
  const { ledger, witnesses } = circle;
  const home = copyOf(circle, ledger);
  const [paid] = pay(home, emil, bob, 5);
  const entry = paid ?? expect.unreachable();
  vote(ledger, alice, entry);
  move(ledger, alice, lower);
  for (const steward of [alice, bob]) answer(ledger, steward, lower);
  stop(ledger, witnesses);
  const said: (Id | null)[] = ledger.stops.flatMap(({ entry: { body } }) =>
    body.kind === KIND.stop ? [body.reports[0]?.vote ?? null] : [],
  );
  expect(said).toEqual([entry.id, null, null, null]);
  // Three others' reports will do.
  carryOut(ledger, witnesses);
  expect(recordOf(ledger, emil).incarnations[1]?.seq).toBe(0);
  deliver(ledger, [entry]);
  expect(storedIn(ledger, entry).settled).toBe(false);
  expectOneState(circle, ledger);
});
