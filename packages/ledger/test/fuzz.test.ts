import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  codeKindOf,
  createDecoder,
  decodeEntry,
  decodeHandOver,
  decodeInvite,
  decodeInvoice,
  decodeTextRecord,
  decodeWith,
  draftBytes,
  encodeHandOver,
  encodeInvite,
  encodeInvoice,
  encodeTextRecord,
  equalBytes,
  exportLines,
  invoiceId,
  invoiceStatement,
  parseLog,
  prefixOf,
  signWithSeed,
  toBase64url,
  ZERO_ID,
  type HandOverResolver,
  type Invite,
  type Invoice,
  type Result,
} from '@corridor/ledger';
import { admit, found, handBook, keepBook, pay, person } from '@corridor/testing';
import { campaign, campaignPlan, timeoutOf, told } from '../../testing/src/fuzz/campaign.ts';
import { mutateText } from '../../testing/src/fuzz/hostileText.ts';
import { cborCorpus, mutateCbor } from '../../testing/src/fuzz/mutateCbor.ts';
import { decoder, type Subject } from '../../testing/src/fuzz/subject.ts';
import type { Rng } from '../../testing/src/sim/rng.ts';
import { draftIn, foundingIn } from './arbitraries.ts';

const FILE = 'packages/ledger/test/fuzz.test.ts';
const PLAN = campaignPlan(process.env);
const [alice, bob, carol] = [person('Alice'), person('Bob'), person('Carol')];

/** Alice's circle with some trade in it, and then Carol keeps the book. */
const { ledger } = found(alice);
admit(ledger, alice, alice, bob);
admit(ledger, alice, bob, carol);
const invoice: Invoice = {
  circle: ledger.circle,
  payee: bob.device,
  amount: 480,
  need: { category: 1, quantity: 4_800_000 },
  text: { salt: 'ab'.repeat(16), text: 'Two loaves — dos panes de centeno' },
  nonce: '0102030405060708',
  expiresAt: 1_800_000_000,
};
const asked = invoiceId(invoice, sha256);
const paid = [
  ...pay(ledger, carol, alice, 7000),
  ...pay(ledger, alice, bob, 480, { invoice: asked }),
  ...keepBook(ledger, alice),
  ...pay(ledger, bob, carol, 20),
];
handBook(ledger, alice, carol);
keepBook(ledger, carol);
const resolver: HandOverResolver = {
  circleOf: (prefix) => (prefixOf(ledger.circle) === prefix ? ledger.circle : undefined),
  deviceOf: (_, ordinal) => ledger.log.ordinals[ordinal],
  invoiceOf: (_, prefix) => (prefixOf(asked) === prefix ? asked : undefined),
};

/** Every kind that the encoding knows, lawful or not, and the founding entry of this circle. */
const drafts = fc.sample(draftIn(ledger.circle), { seed: 1, numRuns: 300 });
const foundings = fc.sample(foundingIn(ZERO_ID), { seed: 2, numRuns: 40 });
const entries = cborCorpus([
  ...[...ledger.entries.values()].map(({ entry }) => entry.bytes),
  ...[...drafts, ...foundings].map((draft) => draftBytes(draft)).filter(({ length }) => length <= 4096),
]);

/** What is decoded says itself again in the same bytes, or it had two forms [E1]. */
const decodeOne = (bytes: Uint8Array): string => {
  const decoded = decodeEntry(bytes, ledger.circle, sha256);
  if (!decoded.ok) return decoded.fault.code;
  if (!equalBytes(draftBytes(decoded.value), bytes)) throw new Error('[E1] written again it differs');
  return 'decoded';
};
const shared = createDecoder(ledger.circle, sha256, 8);
/** A table of names that all share must not change the answer. */
const decodeMany = (bytes: Uint8Array): string => {
  const decoded = decodeWith(shared, bytes);
  const alone = decodeEntry(bytes, ledger.circle, sha256);
  if (decoded.ok !== alone.ok) throw new Error('the name table changes the answer');
  if (!decoded.ok) {
    if (JSON.stringify(decoded) !== JSON.stringify(alone))
      throw new Error('the name table changes the fault');
    return decoded.fault.code;
  }
  if (!equalBytes(draftBytes(decoded.value), bytes)) throw new Error('the name table changes a name');
  return 'decoded';
};

