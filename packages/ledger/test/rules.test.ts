import { expect, test } from 'vitest';
import { ACCOUNT_RULES, draftNext, KIND, LANE, noteAttachment, type Ledger } from '@corridor/ledger';
import { add, admit, decide, deliver, handBook, keepBook, limitsAct, openLedger } from '@corridor/testing';
import { alice, anId, bob, carol, claimOf, dora, faultOf, payBody, verdictOn, write } from './stories.ts';
import { carolsTo, claimed, STORIES, village } from './accountStories.ts';

test.each(STORIES)('$title', ({ next, fault }) => {
  const ledger = village();
  expect(faultOf(verdictOn(ledger, bob, next(ledger)))).toMatchObject(fault);
});
test.each(STORIES)('[P2] without the rule $rule the same entry would pass', ({ rule, next }) => {
  const others = Object.entries(ACCOUNT_RULES).flatMap(([name, check]) => (name === rule ? [] : [check]));
  const ledger = village(others);
  expect(verdictOn(ledger, bob, next(ledger)).type).toBe('valid');
});
test('[P2] every rule of the account lane has its story', () => {
  expect(new Set(STORIES.map((s) => s.rule))).toEqual(new Set(Object.keys(ACCOUNT_RULES)));
});

test('[P4] what else can be wrong with a credit: claimed before, wrong amount, no payment, an invalid payment', () => {
  const ledger = village();
  const [seven] = [carolsTo(ledger, 0)];
  const wrong = openCopy(ledger);
  expect(
    faultOf(
      verdictOn(
        wrong,
        bob,
        claimed(wrong, { claims: [{ debit: seven.entry.id, amount: 701 }], balanceAfter: 601 }),
      ),
    ),
  ).toEqual({ rule: 'P4', code: 'wrong-amount', debit: seven.entry.id, expected: 700, got: 701 });
  const noPayment = openCopy(ledger);
  const vote = noPayment.feeds.get(alice.device)?.[LANE.witness].main[0] ?? expect.unreachable();
  expect(
    faultOf(
      verdictOn(
        noPayment,
        bob,
        claimed(noPayment, { claims: [{ debit: vote.entry.id, amount: 1 }], balanceAfter: -99 }),
      ),
    ),
  ).toEqual({ rule: 'P4', code: 'not-a-payment', debit: vote.entry.id });
  const twice = openCopy(ledger);
  expect(verdictOn(twice, bob, claimed(twice, { claims: [claimOf(seven)], balanceAfter: 600 })).type).toBe(
    'valid',
  );
  expect(
    faultOf(verdictOn(twice, bob, claimed(twice, { claims: [claimOf(seven)], balanceAfter: 1_300 }))),
  ).toEqual({ rule: 'P4', code: 'claimed-twice', debit: seven.entry.id });
  const invalid = openCopy(ledger);
  verdictOn(invalid, carol, payBody(invalid, carol, bob, 15_000));
  const overspent = carolsTo(invalid, 2);
  expect(overspent.verdict.type).toBe('invalid');
  expect(
    faultOf(
      verdictOn(invalid, bob, claimed(invalid, { claims: [claimOf(overspent)], balanceAfter: 14_900 })),
    ),
  ).toEqual({ rule: 'P4', code: 'claims-invalid', debit: overspent.entry.id });
});
/** Another replica of the same entries. */
function openCopy(ledger: Ledger): Ledger {
  const copy = openLedger(ledger.founding.entry as Parameters<typeof openLedger>[0]);
  deliver(
    copy,
    [...ledger.entries.values()].map((s) => s.entry),
  );
  return copy;
}

