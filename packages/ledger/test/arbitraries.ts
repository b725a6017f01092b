/** Entries of every kind, as fast-check makes them: all that the encoding can say, lawful or not. */
import fc from 'fast-check';
import {
  KIND,
  LANE,
  toHex,
  type Account,
  type Act,
  type Body,
  type CirclePolicy,
  type Closing,
  type Decision,
  type EntryDraft,
  type Grant,
  type Id,
  type JoinRequest,
  type Lane,
  type Policy,
} from '@corridor/ledger';

export const hexOf = <T extends string>(length: number): fc.Arbitrary<T> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes) as T);
const name = hexOf<never>(32);
const signature = hexOf<never>(64);
/** Integers of every width of the encoding, borders included. */
const upTo = (end: number, least = 0): fc.Arbitrary<number> => {
  const borders = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40 - 1];
  const within = borders.filter((n) => n >= least && n < end);
  return fc.oneof(
    fc.constantFrom(...within),
    fc.maxSafeNat().map((n) => least + (n % (end - least))),
  );
};
const count = upTo(2 ** 32);
const amount = upTo(2 ** 40);
const time = upTo(2 ** 40);
export const signedAmount = fc.tuple(amount, fc.boolean()).map(([n, negative]) => (negative ? 0 - n : n) + 0);

const account: fc.Arbitrary<Account> = fc.oneof(
  name.map((device): Account => ({ type: 'device', device })),
  count.map((commons): Account => ({ type: 'commons', commons })),
  name.map((token): Account => ({ type: 'token', token })),
);
const claims = fc.array(fc.record({ debit: name, amount: upTo(2 ** 40, 1) }), { maxLength: 32 });
const accountPart = { claims, limitRef: count, logHeight: count, balanceAfter: signedAmount };
const grant: fc.Arbitrary<Grant> = fc.record({
  lowestBalance: amount.map((n) => 0 - n + 0),
  highestBalance: amount,
});
const policy: fc.Arbitrary<Policy> = fc.record({
  admission: fc.constantFrom('inviter', 'stewards'),
  firstGrant: grant,
  smallAmount: amount,
  offlineAmount: amount,
  maxEntries: upTo(2 ** 32, 1),
  maxBytes: upTo(2 ** 32, 1),
});
const request: fc.Arbitrary<JoinRequest> = fc.record({
  device: name,
  sealing: name,
  name,
  as: fc.constantFrom('member', 'device', 'recover', 'vouch'),
  invite: name,
  inviter: name,
  decision: name,
  expiresAt: time,
  nonce: hexOf<string>(16),
  inviterSignature: signature,
  inviteProof: signature,
  deviceProof: signature,
});
const share = fc
  .tuple(upTo(11), fc.nat(100), fc.integer({ min: 1, max: 100 }))
  .map(([least, parts, of]) => ({ least, parts: Math.min(parts, of), of }));
export const circlePolicy: fc.Arbitrary<CirclePolicy> = fc
  .record({
    policy,
    consents: fc.record({
      admit: share,
      limits: share,
      expel: share,
      stewards: share,
      policy: share,
      payout: share,
    }),
    belowLowest: fc.constantFrom('refuse' as const, 'warn' as const),
    newcomersShare: fc.nat(1000),
    levyPermille: fc.nat(100),
    demurragePermille: fc.nat(100),
    bookDays: fc.nat(366),
  })
  .map(({ policy: first, ...rules }) => ({ ...first, ...rules }));
