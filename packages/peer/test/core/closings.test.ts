/** What phones make of an account chain that a closing cut back, when they hold different parts of it. */
import {
  draftNext,
  draftProposal,
  findClosing,
  isOvertaken,
  KIND,
  LANE,
  reportFor,
  type Ledger,
  type VerifiedEntry,
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
  VILLAGE_POLICY,
} from '@corridor/testing/village';
import { describe, expect, test } from 'vitest';
import type { OpenRun } from '../../src/core/opening.ts';
import { signedBy, street, type Phone, type Street } from './street.ts';

const [alice, bob, carol, dan] = [person('Alice'), person('Bob'), person('Carol'), person('Dan')];
const policy = {
  ...VILLAGE_POLICY,
  firstGrant: { lowestBalance: -1_000_000, highestBalance: 1_000_000 },
};
const payments = (ledger: Ledger, count: number, amount: number): readonly VerifiedEntry[] =>
  Array.from({ length: count }, () => pay(ledger, carol, bob, amount)).flat();

interface Closed {
  readonly place: Street;
  /** Alice's log up to the closing, and all of it. */
  readonly before: OpenRun;
  readonly log: OpenRun;
  /** Carol's chain as it was certified, what she had signed besides, and what she signs after the closing. */
  readonly certified: readonly VerifiedEntry[];
  readonly overtaken: readonly VerifiedEntry[];
  readonly after: readonly VerifiedEntry[];
}
/** Carol's account was closed while some of her payments had reached nobody who votes. */
function closed(plan: { certified: number; overtaken: number; after: number }): Closed {
  const { founding, ledger } = found(alice, { policy });
  const log = [bob, carol, dan].map((one) => admit(ledger, alice, alice, one));
  const certified = payments(ledger, plan.certified, 3);
  log.push(...keepBook(ledger, alice));
  const hers = openLedger(founding);
  deliver(hers, [...log, ...certified]);
  const overtaken = payments(hers, plan.overtaken, 7);
  const before = [...log];

  const record = ledger.log.devices.get(carol.device);
  if (record === undefined) throw new Error('she is in');
  const reports = [reportFor(ledger, record, 0)];
  const stop = draftNext(ledger, alice.device, LANE.witness, {
    kind: KIND.stop,
    reports,
    parts: 0,
    next: null,
  });
  log.push(add(ledger, stop).entry);
  const closing = findClosing(ledger, carol.device);
  const unlock = closing && draftProposal(ledger, alice.device, { type: 'unlock', closing });
  if (unlock?.ok !== true) throw new Error('it can be closed');
  log.push(add(ledger, unlock.value).entry);
  const after = payments(ledger, plan.after, 11);
  return {
    place: street(alice, founding),
    before: signedBy(alice, before),
    log: signedBy(alice, log),
    certified,
    overtaken,
    after,
  };
}
const signed = (...entries: readonly VerifiedEntry[]): OpenRun => signedBy(carol, entries);
/** Every head of a phone, so that two can be compared. */
const stands = ({ replica: { shelf } }: Phone): readonly string[] =>
  shelf
    .heads()
    .map(({ feed, seq, head, forked }) => `${feed.ordinal}/${feed.lane} ${seq} ${head} ${forked}`)
    .sort();
const overtakenWith = ({ replica: { ledger } }: Phone): number =>
  [...ledger.entries.values()].filter((stored) => isOvertaken(ledger.log, stored)).length;

async function agree({ place }: Closed, ...phones: readonly Phone[]): Promise<void> {
  await place.later(40);
  const sent = (): number => phones.reduce((sum, phone) => sum + phone.sent.length, 0);
  const before = sent();
  await place.later(60);
  expect(phones.flatMap((phone) => phone.faults)).toEqual([]);
  expect(sent()).toBe(before);
  for (const phone of phones) {
    expect(stands(phone)).toEqual(stands(phones[0] as Phone));
    expect(phone.forks()).toEqual([]);
  }
}
const PLANS = [
  { certified: 8, overtaken: 2, after: 0 },
  { certified: 8, overtaken: 2, after: 1 },
  { certified: 8, overtaken: 2, after: 2 },
  { certified: 8, overtaken: 3, after: 150 },
  { certified: 0, overtaken: 2, after: 0 },
  { certified: 0, overtaken: 2, after: 5 },
  { certified: 63, overtaken: 70, after: 0 },
  { certified: 100, overtaken: 70, after: 80 },
];
describe.each(PLANS)('$certified certified, $overtaken overtaken, $after after it', (plan) => {
  test('[C2] Bob, who was away, holds what the closing overtook, and goes on with the others', async () => {
    const story = closed(plan);
    const alices = await story.place.open(alice);
    await alices.takes(story.log, signed(...story.certified, ...story.after));
    const bobs = await story.place.open(bob);
    await bobs.takes(story.before, signed(...story.certified, ...story.overtaken));
    story.place.meet(bobs, alices);
    await story.place.quiet();
    expect(overtakenWith(bobs)).toBe(plan.overtaken);
    await agree(story, alices, bobs);
  });

  test('[C2] [F2] Alice held it as well: Dan, who has nothing, still gets a chain that somebody vouches for', async () => {
    const story = closed(plan);
    const alices = await story.place.open(alice);
    await alices.takes(story.before, signed(...story.certified, ...story.overtaken), story.log);
    if (plan.after > 0) await alices.takes(signed(...story.certified, ...story.after));
    const dans = await story.place.open(dan);
    story.place.meet(dans, alices);
    await story.place.quiet();
    await agree(story, alices, dans);
    expect(dans.replica.ledger.feeds.get(carol.device)?.[LANE.account].main.length).toBe(
      plan.certified + plan.after,
    );
  });

  test('[C2] a phone that has started again holds and offers the same', async () => {
    const story = closed(plan);
    const bobs = await story.place.open(bob);
    await bobs.takes(story.before, signed(...story.certified, ...story.overtaken), story.log);
    if (plan.after > 0) await bobs.takes(signed(...story.certified, ...story.after));
    const before = stands(bobs);
    await bobs.replica.close();
    const again = await story.place.open(bob, bobs.disk);
    expect(stands(again)).toEqual(before);
    expect(overtakenWith(again)).toBe(plan.overtaken);
  });
});

test('[C2] what Carol signs again after the closing is pushed at once, also to who holds what it replaces', async () => {
  const story = closed({ certified: 5, overtaken: 2, after: 1 });
  const { place, before, log, certified, overtaken, after } = story;
  const phones = [await place.open(alice), await place.open(bob)];
  const [alices, bobs] = phones as [Phone, Phone];
  await alices.takes(before, signed(...certified));
  place.meet(alices, bobs);
  await place.quiet();
  await alices.takes(signed(...certified, ...overtaken));
  await place.quiet();
  expect(bobs.replica.ledger.entries.has(overtaken[1]?.id as never)).toBe(true);
  await alices.takes(log);
  await alices.takes(signed(...certified, ...after));
  await place.quiet();
  expect(bobs.replica.ledger.entries.has(after[0]?.id as never)).toBe(true);
  await agree(story, alices, bobs);
});