test('[P1] [P2] a gift of 0 needs no room and adds nothing to take in', () => {
  const ledger = village();
  verdictOn(ledger, bob, payBody(ledger, bob, alice, 14_900));
  expect(verdictOn(ledger, bob, payBody(ledger, bob, carol, 0)).type).toBe('valid');
  keepBook(ledger, alice);
  expect(ledger.accounts.get(carol.device)?.unclaimed.size).toBe(0);
});
test('[P1] tokens, and commons beyond the two that every circle has, are unknown until an act opens them', () => {
  for (const to of [
    { type: 'commons', commons: 2 },
    { type: 'token', token: carol.witness },
  ] as const) {
    const ledger = village();
    expect(faultOf(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { to })))).toMatchObject({
      rule: 'P1',
      code: 'unknown-counterparty',
    });
  }
});
test('[P2] an entry of a height that the log has not reached waits for it, and its followers wait for it', () => {
  const ledger = village();
  const ahead = verdictOn(ledger, bob, payBody(ledger, bob, dora, 1, { logHeight: 3 }));
  expect(ahead).toEqual({ type: 'waiting', ids: [], height: 3, attachment: null });
  const first = ledger.feeds.get(bob.device)?.[LANE.account].main.at(-1)?.entry.id;
  const after = verdictOn(ledger, bob, payBody(ledger, bob, carol, 1, { logHeight: 3 }));
  expect(after).toMatchObject({ type: 'waiting', ids: [first] });
  admit(ledger, alice, alice, dora);
  const verdicts = ledger.feeds.get(bob.device)?.[LANE.account].main.map((s) => s.verdict.type);
  expect(verdicts).toEqual(['valid', 'valid', 'valid']);
  keepBook(ledger, alice);
  expect(ledger.accounts.get(dora.device)?.unclaimedSum).toBe(1);
});
test('[P2] [F2] what hangs on an invalid entry is invalid and kept, whichever came first', () => {
  const ledger = village();
  verdictOn(ledger, bob, payBody(ledger, bob, dora, 1, { logHeight: 3, limitRef: 0 }));
  verdictOn(ledger, bob, payBody(ledger, bob, carol, 1, { logHeight: 3 }));
  admit(ledger, alice, alice, dora);
  const main = ledger.feeds.get(bob.device)?.[LANE.account].main ?? [];
  expect(main.map((s) => s.verdict.type)).toEqual(['valid', 'invalid', 'invalid']);
  expect(verdictOn(ledger, bob, payBody(ledger, bob, carol, 1))).toMatchObject({
    fault: { rule: 'P2', code: 'after-invalid', prev: main[2]?.entry.id },
  });
});
test('[E7] an entry waits for an attachment that it requires, not for one that can be erased', () => {
  const ledger = village();
  const erasable = { hash: anId('a'), length: 9, erasable: true };
  expect(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { attachment: erasable })).type).toBe('valid');
  const required = { hash: anId('b'), length: 9, erasable: false };
  expect(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { attachment: required }))).toEqual({
    type: 'waiting',
    ids: [],
    height: null,
    attachment: anId('b'),
  });
  const verdicts = () => ledger.feeds.get(bob.device)?.[LANE.account].main.map((s) => s.verdict.type);
  noteAttachment(ledger, anId('c'), 9);
  expect(verdicts()).toEqual(['valid', 'valid', 'waiting']);
  expect(noteAttachment(ledger, anId('b'), 9)).toMatchObject([{ type: 'verdict' }]);
  expect(verdicts()).toEqual(['valid', 'valid', 'valid']);
  noteAttachment(ledger, anId('d'), 8);
  const short = { hash: anId('d'), length: 9, erasable: false };
  expect(faultOf(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { attachment: short })))).toEqual({
    rule: 'E7',
    code: 'attachment-length',
    attachment: anId('d'),
    expected: 9,
    got: 8,
  });
});
test('[P2] a credit that has not arrived is waited for, however wrong the rest may be', () => {
  const ledger = village();
  const claims = [{ debit: anId('9'), amount: 5 }];
  expect(verdictOn(ledger, bob, payBody(ledger, bob, alice, 90_000, { claims }))).toMatchObject({
    type: 'waiting',
    ids: [anId('9')],
  });
});
test('[P2] a claim of what is no payment is invalid, whether that came before the claim or after', () => {
  const home = village();
  const notes = draftNext(home, carol.device, LANE.voice, { kind: KIND.have, ids: [] });
  const note = add(home, notes).entry;
  const claim = claimed(home, { claims: [{ debit: note.id, amount: 1 }], balanceAfter: -99 });
  const late = write(home, bob, claim).entry;
  const other = openCopy(village());
  deliver(other, [late]);
  expect(other.entries.get(late.id)?.verdict).toMatchObject({ type: 'waiting', ids: [note.id] });
  deliver(other, [note]);
  expect(other.entries.get(late.id)?.verdict).toEqual(home.entries.get(late.id)?.verdict);
  expect(faultOf(other.entries.get(late.id)?.verdict ?? expect.unreachable())?.code).toBe('not-a-payment');
});
test('[P1] after the keeper changed, the height of the log went up and entries name it', () => {
  const ledger = village();
  handBook(ledger, alice, carol);
  expect(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1)).type).toBe('valid');
  expect(faultOf(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { logHeight: 2 })))).toMatchObject({
    code: 'log-height-fell',
  });
});
test('[F1] [C2] an entry of an earlier incarnation names no height of a later one, whichever came first', () => {
  const ledger = village();
  const before = openCopy(ledger);
  decide(ledger, [alice], limitsAct(bob, { lowestBalance: -200, highestBalance: 0 }), [alice]);
  const draft = draftNext(
    before,
    bob.device,
    LANE.account,
    payBody(before, bob, alice, 1, { logHeight: 3, limitRef: 3 }),
  );
  const late = add(before, draft).entry;
  deliver(
    before,
    [...ledger.entries.values()].map((s) => s.entry),
  );
  deliver(ledger, [late]);
  for (const replica of [before, ledger])
    expect(faultOf(replica.entries.get(late.id)?.verdict ?? expect.unreachable())).toEqual({
      rule: 'F1',
      code: 'not-its-incarnation',
      height: 1,
      got: 3,
    });
});
test('[P4] [C4] a credit of somebody else that they took in already is still not yours', () => {
  const ledger = village();
  const [seven] = [carolsTo(ledger, 0)];
  verdictOn(ledger, bob, claimed(ledger, { claims: [claimOf(seven)], balanceAfter: 600 }));
  const body = {
    kind: KIND.claim,
    limitRef: 2,
    logHeight: 2,
    claims: [claimOf(seven)],
    balanceAfter: -300,
  } as const;
  expect(faultOf(verdictOn(ledger, carol, body))).toMatchObject({ code: 'not-yours' });
});
