import {
  decodeHandOver,
  decodeInvite,
  decodeInvoice,
  decodeTextRecord,
  encodeInvite,
  encodeInvoice,
  encodeTextRecord,
  fromHex,
  MAX_INVITE_RELAYS,
  textRecordHash,
  type DeviceKey,
  type HandOverResolver,
  type Id,
  type Invite,
  type Invoice,
  type Signature,
} from '@corridor/ledger';
import { createNodeCipher } from '@corridor/peer/node';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { campaign, campaignPlan, timeoutOf, told } from '../../../testing/src/fuzz/campaign.ts';
import { mutateText } from '../../../testing/src/fuzz/hostileText.ts';
import { mutateBytes } from '../../../testing/src/fuzz/mutateBytes.ts';
import { createValueMutator, valueCorpus } from '../../../testing/src/fuzz/mutateValue.ts';
import { decoder, type Subject } from '../../../testing/src/fuzz/subject.ts';
import { codeText, linkText, readText } from '../../src/core/codes.ts';
import { openTexts, sealTexts } from '../../src/sealing.ts';
import { prepareBookKey } from '../../src/sealingKey.ts';
import { createFrameDecoder, encodeFrame } from '../../src/transport/framing.ts';
import { decodeGreeting, encodeGreeting } from '../../src/transport/greeting.ts';
import { relaysOfInvite } from '../../src/transport/inviteRelays.ts';
import { isToWindow, isToWorker, type ToWindow, type ToWorker } from '../../src/transport/portMessages.ts';
import { readRelayAddress } from '../../src/transport/relayAddress.ts';
import { readRelayList } from '../../src/transport/relayList.ts';
import { decodeRelayMemory } from '../../src/transport/relayMemory.ts';
import { readRelayText } from '../../src/transport/relayText.ts';
import { hostileAuthors } from './hostileAuthors.ts';
import { hostileSender } from './hostileSender.ts';

const FILE = 'packages/peer/test/core/fuzz.test.ts';
const PLAN = campaignPlan(process.env);

const hex = <Hex extends string>(byte: string, length = 32): Hex => byte.repeat(length) as Hex;
const PEER = '12D3KooWJvyP3VJYymTqG7e6mJ9iNBB6MxWcpBfyGwFv4YiuRDd5';
const RELAYS = [
  `/dns4/relay.valldor.example/tcp/443/tls/ws/p2p/${PEER}`,
  `/ip4/192.0.2.7/tcp/4700/ws/p2p/${PEER}`,
  `/ip6/fd00::2/tcp/4700/wss/p2p/${PEER}`,
  `/dns/relay.valldor.example/tcp/443/tls/ws/p2p/${PEER}/p2p-circuit/p2p/${PEER}`,
];

/** What a camera reads, or somebody pastes. */
const invoice: Invoice = {
  circle: hex<Id>('1a'),
  payee: hex<DeviceKey>('2b'),
  amount: 480,
  need: { category: 1, quantity: 4_800_000 },
  text: { salt: hex('ab', 16), text: 'Two loaves' },
  nonce: '0102030405060708',
  expiresAt: 1_800_000_000,
};
const invite: Invite = {
  circle: hex<Id>('1a'),
  decision: hex<Id>('3c'),
  seed: hex('42'),
  inviter: hex<DeviceKey>('2b'),
  inviterSignature: hex<Signature>('5d', 64),
  as: 'member',
  expiresAt: 1_800_000_000,
  circleName: 'Valldor',
  unitName: 'dor',
  decimals: 2,
  firstGrant: { lowestBalance: -15_000, highestBalance: 15_000 },
  inviterName: 'Àlex',
  memberCount: 17,
  relays: RELAYS.slice(0, MAX_INVITE_RELAYS),
};
const request = encodeInvoice(invoice, hex<Signature>('5d', 64), 1);
const resolver: HandOverResolver = {
  circleOf: () => hex<Id>('1a'),
  deviceOf: () => hex<DeviceKey>('2b'),
  invoiceOf: () => undefined,
};
const scanned = [
  codeText(request),
  codeText(encodeInvite(invite)),
  linkText('https://valldor.example', 'request', request),
  linkText('https://valldor.example/', 'join', encodeInvite(invite)),
  `Hi Ben, join us: ${linkText('https://valldor.example', 'join', encodeInvite(invite))} — see you`,
  '4006381333931',
];
function readScanned(text: string): string {
  const read = readText(text);
  if (read.type !== 'code') return read.type;
  switch (read.kind) {
    case 'invoice':
      return `invoice ${decodeInvoice(read.bytes, resolver, sha256).ok}`;
    case 'hand-over':
      return `hand-over ${decodeHandOver(read.bytes, resolver).ok}`;
    case 'invite': {
      const decoded = decodeInvite(read.bytes);
      if (decoded.ok) relaysOfInvite(decoded.value.relays);
      return `invite ${decoded.ok}`;
    }
  }
}

/** What a relay's host and an invite name. */
function readRelay(text: string): string {
  const named = readRelayText(text);
  const dialled = readRelayAddress(text);
  return `${named === undefined ? 'no text' : 'text'}, ${dialled.ok ? 'address' : 'no address'}`;
}
const lists = valueCorpus<unknown>([
  { peerId: PEER, path: '/', stunPort: 3478, otherRelays: RELAYS },
  { peerId: PEER },
  { otherRelays: RELAYS.slice(1) },
]);
function readList(json: unknown): string {
  const text =
    JSON.stringify(json, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)) ?? '';
  decodeRelayMemory(text);
  const list = readRelayList(text === '' ? undefined : JSON.parse(text), 'https://[fd00::2]:4700/relay.json');
  if (!list.ok) return list.fault.reason;
  return list.value.every((address) => readRelayAddress(address).ok) ? 'relays' : 'some that are none';
}

