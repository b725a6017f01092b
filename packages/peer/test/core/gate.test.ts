import {
  draftNext,
  draftProposal,
  firstGrantFor,
  KIND,
  LANE,
  referenceVerify,
  ZERO_ID,
  type Body,
  type Entry,
  type EntryDraft,
  type Id,
  type Ledger,
  type Signature,
} from '@corridor/ledger';
import type { CheckBudget, SignatureChecker } from '@corridor/peer';
import {
  admit,
  deliver,
  found,
  joinRequest,
  openLedger,
  person,
  sign,
  VILLAGE_POLICY,
  type Person,
} from '@corridor/testing/village';
import { expect, test } from 'vitest';
import { passGate, type GateOutcome } from '../../src/core/gate.ts';
import type { OpenRun } from '../../src/core/opening.ts';

const [alice, bob, mallory] = [person('Alice'), person('Bob'), person('Mallory')];
interface Signed {
  readonly entry: Entry;
  readonly signature: Signature;
}
/** Alice's circle with Bob and Mallory in it, and one more replica that knows the log as she does. */
function circle(policy = VILLAGE_POLICY): { readonly ledger: Ledger; replica(): Ledger } {
  const { founding, ledger } = found(alice, { policy });
  const log = [bob, mallory].map((newcomer) => admit(ledger, alice, alice, newcomer));
  const replica = (): Ledger => {
    const other = openLedger(founding);
    deliver(other, log);
    return other;
  };
  return { ledger, replica };
}
const SAID: Body = { kind: KIND.have, ids: [ZERO_ID] };
/** The next entries of somebody's voice, each signed. */
function voice(ledger: Ledger, author: Person, count: number, body: Body = SAID): readonly Signed[] {
  const made: Signed[] = [];
  for (let i = 0; i < count; i++)
    made.push(sign(author, draftNext(ledger, author.device, LANE.voice, body, made.at(-1)?.entry)));
  return made;
}
const run = (made: readonly Signed[], isSigned = (_at: number) => true): OpenRun => ({
  entries: made.map(({ entry }) => entry),
  signatures: new Map(
    made.flatMap(({ entry, signature }, at): [Id, Signature][] =>
      isSigned(at) ? [[entry.id, signature]] : [],
    ),
  ),
  sealed: new Map(),
});
/** Every check is a slow one, as if a hostile author had made it so. */
const slow: SignatureChecker = {
  check: (checks, budget) =>
    Promise.resolve(
      checks.map(({ key, message, signature }) => {
        if (budget.left < 1) return 'undecided';
        budget.left--;
        return referenceVerify(key, message, signature) ? 'valid' : 'invalid';
      }),
    ),
};
const take = (ledger: Ledger, given: OpenRun, budget: CheckBudget = { left: 1000 }): Promise<GateOutcome> =>
  passGate(ledger, [given], slow, budget);
const outcomeOf = ({ kept, unlinked, later, fault }: GateOutcome) => ({
  kept: kept.length,
  unlinked,
  later,
  fault: fault?.code ?? null,
});
const NOTHING = { kept: 0, unlinked: [], later: [], fault: null };

test('[F4] who carries what stands within the author’s quota is never at fault; who carries more kept what nobody keeps', async () => {
  const { ledger, replica } = circle({ ...VILLAGE_POLICY, maxEntries: 3 });
  const said = voice(ledger, mallory, 5);
  const bobs = replica();
  expect(outcomeOf(await take(bobs, run(said)))).toEqual({ ...NOTHING, kept: 3, fault: 'too-many-entries' });
  // All that Bob can hand on is what his own gate let through.
  const carried = said.filter(({ entry }) => bobs.entries.has(entry.id));
  const carols = replica();
  expect(outcomeOf(await take(carols, run(carried)))).toEqual({ ...NOTHING, kept: 3 });
  expect(outcomeOf(await take(carols, run(said)))).toEqual({ ...NOTHING, fault: 'too-many-entries' });
});

