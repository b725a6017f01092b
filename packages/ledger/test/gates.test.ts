import { expect, test } from 'vitest';
import {
  applyEntry,
  draftNext,
  encodeEntry,
  foundingCheck,
  isAnchor,
  KIND,
  LANE,
  MAX_SIDE_ENTRIES,
  planRun,
  signerOf,
  verifyFounding,
  verifyRun,
  type ApplyFault,
  type Entry,
  type EntryDraft,
  type Id,
  type Ledger,
  type Signature,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  add,
  admit,
  found,
  foundingDraft,
  joinRequest,
  keepBook,
  openLedger,
  pay,
  settleVillage,
  VILLAGE_POLICY,
} from '@corridor/testing';
import { sha256 } from '@noble/hashes/sha2.js';
import { alice, anId, bob, carol, dora, payBody, write } from './stories.ts';

const SIGNATURE = 'ab'.repeat(64) as Signature;
function village(): Ledger {
  const { ledger } = found(alice);
  admit(ledger, alice, alice, bob);
  return ledger;
}
/** Bob's next `count` gifts to Alice, on his own replica. */
const gifts = (ledger: Ledger, count: number): readonly Entry[] =>
  Array.from({ length: count }, () => pay(ledger, bob, alice, 0)[0] ?? expect.unreachable());
const signaturesOf = (entries: readonly (Entry | undefined)[]) =>
  new Map(entries.flatMap((entry) => (entry === undefined ? [] : [[entry.id, SIGNATURE] as const])));
const plan = (entries: readonly Entry[], signed: readonly (Entry | undefined)[]) =>
  planRun({ entries, signatures: signaturesOf(signed) }, bob.device);