/** What the window tells the worker, and the worker the window. */
const ported: readonly (ToWindow | ToWorker)[] = [
  { type: 'listen' },
  { type: 'presence', presence: [{ circle: hex<Id>('1a'), register: ['a'], meet: [], protocol: 'sync' }] },
  { type: 'send', link: 'l', bytes: Uint8Array.of(1, 2) },
  { type: 'read', link: 'l', bytes: 9 },
  { type: 'close', link: 'l', reason: 'ended' },
  { type: 'ban', remote: PEER, seconds: 600 },
  { type: 'relayOnly', relayOnly: true },
  { type: 'self', self: PEER },
  { type: 'sent', link: 'l', taken: 3, queued: 0 },
  {
    type: 'event',
    event: {
      type: 'open',
      link: { id: 'l', remote: PEER, path: 'direct', protocol: 'join', outgoing: true },
    },
  },
  { type: 'event', event: { type: 'message', link: 'l', bytes: Uint8Array.of(3) } },
  {
    type: 'event',
    event: { type: 'relays', relays: [{ address: RELAYS[0] ?? '', state: 'ready', day: 20_000 }] },
  },
];

/** A link's bytes, cut anywhere; the first message greets. */
const frames: Subject = {
  name: 'a framed stream',
  *episode(rng) {
    const { push } = createFrameDecoder(rng.pick([40, 66_560]));
    const greeting = encodeGreeting({ epoch: '0011223344556677', opened: 3 });
    const stream = [greeting, rng.bytes(rng.below(30)), rng.bytes(rng.pick([0, 1, 2000]))].map(encodeFrame);
    for (let chunks = 0, word = ''; chunks < 12 && word !== 'frame-too-long'; chunks++) {
      const whole = rng.pick(stream);
      const chunk = rng.chance(0.5)
        ? mutateBytes(rng, whole, stream)
        : whole.subarray(0, rng.below(whole.length + 1));
      yield {
        input: chunk,
        feed: () => {
          const pushed = push(chunk);
          if (!pushed.ok) return (word = pushed.fault.fault);
          const greeted = pushed.value.some((message) => decodeGreeting(message).ok);
          return (word = greeted ? 'greeted' : pushed.value.length > 0 ? 'messages' : 'waiting');
        },
      };
    }
  },
};

/** Texts beside the book, as peers send them [E6]. */
const key = await prepareBookKey(new Uint8Array(32).fill(7), createNodeCipher());
const records = ['', 'bread', 'dos panes — é', 'x'.repeat(1024)].map((text) => ({
  salt: hex('07', 16),
  text,
}));
const hashes = records.map((record) => textRecordHash(record, sha256));
const sealedTexts = await sealTexts(
  key,
  records.map((record, i) => ({ subject: hashes[i] ?? hex('00'), value: encodeTextRecord(record) })),
);
const misfits = await sealTexts(
  key,
  hashes.map((subject, i) => ({ subject, value: fromHex(`82${'00'.repeat(i)}`) ?? new Uint8Array(0) })),
);
async function openText({
  at,
  sealed,
}: {
  readonly at: number;
  readonly sealed: Uint8Array;
}): Promise<string> {
  const [opened] = await openTexts(new Map([[key.id, key]]), [
    { subject: hashes[at] ?? hex('00'), value: sealed },
  ]);
  if (opened === undefined) throw new Error('one answer for each');
  if (!opened.ok) return opened.fault;
  return decodeTextRecord(opened.value).ok ? 'text' : 'no text';
}

const change = createValueMutator(lists, 'wild');
const changePorted = createValueMutator(valueCorpus(ported), 'wild');
const blobs = [...sealedTexts, ...misfits];
/** Each with the words that a campaign must have heard, or it did not get as deep as it should. */
const SUBJECTS: readonly (readonly [Subject, readonly string[]])[] = [
  [
    decoder('readText', (rng) => mutateText(rng, rng.pick(scanned), scanned), readScanned),
    ['unreadable', 'shop-barcode', 'invoice true', 'invoice false', 'invite true', 'invite false'],
  ],
  [
    decoder('readRelay', (rng) => mutateText(rng, rng.pick(RELAYS), RELAYS), readRelay),
    ['text, address', 'no text, address', 'no text, no address'],
  ],
  [
    decoder('readRelayList', (rng) => change(rng), readList),
    ['relays', 'some that are none', 'not an object', 'no peer id', 'a path that is no text'],
  ],
  [
    decoder(
      'isToWindow',
      (rng) => changePorted(rng) as unknown,
      (value) => `${isToWindow(value)} ${isToWorker(value)}`,
    ),
    ['true false', 'false true', 'false false'],
  ],
  [frames, ['greeted', 'messages', 'waiting', 'frame-too-long']],
  [
    decoder(
      'openTexts',
      (rng) => ({
        at: rng.below(hashes.length),
        sealed: rng.chance(0.3) ? rng.pick(blobs) : mutateBytes(rng, rng.pick(blobs), blobs),
      }),
      openText,
    ),
    ['text', 'no text', 'bad-seal', 'unknown-key'],
  ],
  [
    hostileAuthors,
    [
      ...['kept', 'unlinked', 'later', 'aside', 'wrong-book', 'gap'],
      ...['mixed-feeds', 'bad-signature', 'not-signed'],
    ],
  ],
  [hostileSender, ['settled', 'unlinked', 'seal', 'misnamed', 'F1', 'F2']],
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