test('[E5] a spent budget blames nobody, and what it left is taken on the next link', async () => {
  const { ledger, replica } = circle();
  const said = voice(ledger, mallory, 3);
  const bobs = replica();
  const spent = { left: 2 };
  for (const one of said.slice(0, 2)) await take(bobs, run([one]), spent);
  expect(outcomeOf(await take(bobs, run(said.slice(2)), spent))).toEqual(NOTHING);
  expect(outcomeOf(await take(bobs, run(said.slice(2))))).toEqual({ ...NOTHING, kept: 1 });
});

test('[F3] a run whose sender learned in between which history is certified is torn, and nobody’s fault', async () => {
  const { ledger, replica } = circle();
  const said = voice(ledger, mallory, 6);
  const other = voice(ledger, mallory, 6, { kind: KIND.have, ids: [ledger.circle] });
  const torn = [...said.slice(0, 3), ...other.slice(3)];
  const bobs = replica();
  expect(outcomeOf(await take(bobs, run(torn)))).toEqual({ ...NOTHING, kept: 3, unlinked: [0] });
  const carols = replica();
  const unvouched = run(torn, (at) => at === 5);
  expect(outcomeOf(await take(carols, unvouched))).toEqual({ ...NOTHING, unlinked: [0] });
  expect(outcomeOf(await take(carols, run(other)))).toEqual({ ...NOTHING, kept: 6 });
});

test('[L0] [P7] in a log with two histories, who signs a witness’s lane is nobody’s lie; in a whole one it is', async () => {
  const { ledger, replica } = circle();
  const [carol, dave] = [person('Carol'), person('Dave')];
  const admission = (newcomer: Person): EntryDraft => {
    const request = joinRequest(ledger, alice, newcomer);
    const draft = draftProposal(ledger, alice.device, {
      type: 'admit',
      request,
      grant: firstGrantFor(ledger.log, request),
    });
    if (!draft.ok) throw new Error(draft.fault.code);
    return draft.value;
  };
  const first = sign(alice, admission(carol));
  const second = sign(alice, admission(dave));
  const nextOf = (before: Signed): EntryDraft =>
    draftNext(
      ledger,
      alice.device,
      LANE.witness,
      { kind: KIND.votes, votes: [], receipts: [] },
      before.entry,
    );
  const byAnotherKey = (before: Signed): Signed => {
    const { entry } = sign(alice, nextOf(before));
    return { entry, signature: sign({ ...alice, witnessSeed: bob.witnessSeed }, nextOf(before)).signature };
  };
  const bobs = replica();
  expect(outcomeOf(await take(bobs, run([first])))).toEqual({ ...NOTHING, kept: 1 });
  expect(outcomeOf(await take(bobs, run([byAnotherKey(first)])))).toEqual({
    ...NOTHING,
    fault: 'bad-signature',
  });
  expect(outcomeOf(await take(bobs, run([second])))).toEqual({ ...NOTHING, kept: 1 });
  expect(bobs.halt?.reason).toBe('two-decisions');
  expect(outcomeOf(await take(bobs, run([byAnotherKey(second)])))).toEqual({ ...NOTHING, later: [0] });
});

test('[F2] [E5] a liar is at fault: a signature that does not hold, an anchor without one', async () => {
  const { ledger, replica } = circle();
  const said = voice(ledger, mallory, 70);
  const forged = run(said.slice(0, 1));
  const lies: readonly (readonly [OpenRun, string])[] = [
    [
      {
        ...forged,
        signatures: new Map(
          [...forged.signatures.keys()].map((id) => [id, said[1]?.signature ?? ('' as Signature)]),
        ),
      },
      'bad-signature',
    ],
    [run(said, (at) => at === 69), 'not-signed'],
  ];
  for (const [lie, fault] of lies)
    expect(outcomeOf(await take(replica(), lie))).toEqual({ ...NOTHING, fault });
});
