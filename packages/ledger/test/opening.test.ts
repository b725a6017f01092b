import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  balanceOf,
  checkOpening,
  closingDecision,
  COMMONS_END,
  decisionId,
  decodeOpening,
  encodeOpening,
  findViolations,
  fromHex,
  hashOfOpening,
  MAX_OPENING_BYTES,
  openBook,
  openingHash,
  stateRoot,
  sumOf,
  toHex,
  type BookOpening,
  type FoundBody,
  type Id,
  type Ledger,
  type OpeningDevice,
  type VerifiedEntry,
} from '@corridor/ledger';
import { admit, closeTheBook, deliver, found, keepBook, nextBook, pay } from '@corridor/testing';
import { circlePolicy, hexOf, signedAmount } from './arbitraries.ts';
import { alice, anId, bob, carol } from './stories.ts';
import { RUNS } from './runs.ts';

function closed(): Ledger {
  const { ledger } = found(alice);
  for (const newcomer of [bob, carol]) admit(ledger, alice, alice, newcomer);
  pay(ledger, bob, alice, 480);
  pay(ledger, carol, alice, 20);
  keepBook(ledger, alice);
  closeTheBook(ledger, [alice]);
  return ledger;
}
const openingIn = (ledger: Ledger): BookOpening => ledger.opening ?? expect.unreachable();
const foundingOf = (ledger: Ledger) => ledger.founding.entry as VerifiedEntry<FoundBody>;
const options = { sha256, isOrdinaryKey: () => true };

const name = hexOf<never>(32);
const device: fc.Arbitrary<OpeningDevice> = fc.record({
  device: name,
  member: name,
  sealing: name,
  name,
  grant: fc.record({
    lowestBalance: fc.nat(10_000).map((n) => 0 - n + 0),
    highestBalance: fc.nat(2 ** 31),
  }),
  inviter: fc.option(name, { nil: null }),
  heir: fc.option(name, { nil: null }),
  confirmed: fc.boolean(),
  sealed: fc.boolean(),
  isVoid: fc.boolean(),
  opening: signedAmount,
  credits: fc.array(fc.record({ debit: name, amount: fc.integer({ min: 1, max: 2 ** 31 }) }), {
    maxLength: 5,
  }),
});
const count = fc.integer({ min: 1, max: 2 ** 31 });
const names = fc.array(name, { maxLength: 5 });
const openings: fc.Arbitrary<BookOpening> = fc.record({
  circle: name,
  book: count,
  height: count,
  before: name,
  policy: circlePolicy,
  epoch: count,
  key: hexOf<string>(8),
  witnesses: fc.array(fc.record({ device: name, key: name }), { maxLength: 10 }),
  devices: fc.array(
    fc.oneof(
      device,
      device.map((d) => ({ ...d, member: d.device as never })),
    ),
    { maxLength: 8 },
  ),
  commons: fc.array(fc.tuple(fc.nat(COMMONS_END - 1), signedAmount), { maxLength: COMMONS_END }),
  standings: fc.array(fc.tuple(name, fc.constantFrom('suspended' as const, 'expelled' as const)), {
    maxLength: 5,
  }),
  helpers: fc.array(
    fc.tuple(name, fc.record({ members: fc.array(name, { maxLength: 7 }), need: fc.nat(7) })),
    { maxLength: 5 },
  ),
  decisions: names,
  usedInvites: names,
  recoveries: names,
});

