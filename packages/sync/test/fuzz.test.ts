import { equalBytes, toHex } from '@corridor/ledger';
import type { DeviceKey, Id, PublicKey, Signature, TextHash } from '@corridor/ledger';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaign, campaignPlan, timeoutOf, told } from '../../testing/src/fuzz/campaign.ts';
import { mutateBytes } from '../../testing/src/fuzz/mutateBytes.ts';
import { createValueMutator, valueCorpus } from '../../testing/src/fuzz/mutateValue.ts';
import { decoder, type Subject } from '../../testing/src/fuzz/subject.ts';
import type { Rng } from '../../testing/src/sim/rng.ts';
import {
  createDoor,
  createJoiner,
  decodeJoinMessage,
  decodeMessage,
  encodeJoinMessage,
  encodeMessage,
  JOIN_REFUSALS,
} from '../src/index.ts';
import type { JoinAnswer, JoinerEffect, JoinMessage, DoorEffect, NamedRequest } from '../src/index.ts';
import { createRendezvousReader, decodeRendezvous, encodeRendezvous } from '../src/rendezvous.ts';
import type { RendezvousMessage } from '../src/rendezvous.ts';
import { message, rendezvousMessage } from './arbitraries.ts';
import { hostilePeer } from './hostilePeer.ts';
import { createEnd } from './meeting.ts';
import { foundCircle } from './replica.ts';

const FILE = 'packages/sync/test/fuzz.test.ts';
const PLAN = campaignPlan(process.env);

/** Values of a corpus, changed and encoded; what no encoder writes is damaged in its bytes. */
function hostileBytes<V>(values: readonly V[], encode: (value: V) => Uint8Array): (rng: Rng) => Uint8Array {
  const change = createValueMutator(valueCorpus(values));
  const samples = values.map(encode);
  return (rng) => {
    if (rng.chance(0.35)) return mutateBytes(rng, rng.pick(samples), samples);
    try {
      return encode(change(rng));
    } catch {
      return mutateBytes(rng, rng.pick(samples), samples);
    }
  };
}

const messages = fc.sample(message, { seed: 3, numRuns: 400 });
const readMessage = (bytes: Uint8Array): string => {
  const read = decodeMessage(bytes);
  if (!read.ok) return read.fault.code;
  const isNewer = read.value.type === 'hello' && read.value.version > 1;
  if (!isNewer && !equalBytes(encodeMessage(read.value), bytes)) throw new Error('written again it differs');
  return read.value.type;
};

const hex = <Hex extends string>(byte: number, length = 32): Hex =>
  toHex(new Uint8Array(length).fill(byte)) as Hex;
const INVITE = hex<PublicKey>(1);
const NONCE = new Uint8Array(16).fill(5);
const request: NamedRequest = {
  request: {
    device: hex<DeviceKey>(2),
    sealing: hex<PublicKey>(3),
    name: hex<TextHash>(4),
    as: 'member',
    invite: INVITE,
    inviter: hex<DeviceKey>(5),
    decision: hex<Id>(6),
    expiresAt: 1_800_000_000,
    nonce: toHex(NONCE),
    inviterSignature: hex<Signature>(7, 64),
    inviteProof: hex<Signature>(8, 64),
    deviceProof: hex<Signature>(9, 64),
  },
  name: 'Zoë from the bakery',
  salt: new Uint8Array(16).fill(10),
};
const answers: readonly JoinAnswer[] = [
  { result: 'carried' },
  ...JOIN_REFUSALS.map((reason): JoinAnswer => ({ result: 'refused', reason })),
  ...[0, 1, 3, 64].map((count): JoinAnswer => ({
    result: 'admitted',
    admission: {
      decision: hex<Id>(11),
      height: 3,
      keys: Array.from({ length: count }, (_, epoch) => ({ epoch, sealed: new Uint8Array(80).fill(epoch) })),
    },
  })),
];
const asks: readonly JoinMessage[] = [
  { type: 'ask', version: 1, invite: INVITE },
  { type: 'request', ...request },
  { type: 'request', ...request, name: 'x'.repeat(128), request: { ...request.request, as: 'device' } },
];
const replies: readonly JoinMessage[] = [
  { type: 'nonce', nonce: NONCE },
  ...answers.map((answer): JoinMessage => ({ type: 'answer', answer })),
];
const joins = [...asks, ...replies];
const hostileJoin = hostileBytes(joins, encodeJoinMessage);
const readJoin = (bytes: Uint8Array): string => {
  const read = decodeJoinMessage(bytes);
  if (!read.ok) return read.fault.code;
  const isNewer = read.value.type === 'ask' && read.value.version > 1;
  if (!isNewer && !equalBytes(encodeJoinMessage(read.value), bytes))
    throw new Error('written again it differs');
  return read.value.type;
};

const rendezvous = fc.sample(rendezvousMessage, { seed: 4, numRuns: 200 });
const hostileFrame = hostileBytes<RendezvousMessage>(rendezvous, encodeRendezvous);
const readFrame = (frame: Uint8Array): string => {
  const read = decodeRendezvous(frame.subarray(2));
  if (!read.ok) return read.fault;
  if (!equalBytes(encodeRendezvous(read.value).subarray(2), frame.subarray(2)))
    throw new Error('written again it differs');
  return read.value.type;
};