const requests = cborCorpus(
  [invoice, { ...invoice, text: null, need: null, amount: 0 }, { ...invoice, amount: 2 ** 40 - 1 }].map(
    (one) => encodeInvoice(one, signWithSeed(bob.seed, invoiceStatement(invoiceId(one, sha256))), 1),
  ),
);
const handed = cborCorpus(
  paid.flatMap((entry) => {
    const code = encodeHandOver(entry, signWithSeed(bob.seed, entry.bytes), ledger);
    return code.ok ? [code.value] : [];
  }),
);
const invite: Invite = {
  circle: ledger.circle,
  decision: ledger.log.head,
  seed: '42'.repeat(32),
  inviter: alice.device,
  inviterSignature: signWithSeed(alice.seed, Uint8Array.of(1)),
  as: 'member',
  expiresAt: 1_800_000_000,
  circleName: 'Valldor',
  unitName: 'dor',
  decimals: 2,
  firstGrant: { lowestBalance: -15_000, highestBalance: 15_000 },
  inviterName: 'Àlex',
  memberCount: 17,
  relays: [
    '/dns4/relay.valldor.example/tcp/443/tls/ws/p2p/12D3KooWJvyP3VJYymTqG7e6mJ9iNBB6MxWcpBfyGwFv4YiuRDd5',
  ],
};
const invites = cborCorpus([
  encodeInvite(invite),
  encodeInvite({ ...invite, as: 'device', relays: [], inviterName: '', memberCount: 999_999 }),
]);
const texts = cborCorpus(
  ['', 'bread', 'dos panes — é, 🏳️‍🌈', 'x'.repeat(1024)].map((text) =>
    encodeTextRecord({ salt: '07'.repeat(16), text }),
  ),
);
const lines = [
  ...exportLines(ledger, ({ length }) =>
    length % 2 === 0 ? signWithSeed(bob.seed, Uint8Array.of(2)) : undefined,
  ),
];
const logs = [lines.join(''), lines.slice(0, 3).join('')];
/** Lines changed in what they say, or put elsewhere; or the file as text. */
function mutateLog(rng: Rng): string {
  if (rng.chance(0.3)) return mutateText(rng, logs[rng.chance(0.1) ? 0 : 1] ?? '', logs);
  const chosen = lines.slice(0, rng.chance(0.9) ? 1 + rng.below(4) : lines.length);
  const at = rng.below(chosen.length);
  const bytes = mutateCbor(rng, entries);
  const tail = rng.pick(['', '.', `.${toBase64url(rng.bytes(rng.pick([0, 63, 64, 65])))}`, '.!', '.AA.AA']);
  const line = `${toBase64url(bytes)}${tail}\n`;
  return rng
    .pick([
      chosen.with(at, line),
      chosen.toSpliced(at, 1),
      chosen.toSpliced(at, 0, chosen[at] ?? line),
      chosen.toReversed(),
      [...chosen, line],
      [line],
    ])
    .join('');
}

const wordOf = (read: Result<unknown, { readonly code: string }>): string =>
  read.ok ? 'decoded' : read.fault.code;
/** What a text record says it says in one way [E1]. */
const decodeText = (bytes: Uint8Array): string => {
  const read = decodeTextRecord(bytes);
  if (read.ok && !equalBytes(encodeTextRecord(read.value), bytes))
    throw new Error('[E1] written again it differs');
  return wordOf(read);
};
const readInvite = (bytes: Uint8Array): string => {
  const read = decodeInvite(bytes);
  if (read.ok && !equalBytes(encodeInvite(read.value), bytes))
    throw new Error('[E1] written again it differs');
  return `${codeKindOf(bytes) ?? 'none'} ${wordOf(read)}`;
};
/** A payment that was handed over goes on to the first gate. */
const readHandOver = (bytes: Uint8Array): string => {
  const read = decodeHandOver(bytes, resolver);
  return read.ok ? `entry ${wordOf(decodeEntry(read.value.bytes, ledger.circle, sha256))}` : wordOf(read);
};
const readLog = (text: string): string => {
  const read = parseLog(text, sha256);
  return read.ok ? 'decoded' : read.fault.fault.code;
};

const ENCODING = [
  ...[
    'oversize',
    'truncated',
    'trailing-bytes',
    'not-shortest',
    'wrong-type',
    'wrong-length',
    'out-of-range',
  ],
] as const;
const TEXT = ['not-utf8', 'not-nfc'] as const;
const ENTRY = [
  ...ENCODING,
  ...TEXT,
  'unknown-kind',
  'kind-not-of-lane',
  'newer-version',
  'wrong-circle',
] as const;
/** Each with the words that a campaign must have heard, or it did not get as deep as it should. */
const SUBJECTS: readonly (readonly [Subject, readonly string[]])[] = [
  [decoder('decodeEntry', (rng) => mutateCbor(rng, entries), decodeOne), ['decoded', ...ENTRY]],
  [decoder('decodeWith', (rng) => mutateCbor(rng, entries), decodeMany), ['decoded', ...ENTRY]],
  [
    decoder(
      'decodeInvoice',
      (rng) => mutateCbor(rng, requests),
      (bytes) => wordOf(decodeInvoice(bytes, resolver, sha256)),
    ),
    ['decoded', ...ENCODING, ...TEXT, 'newer-version', 'other-circle', 'unknown-device'],
  ],
  [
    decoder('decodeHandOver', (rng) => mutateCbor(rng, handed), readHandOver),
    ['entry decoded', ...ENCODING, 'newer-version', 'other-circle', 'unknown-device', 'unknown-invoice'],
  ],
  [
    decoder('decodeInvite', (rng) => mutateCbor(rng, invites), readInvite),
    ['invite decoded', ...[...ENCODING, ...TEXT, 'newer-version'].map((code) => `invite ${code}`)],
  ],
  [
    decoder('decodeTextRecord', (rng) => mutateCbor(rng, texts), decodeText),
    ['decoded', ...ENCODING.filter((code) => code !== 'out-of-range'), ...TEXT],
  ],
  [
    decoder('parseLog', mutateLog, readLog),
    [
      ...['decoded', ...ENCODING, 'empty', 'no-final-newline', 'line-too-long', 'not-base64url'],
      ...['bad-signature-length', 'wrong-circle'],
    ],
  ],
];

test.each(SUBJECTS.map(([subject, words]) => ({ name: subject.name, subject, words })))(
  '[I16] [I18] $name answers every mutation, in time, and never throws',
  { timeout: timeoutOf(PLAN) },
  async ({ subject, words }) => {
    const found = await campaign(subject, PLAN);
    expect(found.findings, told(found, subject, FILE)).toEqual([]);
    if (PLAN.only === undefined) expect(words.filter((word) => !found.words.has(word))).toEqual([]);
  },
);