test.each([1, 2, 63, 64, 65, 128, 200])(
  '[F2] a run of %i entries needs its anchors and its newest signed, no more',
  (count) => {
    const entries = gifts(village(), count);
    const anchors = entries.filter((entry) => isAnchor(entry.seq));
    const needed = [...new Set([...anchors, entries.at(-1)])];
    const planned = plan(entries, needed);
    expect(planned.ok).toBe(true);
    if (!planned.ok) return;
    expect(planned.value.checks.map((c) => c.entry)).toEqual(needed);
    expect(planned.value.checks.every((c) => c.key === bob.device && c.covers)).toBe(true);
    const verdicts = planned.value.checks.map(() => 'valid' as const);
    expect(verifyRun(planned.value, verdicts)).toEqual({ ok: true, value: entries });
    // No two signatures are further apart than a proof may reach.
    const seqs = needed.map((entry) => entry?.seq ?? 0);
    expect(Math.max(...seqs.map((seq, i) => seq - (seqs[i - 1] ?? -1)))).toBeLessThanOrEqual(64);
  },
);
test('[F2] nobody vouches for what follows the last signature: it is left out', () => {
  const entries = gifts(village(), 70);
  const planned = plan(entries, [entries[63], entries[65]]);
  expect(planned).toMatchObject({ ok: true, value: { authenticCount: 66 } });
  if (!planned.ok) return;
  expect(verifyRun(planned.value, ['valid', 'valid'])).toMatchObject({ ok: true, value: { length: 66 } });
});
test('[F2] an anchor without its signature, or no signature at all, is told by the entry', () => {
  const entries = gifts(village(), 70);
  expect(plan(entries, [entries[69]])).toEqual({
    ok: false,
    fault: { rule: 'F2', code: 'not-signed', entry: entries[63]?.id },
  });
  expect(plan(entries, [])).toEqual({
    ok: false,
    fault: { rule: 'F2', code: 'not-signed', entry: entries[0]?.id },
  });
});
test('[F2] [E5] one bad signature refuses the run and names its entry; undecided is not invalid', () => {
  const entries = gifts(village(), 70);
  const planned = plan(entries, [entries[63], entries[69]]);
  if (!planned.ok) throw new Error(planned.fault.code);
  const fault = (...verdicts: ('valid' | 'invalid' | 'undecided')[]) => {
    const verified = verifyRun(planned.value, verdicts);
    return verified.ok ? undefined : verified.fault;
  };
  expect(fault('valid', 'invalid')).toEqual({ rule: 'F2', code: 'bad-signature', entry: entries[69]?.id });
  expect(fault('invalid', 'valid')).toEqual({ rule: 'F2', code: 'bad-signature', entry: entries[63]?.id });
  expect(fault('undecided', 'valid')).toEqual({ rule: 'F2', code: 'undecided', entry: entries[63]?.id });
  expect(fault('valid')).toEqual({ rule: 'F2', code: 'undecided', entry: entries[69]?.id });
});
test('[F1] a run is one chain: gaps, wrong links and other feeds are told', () => {
  const ledger = village();
  const [a, b, c] = gifts(ledger, 3) as [Entry, Entry, Entry];
  const other = pay(ledger, alice, bob, 1)[0] ?? expect.unreachable();
  expect(plan([], [])).toMatchObject({ fault: { rule: 'F1', code: 'empty-run' } });
  expect(plan([a, c], [c])).toEqual({
    ok: false,
    fault: { rule: 'F1', code: 'gap', device: bob.device, expected: 1, got: 2 },
  });
  expect(plan([a, { ...b, prev: c.id }], [b])).toEqual({
    ok: false,
    fault: { rule: 'F1', code: 'wrong-prev', entry: b.id, expected: a.id },
  });
  expect(plan([a, { ...other, seq: 1 }], [other])).toMatchObject({
    fault: { rule: 'F1', code: 'mixed-feeds' },
  });
});
test('[F1] [P7] who signs what: devices their lanes, witnesses theirs with the key of their term', () => {
  const ledger = village();
  expect(signerOf(ledger.log, bob.device, LANE.account, 0)).toEqual({ ok: true, value: bob.device });
  expect(signerOf(ledger.log, alice.device, LANE.witness, 0)).toEqual({ ok: true, value: alice.witness });
  expect(signerOf(ledger.log, bob.device, LANE.witness, 0)).toMatchObject({
    fault: { rule: 'P7', code: 'not-a-witness', device: bob.device },
  });
  expect(signerOf(ledger.log, carol.device, LANE.account, 0)).toMatchObject({
    fault: { rule: 'F1', code: 'unknown-device', device: carol.device },
  });
});
test('[S2] a join request that is not what it says refuses the entry that carries it', () => {
  const ledger = village();
  const request = joinRequest(ledger, alice, carol);
  const { entry } = add(
    ledger,
    draftNext(ledger, bob.device, LANE.voice, { kind: KIND.joinRequest, request }),
  );
  const planned = plan([entry], [entry]);
  if (!planned.ok) throw new Error(planned.fault.code);
  expect(planned.value.checks.map((c) => c.key)).toEqual([
    bob.device,
    alice.device,
    request.invite,
    carol.device,
  ]);
  expect(verifyRun(planned.value, ['valid', 'valid', 'invalid', 'valid'])).toEqual({
    ok: false,
    fault: { rule: 'S2', code: 'bad-evidence', entry: entry.id },
  });
});
test('[L0] the founding entry proves itself, and nothing else founds', () => {
  const ledger = village();
  const { entry } = ledger.founding;
  expect(foundingCheck(entry, SIGNATURE)).toMatchObject({ key: alice.device, signature: SIGNATURE });
  expect(verifyFounding(entry, 'valid').ok).toBe(true);
  expect(verifyFounding(entry, 'invalid')).toMatchObject({ fault: { code: 'bad-signature' } });
  expect(verifyFounding(entry, 'undecided')).toMatchObject({ fault: { code: 'undecided' } });
  expect(verifyFounding(gifts(ledger, 1)[0] ?? expect.unreachable(), 'valid')).toMatchObject({
    fault: { rule: 'F1', code: 'mixed-feeds' },
  });
});
test('[E5] a circle whose founder holds a key of small order is no circle', () => {
  const { entry } = village().founding;
  for (const bad of [alice.device, alice.witness])
    expect(verifyFounding(entry, 'valid', (key) => key !== bad)).toEqual({
      ok: false,
      fault: { rule: 'E5', code: 'key-not-ordinary', key: bad },
    });
});