const proposed = { salt: hexOf<string>(8), reason: fc.option(name, { nil: null }) };
const stops = fc.array(name, { maxLength: 10 });
const closing: fc.Arbitrary<Closing> = fc.record({ device: name, incarnation: count, stops });
const closings = fc.array(closing, { maxLength: 4 });
const keyId = hexOf<string>(8);
const key = fc.option(keyId, { nil: null });
const acts: { readonly [T in Act['type']]: fc.Arbitrary<Extract<Act, { type: T }>> } = {
  admit: fc.record({ type: fc.constant('admit'), request, grant }),
  keeper: fc.record({ type: fc.constant('keeper'), device: name, witness: name, consent: signature }),
  limits: fc.record({
    type: fc.constant('limits'),
    ...proposed,
    device: name,
    grant,
    closing: fc.option(closing, { nil: null }),
  }),
  standing: fc.record({
    type: fc.constant('standing'),
    ...proposed,
    member: name,
    standing: fc.constantFrom('active', 'suspended', 'expelled'),
    closings,
    key,
  }),
  replace: fc.record({
    type: fc.constant('replace'),
    ...proposed,
    request: fc.option(request, { nil: null }),
    heir: name,
    closings,
    key,
  }),
  stewards: fc.record({
    type: fc.constant('stewards'),
    ...proposed,
    stewards: fc.array(fc.record({ device: name, witness: name, consent: signature }), { maxLength: 10 }),
  }),
  policy: fc.record({ type: fc.constant('policy'), ...proposed, policy: circlePolicy }),
  payout: fc.record({
    type: fc.constant('payout'),
    ...proposed,
    commons: fc.nat(1),
    to: name,
    amount: upTo(2 ** 40, 1),
  }),
  helpers: fc.record({
    type: fc.constant('helpers'),
    ...proposed,
    device: name,
    helpers: fc.array(name, { maxLength: 7 }),
    need: fc.nat(7),
  }),
  unlock: fc.record({ type: fc.constant('unlock'), closing }),
  'close-book': fc.record({ type: fc.constant('close-book'), stops, opening: name, key: keyId }),
};
const act: fc.Arbitrary<Act> = fc.oneof(...Object.values(acts));
/** An act with a closing and its approvals fill an entry almost: fewer approvals keep it within [E2]. */
const decision: fc.Arbitrary<Decision> = fc.record({
  height: upTo(2 ** 32, 1),
  prev: name,
  act,
  approvals: fc.array(fc.record({ device: name, signature }), { maxLength: 7 }),
});
const text = fc
  .string({ unit: 'binary', maxLength: 24 })
  .map((typed) => typed.toWellFormed().normalize('NFC'));
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const votes = fc.array(fc.record({ device: name, incarnation: count, seq: count, id: name }), {
  maxLength: 20,
});
const certificate = fc.array(fc.record({ witness: upTo(10), seq: count }), { maxLength: 10 });
const receipts = fc.array(fc.record({ id: name, votes: certificate }), { maxLength: 10 });