/** A relay's stream of frames, cut anywhere. */
const stream: Subject = {
  name: 'a rendezvous stream',
  *episode(rng) {
    const read = createRendezvousReader();
    for (let word = 'read'; word === 'read';) {
      const frames = Array.from({ length: rng.between(1, 4) }, () =>
        rng.chance(0.7) ? encodeRendezvous(rng.pick(rendezvous)) : hostileFrame(rng),
      ).flatMap((frame) => [...frame]);
      const chunk = Uint8Array.from(frames).subarray(rng.chance(0.1) ? rng.below(9) : 0);
      yield {
        input: chunk,
        feed: () => {
          const taken = read(chunk);
          return (word = taken.ok ? 'read' : taken.fault);
        },
      };
    }
  },
};

const MAX_SAID = 12;
type Effects = readonly (JoinerEffect | DoorEffect)[];
const endOf = (effects: Effects): string | undefined => {
  for (const effect of effects) if (effect.type === 'close') return effect.fault.code;
  return undefined;
};
/** A member's door, asked by whoever has found it; its host answers as it likes. */
const door: Subject = {
  name: 'a door',
  *episode(rng) {
    const { receive, answer, tick } = createDoor(NONCE);
    let now = 0;
    for (let said = 0, end = ''; said < MAX_SAID && end === ''; said++) {
      const honest = asks[said % 2] ?? rng.pick(asks);
      const bytes = rng.chance(0.5) ? encodeJoinMessage(honest) : hostileJoin(rng);
      yield {
        input: bytes,
        feed: () => {
          const effects: Effects = [
            ...receive(bytes),
            ...(rng.chance(0.5) ? answer(rng.pick(answers)) : []),
            ...(rng.chance(0.1) ? tick((now += 20_000)) : []),
          ];
          end = endOf(effects) ?? '';
          return end === '' ? (effects[0]?.type ?? 'nothing') : end;
        },
      };
    }
  },
};
/** A newcomer, at the door of somebody who says what they like. */
const joiner: Subject = {
  name: 'a joiner',
  *episode(rng) {
    const newcomer = createJoiner(INVITE);
    newcomer.start();
    let now = 0;
    for (let said = 0, end = ''; said < MAX_SAID && end === ''; said++) {
      const bytes = rng.chance(0.5) ? encodeJoinMessage(rng.pick(replies)) : hostileJoin(rng);
      yield {
        input: bytes,
        feed: () => {
          const effects: Effects = newcomer.receive(bytes);
          if (effects.some((effect) => effect.type === 'make')) newcomer.request(request);
          if (rng.chance(0.3)) newcomer.start();
          end = endOf([...effects, ...(rng.chance(0.1) ? newcomer.tick((now += 20_000)) : [])]) ?? '';
          return end === '' ? (effects[0]?.type ?? 'nothing') : end;
        },
      };
    }
  },
};
/** Whoever calls Alice and knows no book key, or is called by her. */
const greeting: Subject = {
  name: 'a greeting',
  *episode(rng) {
    const alice = createEnd(foundCircle([]), 'Bob', rng.chance(0.5));
    alice.act(alice.session.start());
    for (let said = 0; said < MAX_SAID && alice.faults.length === 0; said++) {
      const bytes = hostileMessage(rng);
      yield {
        input: bytes,
        feed: () => {
          alice.act(alice.session.receive(bytes));
          return alice.faults[0]?.code ?? alice.session.state();
        },
      };
    }
  },
};
const hostileMessage = hostileBytes(messages, encodeMessage);

const MALFORMED = ['malformed', 'oversize', 'unknown-type'] as const;
/** Each with the words that a campaign must have heard, or it did not get as deep as it should. */
const SUBJECTS: readonly (readonly [Subject, readonly string[]])[] = [
  [
    decoder('decodeMessage', hostileMessage, readMessage),
    [
      ...[...MALFORMED, 'hello', 'member', 'root', 'frontier', 'want', 'have', 'push', 'credit', 'proofWant'],
      ...['proof', 'wantText', 'text'],
    ],
  ],
  [decoder('decodeJoinMessage', hostileJoin, readJoin), [...MALFORMED, 'ask', 'nonce', 'request', 'answer']],
  [
    decoder('decodeRendezvous', hostileFrame, readFrame),
    [
      ...['greeting', 'register', 'registered', 'lookup', 'found', 'notice', 'refused', 'unknown-kind'],
      ...['cut-short', 'trailing-bytes', 'too-many', 'not-ascending', 'bad-peer', 'bad-host', 'bad-reason'],
    ],
  ],
  [stream, ['read', 'frame-too-long', 'cut-short', 'trailing-bytes', 'not-ascending']],
  [
    hostilePeer(messages),
    [
      ...[
        'comparing',
        'fetching',
        'live',
        'garbage',
        'out-of-order',
        'overran-credit',
        'unasked',
        'oversize',
      ],
      ...['too-many-requests', 'bad-batch', 'stalled'],
    ],
  ],
  [greeting, ['stranger', 'garbage', 'out-of-order', 'older-version', 'oversize']],
  [door, ['send', 'asked', 'out-of-order', 'bad-proof', 'garbage', 'oversize', 'too-many-requests']],
  [joiner, ['make', 'answer', 'out-of-order', 'garbage', 'oversize']],
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