/** Why a verified entry was not kept; undefined: it was. */
const refusal = (ledger: Ledger, draft: EntryDraft): ApplyFault | undefined => {
  const applied = applyEntry(ledger, encodeEntry(draft, sha256) as VerifiedEntry);
  return applied.type === 'refused' ? applied.fault : undefined;
};
test('[F1] the third gate tells a gap, a wrong link, a stranger, another book, incarnation or epoch', () => {
  const ledger = village();
  const [first] = pay(ledger, bob, alice, 1);
  const next = draftNext(ledger, bob.device, LANE.account, payBody(ledger, bob, alice, 1));
  const { id } = encodeEntry({ ...next, book: 1 }, sha256);
  expect(refusal(ledger, { ...next, seq: 3 })).toEqual({
    rule: 'F1',
    code: 'gap',
    device: bob.device,
    expected: 1,
    got: 3,
  });
  expect(refusal(ledger, { ...next, prev: anId('7') })).toMatchObject({
    rule: 'F1',
    code: 'wrong-prev',
    expected: first?.id,
  });
  expect(refusal(ledger, { ...next, seq: 0 })).toMatchObject({
    code: 'wrong-prev',
    expected: ledger.log.head,
  });
  expect(refusal(ledger, { ...next, device: carol.device })).toEqual({
    rule: 'F1',
    code: 'unknown-device',
    device: carol.device,
  });
  expect(refusal(ledger, { ...next, book: 1 })).toEqual({ rule: 'F1', code: 'wrong-book', entry: id });
  expect(refusal(ledger, { ...next, incarnation: 1 })).toMatchObject({
    rule: 'F1',
    code: 'unknown-decision',
  });
  expect(refusal(ledger, { ...next, epoch: 1 })).toMatchObject({ rule: 'F1', code: 'unknown-decision' });
  expect(refusal(ledger, { ...next, lane: LANE.witness })).toMatchObject({
    rule: 'P7',
    code: 'not-a-witness',
  });
  expect(refusal(ledger, { ...next, prev: ledger.circle })).toMatchObject({ code: 'wrong-prev' });
  expect(refusal(ledger, next)).toBeUndefined();
  expect(applyEntry(ledger, encodeEntry(next, sha256) as VerifiedEntry).type).toBe('known');
});
test('[L0] a circle is founded once', () => {
  const ledger = village();
  expect(applyEntry(ledger, ledger.founding.entry).type).toBe('known');
  expect(refusal(ledger, { ...foundingDraft(alice), seq: 0 })).toBeUndefined();
  const other = { ...foundingDraft(alice), body: { ...foundingDraft(alice).body, name: 'Elsewhere' } };
  expect(refusal(ledger, other)).toMatchObject({ rule: 'F1', code: 'second-founding' });
  expect(refusal(ledger, { ...other, device: bob.device })).toMatchObject({ code: 'unknown-device' });
});
test('[F4] a lane holds as many entries and bytes as the policy says, on every branch', () => {
  const policy = { ...VILLAGE_POLICY, maxEntries: 3 };
  const few = settleVillage(1, [alice, bob], policy);
  const ledger = openLedger(few.founding, few.options);
  for (let i = 0; i < 3; i++)
    expect(write(ledger, bob, payBody(ledger, bob, alice, 0)).applied.type).toBe('kept');
  expect(write(ledger, bob, payBody(ledger, bob, alice, 0)).applied).toEqual({
    type: 'refused',
    fault: { rule: 'F4', code: 'too-many-entries', device: bob.device },
  });
  const short = settleVillage(1, [alice, bob], { ...VILLAGE_POLICY, maxBytes: 400 });
  const small = openLedger(short.founding, short.options);
  expect(write(small, bob, payBody(small, bob, alice, 0)).applied.type).toBe('kept');
  const first = small.feeds.get(bob.device)?.[LANE.account].main[0] ?? expect.unreachable();
  expect(write(small, bob, payBody(small, bob, alice, 0)).applied.type).toBe('kept');
  for (const invoice of ['1', '2'])
    expect(
      write(small, bob, payBody(small, bob, alice, 0, { invoice: anId(invoice) }, first), first).applied.type,
    ).toBe('kept');
  expect(write(small, bob, payBody(small, bob, alice, 0)).applied).toMatchObject({
    fault: { rule: 'F4', code: 'too-many-bytes', device: bob.device },
  });
});