test('[B1] [E1] an opening reads back as it was written, and in one form only', () => {
  fc.assert(
    fc.property(openings, (opening) => {
      const bytes = encodeOpening(opening);
      expect(decodeOpening(bytes)).toEqual({ ok: true, value: opening });
    }),
    { numRuns: RUNS },
  );
});
test('[E1] [B1] a device that names its member is written in one way: its own key is left out', () => {
  const opening = openingIn(closed());
  const [first, second, third] = opening.devices as [OpeningDevice, OpeningDevice, OpeningDevice];
  const bytes = encodeOpening({
    ...opening,
    devices: [first, { ...second, member: anId('e') as never }, third],
  });
  const text = toHex(bytes).replace('e'.repeat(64), second.device);
  const spelledOut = fromHex(text) ?? expect.unreachable();
  expect(spelledOut).not.toEqual(bytes);
  expect(decodeOpening(spelledOut)).toMatchObject({ fault: { code: 'not-shortest', field: 'member' } });
});
test('[I16] [B2] whatever bytes come as an opening: a value or a fault that names the place, and one form of a value', () => {
  const good = encodeOpening(openingIn(closed()));
  const damaged = fc
    .tuple(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), fc.boolean())
    .map(([at, byte, cut, isCut]) => {
      const bytes = good.slice(0, isCut ? cut : good.length);
      if (at < bytes.length) bytes[at] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 400 })), (bytes) => {
      const decoded = decodeOpening(bytes);
      if (decoded.ok) expect(encodeOpening(decoded.value)).toEqual(bytes);
      else expect(decoded.fault.field.length).toBeGreaterThan(0);
    }),
    { numRuns: RUNS },
  );
});
test('[I16] [I18] bytes that promise more than there is are refused at once', () => {
  const opening = openingIn(closed());
  const [none, one] = [[], opening.devices.slice(0, 1)].map((devices) =>
    encodeOpening({ ...opening, devices }),
  );
  const at = none?.findIndex((byte, i) => byte !== one?.[i]) ?? 0;
  const started = performance.now();
  // Lists of 32,768 devices and of four thousand million, of which one comes or none.
  for (const head of [
    [0x99, 0x80, 0x00],
    [0x9a, 0xff, 0xff, 0xff, 0xff],
  ])
    for (const rest of [none, one]) {
      const bytes = Uint8Array.from([...(rest ?? []).slice(0, at), ...head, ...(rest ?? []).slice(at + 1)]);
      expect(decodeOpening(bytes)).toMatchObject({ ok: false, fault: { at: expect.any(Number) as number } });
    }
  expect(decodeOpening(new Uint8Array(MAX_OPENING_BYTES + 1))).toMatchObject({ fault: { code: 'oversize' } });
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('[B2] a newcomer starts from the opening alone: sees what everybody sees, and pays', () => {
  const ledger = closed();
  const second = nextBook(ledger);
  const bytes = encodeOpening(openingIn(ledger));
  const { opening: expected, id: closing } = ledger.log.closed ?? expect.unreachable();
  const checked = checkOpening(bytes, expected, foundingOf(ledger), sha256);
  if (!checked.ok) return expect.unreachable();
  const fresh = openBook(foundingOf(ledger), checked.value, closing, options);
  expect(stateRoot(fresh)).toBe(stateRoot(second));
  for (const { device: who } of [alice, bob, carol])
    expect(balanceOf(fresh, who)).toEqual(balanceOf(second, who));
  // What Bob pays on the newcomer's replica is final on everybody's.
  const entries = [...pay(fresh, bob, carol, 7), ...pay(fresh, alice, bob, 490), ...keepBook(fresh, alice)];
  deliver(second, [...entries].reverse());
  expect(stateRoot(second)).toBe(stateRoot(fresh));
  expect(balanceOf(second, carol.device).shown).toBe(-13);
  expect(findViolations(fresh)).toEqual([]);
});
test('[B2] opening and series together tell the id of the decision that closed: the log of the new book hangs on it', () => {
  const ledger = closed();
  const opening = openingIn(ledger);
  const { act } = ledger.log.decided.at(-1) ?? expect.unreachable();
  const stops = act?.type === 'close-book' ? act.stops : [];
  const id = decisionId(ledger.circle, closingDecision(opening, stops, sha256), sha256);
  expect(id).toBe(ledger.log.closed?.id);
  expect(nextBook(ledger).log.head).toBe(id);
  expect(
    decisionId(ledger.circle, closingDecision({ ...opening, key: 'cd'.repeat(8) }, stops, sha256), sha256),
  ).not.toBe(id);
});
test('[B2] bytes that are not the opening that was decided are refused by name, and begin no book', () => {
  const ledger = closed();
  const opening = openingIn(ledger);
  const founding = foundingOf(ledger);
  const expected = ledger.log.closed?.opening ?? anId('0');
  const bytes = encodeOpening(opening);
  const flipped = Uint8Array.from(bytes, (byte, at) => (at === 99 ? byte ^ 1 : byte));
  expect(checkOpening(flipped, expected, founding, sha256)).toMatchObject({ fault: { code: 'wrong-hash' } });
  expect(checkOpening(bytes.slice(1), expected, founding, sha256)).toMatchObject({
    fault: { code: 'wrong-hash' },
  });
  // What a dishonest quorum of another log may have decided still has to make sense.
  const [first, second, third] = opening.devices as [OpeningDevice, OpeningDevice, OpeningDevice];
  const forged: readonly (readonly [Partial<BookOpening>, object])[] = [
    [{ devices: [second, first, third] }, { rule: 'B2', code: 'no-founder' }],
    [{ devices: [first, second, second] }, { rule: 'B2', code: 'named-twice' }],
    [{ devices: [first, second, { ...third, credits: first.credits }] }, { rule: 'B2', code: 'named-twice' }],
    [{ witnesses: [] }, { rule: 'B2', code: 'no-witness' }],
    [
      { witnesses: [{ device: anId('3') as never, key: anId('3') as never }] },
      { rule: 'B2', code: 'no-witness' },
    ],
    [
      { devices: [first, second, { ...third, opening: third.opening + 1 }] },
      { rule: 'I4', code: 'not-balanced', sum: 1 },
    ],
    [{ circle: anId('c') }, { rule: 'B2', code: 'another-circle' }],
  ];
  for (const [change, fault] of forged) {
    const wrong = encodeOpening({ ...opening, ...change });
    expect(checkOpening(wrong, hashOfOpening(founding.id, wrong, sha256), founding, sha256)).toEqual({
      ok: false,
      fault,
    });
  }
  const rubbish = Uint8Array.of(1, 2, 3);
  expect(checkOpening(rubbish, hashOfOpening(founding.id, rubbish, sha256), founding, sha256)).toMatchObject({
    fault: { code: 'not-an-opening', fault: { field: 'opening' } },
  });
  expect(() => openBook(founding, { ...opening, devices: [second] }, anId('1'), options)).toThrow(
    'nobody checked',
  );
});
test('[B4] who keeps no archive has the founding entry and the opening, and misses nothing of the old book', () => {
  const ledger = closed();
  const second = nextBook(ledger);
  expect([...second.entries.values()].map((s) => s.entry.id)).toEqual([second.circle]);
  pay(second, alice, bob, 500);
  keepBook(second, alice);
  closeTheBook(second, [alice]);
  // Nor does the book after that, nor anybody who opens it from its bytes.
  const third = nextBook(second);
  const bytes = encodeOpening(openingIn(second));
  const again = openBook(foundingOf(ledger), openingIn(second), third.log.head, options);
  expect(openingHash(openingIn(second), sha256)).toBe(hashOfOpening(ledger.circle as Id, bytes, sha256));
  expect(stateRoot(again)).toBe(stateRoot(third));
  expect(balanceOf(again, bob.device).shown).toBe(20);
});
test('[I4] an opening sums to zero, credits and commons included', () => {
  const opening = openingIn(closed());
  expect(opening.devices.flatMap(({ credits }) => credits)).toHaveLength(2);
  expect(sumOf(opening)).toBe(0);
});