const bodies: Readonly<Record<keyof typeof KIND, fc.Arbitrary<Body>>> = {
  pay: fc.record({
    kind: fc.constant(KIND.pay),
    ...accountPart,
    amount,
    to: account,
    need: orNull(fc.record({ category: upTo(256), quantity: amount })),
    invoice: orNull(name),
    memo: orNull(name),
    attachment: orNull(fc.record({ hash: name, length: upTo(2 ** 20 + 1), erasable: fc.boolean() })),
    at: time,
  }),
  claim: fc.record({ kind: fc.constant(KIND.claim), ...accountPart }),
  have: fc.record({ kind: fc.constant(KIND.have), ids: fc.array(name, { maxLength: 32 }) }),
  joinRequest: fc.record({ kind: fc.constant(KIND.joinRequest), request }),
  offerKeeping: fc.record({
    kind: fc.constant(KIND.offerKeeping),
    witness: name,
    consent: orNull(signature),
  }),
  motion: fc.record({ kind: fc.constant(KIND.motion), act, at: time }),
  approve: fc.record({
    kind: fc.constant(KIND.approve),
    motion: name,
    signature: orNull(signature),
    at: time,
  }),
  comment: fc.record({ kind: fc.constant(KIND.comment), motion: name, text: name, at: time }),
  bookKeys: fc.record({
    kind: fc.constant(KIND.bookKeys),
    epoch: count,
    key: keyId,
    sealed: fc.array(fc.record({ ordinal: count, sealed: hexOf<string>(80) }), { maxLength: 36 }),
  }),
  sharedText: fc.record({
    kind: fc.constant(KIND.sharedText),
    text: fc.nat(1023),
    update: fc.uint8Array({ minLength: 1, maxLength: 3072 }).map((bytes) => toHex(bytes)),
    at: time,
  }),
  foundAnew: fc.record({
    kind: fc.constant(KIND.foundAnew),
    founding: fc.uint8Array({ minLength: 1, maxLength: 1024 }).map((bytes) => toHex(bytes)),
    signature,
    key: keyId,
    cut: fc.array(fc.record({ ordinal: count, seq: count, id: name }), { maxLength: 32 }),
  }),
  goAlong: fc.record({ kind: fc.constant(KIND.goAlong), circle: name, opening: name, at: time }),
  askRoom: fc.record({ kind: fc.constant(KIND.askRoom), of: name, amount: upTo(2 ** 40, 1), at: time }),
  stop: fc.record({
    kind: fc.constant(KIND.stop),
    reports: fc.array(
      fc.record({
        ordinal: count,
        incarnation: count,
        head: orNull(fc.record({ seq: upTo(2 ** 32 - 1), id: name })),
        vote: orNull(name),
      }),
      { maxLength: 48 },
    ),
    parts: fc.integer({ min: -4096, max: 4096 }),
    next: fc.constant(null),
  }),
  opening: fc
    .record({
      kind: fc.constant(KIND.opening),
      part: fc.nat(2 ** 15 - 1),
      parts: fc.integer({ min: 1, max: 2 ** 15 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 3584 }).map((bytes) => toHex(bytes)),
    })
    .map((body) => ({ ...body, part: body.part % body.parts })),
  votes: fc.record({ kind: fc.constant(KIND.votes), votes, receipts }),
  propose: fc.record({ kind: fc.constant(KIND.propose), round: count, decision }),
  prevote: fc.record({
    kind: fc.constant(KIND.prevote),
    height: upTo(2 ** 32, 1),
    round: count,
    decision: orNull(name),
  }),
  precommit: fc.record({
    kind: fc.constant(KIND.precommit),
    height: upTo(2 ** 32, 1),
    round: count,
    decision: orNull(name),
  }),
  found: fc.record({
    kind: fc.constant(KIND.found),
    salt: hexOf<string>(16),
    name: text,
    unit: text,
    decimals: upTo(5),
    sealing: name,
    witness: name,
    memberName: name,
    policy,
    grant,
    at: time,
  }),
};
const laneOf = (body: Body): Lane => {
  if (body.kind < 32) return LANE.account;
  if (body.kind < 64) return LANE.voice;
  return body.kind < 96 ? LANE.witness : LANE.founding;
};
/** A draft of any kind but the founding's, in that circle. */
export const draftIn = (circle: Id): fc.Arbitrary<EntryDraft> => {
  const { found: _, ...others } = bodies;
  return fc
    .record({
      body: fc.oneof(...Object.values(others)),
      book: count,
      incarnation: count,
      epoch: count,
      device: name,
      seq: count,
      prev: name,
    })
    .map(({ body, incarnation, ...rest }): EntryDraft => {
      const lane = laneOf(body);
      return { circle, ...rest, lane, incarnation: lane === LANE.account ? incarnation : 0, body };
    });
};
/** A founding draft: its own id is the circle's. */
export const foundingIn = (zero: Id): fc.Arbitrary<EntryDraft> =>
  fc.tuple(bodies.found, name).map(([body, device]): EntryDraft => ({
    circle: zero,
    book: 0,
    incarnation: 0,
    epoch: 0,
    device,
    lane: LANE.founding,
    seq: 0,
    prev: zero,
    body,
  }));