test('[F3] whichever branch came first, both replicas keep the same proof and no one is silent about it', () => {
  const home = village();
  const left = write(home, bob, payBody(home, bob, alice, 100));
  const right = write(home, bob, payBody(home, bob, alice, 200, {}, null), null);
  expect(right.applied).toMatchObject({ type: 'kept', changes: [{ type: 'kept' }, { type: 'fault' }] });
  const other = openLedger(home.founding.entry as Parameters<typeof openLedger>[0]);
  const log = home.feeds.get(alice.device)?.[LANE.witness].main.map((s) => s.entry) ?? [];
  for (const entry of [...log, right.entry, left.entry]) applyEntry(other, entry);
  const proofs = [home, other].map((ledger) =>
    ledger.forks.map(({ device, lane, seq, left: l, right: r }) => [
      device,
      lane,
      seq,
      l.entry.id,
      r.entry.id,
    ]),
  );
  expect(proofs[0]).toEqual(proofs[1]);
  expect(proofs[0]).toHaveLength(1);
  // It stops votes at once, and changes no balance.
  expect(keepBook(home, alice)).toEqual([]);
  expect(keepBook(other, alice)).toEqual([]);
});
test('[F3] one pair per slot: a third branch adds no proof, another slot does', () => {
  const ledger = village();
  const first = write(ledger, bob, payBody(ledger, bob, alice, 1)).applied;
  write(ledger, bob, payBody(ledger, bob, alice, 2));
  for (const amount of [3, 4, 5]) write(ledger, bob, payBody(ledger, bob, alice, amount, {}, null), null);
  expect(ledger.forks.map((f) => f.seq)).toEqual([0]);
  if (first.type !== 'kept') throw new Error('not kept');
  write(ledger, bob, payBody(ledger, bob, alice, 6, {}, first.stored), first.stored);
  expect(ledger.forks.map((f) => f.seq)).toEqual([0, 1]);
});
test('[F3] a fork can be filled up, but not against what the witnesses certified', () => {
  const ledger = village();
  write(ledger, bob, payBody(ledger, bob, alice, 1));
  const witnessed = openLedger(ledger.founding.entry as Parameters<typeof openLedger>[0]);
  for (const s of ledger.feeds.get(alice.device)?.[LANE.witness].main ?? []) applyEntry(witnessed, s.entry);
  const good = write(witnessed, bob, payBody(witnessed, bob, alice, 999)).entry;
  const votes = keepBook(witnessed, alice);
  for (let i = 0; i < MAX_SIDE_ENTRIES; i++)
    write(ledger, bob, payBody(ledger, bob, alice, 0, { at: i }, null), null);
  expect(applyEntry(ledger, good)).toEqual({
    type: 'refused',
    fault: { rule: 'F3', code: 'fork-is-full', entry: good.id },
  });
  for (const entry of votes) applyEntry(ledger, entry);
  expect(applyEntry(ledger, good).type).toBe('kept');
  const main = ledger.feeds.get(bob.device)?.[LANE.account].main[0];
  expect(main?.entry.id).toBe(good.id);
  expect(main?.settled).toBe(true);
});
test('[F3] the branch that the witnesses certified becomes the main one, though the other came first', () => {
  const ledger = village();
  const shown = write(ledger, bob, payBody(ledger, bob, alice, 1)).entry;
  write(ledger, bob, payBody(ledger, bob, alice, 2));
  const other = openLedger(ledger.founding.entry as Parameters<typeof openLedger>[0]);
  for (const s of ledger.feeds.get(alice.device)?.[LANE.witness].main ?? []) applyEntry(other, s.entry);
  const certified = [write(other, bob, payBody(other, bob, alice, 7)).entry];
  certified.push(write(other, bob, payBody(other, bob, alice, 8)).entry);
  const votes = keepBook(other, alice);
  for (const entry of [...votes, ...certified.slice(0, 1)]) applyEntry(ledger, entry);
  const feed = ledger.feeds.get(bob.device)?.[LANE.account];
  expect(feed?.main.map((s) => s.entry.id)).toEqual([certified[0]?.id]);
  expect(feed?.side.has(shown.id)).toBe(true);
  applyEntry(ledger, certified[1] ?? expect.unreachable());
  expect(feed?.main.map((s) => [s.entry.id, s.settled])).toEqual(certified.map((e) => [e.id, true]));
  expect(ledger.accounts.get(bob.device)?.balance).toBe(-15);
});
test('[F3] a fork in a voice lane is a proof too, and both things said count', () => {
  const ledger = village();
  admit(ledger, alice, alice, dora);
  const ids: Id[] = [1, 2].map((amount) => write(ledger, bob, payBody(ledger, bob, dora, amount)).entry.id);
  const have = draftNext(ledger, dora.device, LANE.voice, { kind: KIND.have, ids: ids.slice(0, 1) });
  add(ledger, have);
  add(ledger, { ...have, body: { kind: KIND.have, ids: ids.slice(1) } });
  expect(ledger.forks).toMatchObject([{ device: dora.device, lane: LANE.voice, seq: 0 }]);
  expect(ids.map((id) => ledger.entries.get(id)?.delivered)).toEqual([true, true]);
});
