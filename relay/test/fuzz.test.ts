import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  createRendezvousReader,
  encodeRendezvous,
  type RendezvousMessage,
  type RendezvousReply,
} from '@corridor/sync/rendezvous';
import { afterAll, expect, test } from 'vitest';
import { campaign, campaignPlan, timeoutOf, told } from '../../packages/testing/src/fuzz/campaign.ts';
import { mutateText } from '../../packages/testing/src/fuzz/hostileText.ts';
import { mutateBytes } from '../../packages/testing/src/fuzz/mutateBytes.ts';
import { createValueMutator, valueCorpus } from '../../packages/testing/src/fuzz/mutateValue.ts';
import { decoder, type Subject } from '../../packages/testing/src/fuzz/subject.ts';
import type { Rng } from '../../packages/testing/src/sim/rng.ts';
import { capKey, clientAddress } from '../src/address.ts';
import { chooseEncoding } from '../src/encoding.ts';
import { createFrameGuard } from '../src/frameGuard.ts';
import { createRendezvousBoard, type BoardSession } from '../src/rendezvousBoard.ts';
import { createStaticFiles } from '../src/staticFiles.ts';
import { readBindingRequest, writeBindingAnswer } from '../src/stunMessage.ts';

const FILE = 'relay/test/fuzz.test.ts';
const PLAN = campaignPlan(process.env);

/** A browser's frame: masked, of that opcode and length. */
const frame = (length: number, opcode = 2, isFinal = true): Uint8Array => {
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = new Uint8Array(head + 4 + length).fill(7);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (isFinal ? 128 : 0) | opcode);
  view.setUint8(1, 128 | (head === 2 ? length : head === 4 ? 126 : 127));
  if (head === 4) view.setUint16(2, length);
  if (head === 10) view.setBigUint64(2, BigInt(length));
  return bytes;
};
const frames = [
  frame(0),
  frame(5),
  frame(125, 9),
  frame(126, 2, false),
  frame(300, 0),
  frame(3, 8),
  frame(70_000),
];
/** Bytes of one WebSocket, before anybody has said who they are. */
const socket: Subject = {
  name: 'the frame guard',
  *episode(rng) {
    const guard = createFrameGuard();
    for (let chunks = 0, word = ''; chunks < 10 && word !== 'cut'; chunks++) {
      const whole = rng.pick(rng.chance(0.98) ? frames.slice(0, -1) : frames);
      const chunk = rng.chance(0.6) ? mutateBytes(rng, whole, frames) : whole;
      yield { input: chunk, feed: () => (word = guard(chunk) ? 'fine' : 'cut') };
    }
  },
};

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
/** RFC 5769 §2.1, what Chromium sends, and a request with nothing in it. */
const datagrams = [
  hex(
    '00010058 2112a442 b7e7a701bc34d686fa87dfae 80220010 5354554e 20746573 7420636c 69656e74 00240004 6e0001ff' +
      '80290008 932ff9b1 51263b36 00060009 6576746a 3a683676 59202020 00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249' +
      'c1b571a2 80280004 e57a3bcf',
  ),
  hex('00010000 2112a442 b7e7a701bc34d686fa87dfae'),
  hex('00010008 2112a442 b7e7a701bc34d686fa87dfae 00060000 00060000'),
  hex('00010010 2112a442 b7e7a701bc34d686fa87dfae 7fff0000 7ffe0000 7ffd0004 00000000'),
];
/** A request whose header says what is there, so that its attributes are looked at; often with a FINGERPRINT that holds. */
function hostileDatagram(rng: Rng): Uint8Array {
  const sample = rng.pick(datagrams);
  if (rng.chance(0.1)) return sample;
  if (rng.chance(0.2)) return mutateBytes(rng, sample, datagrams);
  const attributes = rng.chance(0.2) ? sample.subarray(20) : mutateBytes(rng, sample.subarray(20), datagrams);
  const whole = attributes.length - (rng.chance(0.9) ? attributes.length % 4 : 0);
  const datagram = new Uint8Array(20 + whole + 8);
  datagram.set(sample.subarray(0, 20));
  datagram.set(attributes.subarray(0, whole), 20);
  const view = new DataView(datagram.buffer);
  const isMarked = rng.chance(0.3);
  view.setUint16(2, whole + (isMarked ? 8 : 0));
  if (!isMarked) return datagram.subarray(0, 20 + whole);
  view.setUint32(20 + whole, 0x80280004);
  view.setUint32(24 + whole, (crc32(datagram.subarray(0, 20 + whole)) ^ 0x5354554e) >>> 0);
  return rng.chance(0.7) ? datagram : datagram.subarray(0, 24 + whole);
}
const ADDRESSES = ['192.0.2.1', '2001:db8:1234:5678:11:2233:4455:6677', '::1', '::ffff:192.0.2.1', 'fd00::'];
function answerStun({ datagram, from }: { readonly datagram: Uint8Array; readonly from: string }): string {
  const request = readBindingRequest(datagram);
  if (request === undefined) return 'no answer';
  const answer = writeBindingAnswer(request, from, 65_535);
  // Nobody is flooded with more than was sent in somebody else's name.
  if (answer.length > datagram.length + 24) throw new Error(`${answer.length} bytes for ${datagram.length}`);
  return request.unknown.length > 0 ? 'unknown attributes' : 'answered';
}

const tag = (n: number): string => n.toString(16).padStart(32, '0');
const peer = (n: number): string => `12D3KooW${n.toString().replaceAll('0', 'z').padStart(44, 'A')}`;
const messages: readonly RendezvousMessage[] = [
  ...[0, 1, 2, 3, 6, 9, 64].map((count): RendezvousMessage => ({
    type: 'register',
    request: 1,
    tags: Array.from({ length: count }, (_, i) => tag(i)),
    watch: Array.from({ length: count }, (_, i) => tag(2 * i)),
  })),
  ...[1, 5, 64].map((count): RendezvousMessage => ({
    type: 'lookup',
    request: 2,
    tags: Array.from({ length: count }, (_, i) => tag(3 * i)),
  })),
  { type: 'registered', request: 3, listed: 2 },
  { type: 'notice', tag: tag(1), peer: peer(1) },
];
const change = createValueMutator(valueCorpus(messages));
const encoded = messages.map(encodeRendezvous);
function hostileFrame(rng: Rng): Uint8Array {
  if (rng.chance(0.1)) return mutateBytes(rng, rng.pick(encoded), encoded);
  try {
    return encodeRendezvous(change(rng));
  } catch {
    return rng.pick(encoded);
  }
}
/** The board, and a crowd of peers who come, ask, come again and go. */
const board: Subject = {
  name: 'the board',
  *episode(rng) {
    let now = 0;
    const notices = createRendezvousBoard(
      rng.pick([60, 100_000]),
      () => now,
      () => rng.next(),
    );
    interface Seat {
      readonly session: BoardSession;
      readonly read: ReturnType<typeof createRendezvousReader>;
      ended: boolean;
    }
    const seats: Seat[] = [];
    const crowd = rng.pick([3, 3, 3, 40]);
    const arrive = (): Seat => {
      // What is sent has an encoding, whatever was asked.
      const send = (reply: RendezvousReply): void => void encodeRendezvous(reply);
      const seat: Seat = {
        session: notices.join(peer(rng.below(crowd)), send, () => (seat.ended = true)),
        read: createRendezvousReader(),
        ended: false,
      };
      seats.push(seat);
      return seat;
    };
    const said = (seat: Seat, bytes: Uint8Array): string => {
      const frames = seat.read(bytes);
      if (!frames.ok) return frames.fault;
      for (const message of frames.messages) {
        if (message.type !== 'register' && message.type !== 'lookup') return 'only relays say that';
        seat.session.handle(message);
      }
      return seat.ended ? 'ended' : 'served';
    };
    for (let requests = 0; requests < 400; requests++) {
      const seat = seats.length < crowd || rng.chance(0.05) ? arrive() : rng.pick(seats);
      const bytes = hostileFrame(rng);
      yield {
        input: bytes,
        feed: () => {
          now += rng.pick([0, 1, 1000]);
          const word = said(seat, bytes);
          if (word !== 'served') {
            seat.session.leave();
            seats.splice(seats.indexOf(seat), 1);
          }
          return word;
        },
      };
    }
    for (const { session } of seats) session.leave();
    if (notices.tags !== 0 || notices.sessions !== 0) throw new Error('something stays of who is gone');
  },
};

const HEADERS = [
  'gzip, deflate, br',
  'br;q=1.0, gzip;q=0.8, *;q=0.1',
  'gzip;q=0, br ; q=0.000',
  '203.0.113.7, 2001:db8::7',
  ...ADDRESSES,
];
/** What stands in the head of a request: whom it counts for, and what it takes. */
function readHeaders(text: string): string {
  const encoding = chooseEncoding(text, 'text/html', 9000);
  const request = { headers: { 'x-forwarded-for': text }, socket: { remoteAddress: text } };
  // Of a request these two are all that is looked at.
  const address = clientAddress(request as unknown as IncomingMessage, true);
  return `${encoding}, ${capKey(address).endsWith('::/64') ? 'network' : 'address'}`;
}

const dir = mkdtempSync(join(tmpdir(), 'corridor-fuzz-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
writeFileSync(join(dir, 'index.html'), '<!doctype html>');
writeFileSync(join(dir, 'relay.json'), '{}');
const URLS = [
  '/',
  '/index.html',
  '/relay.json?x=1',
  '/pay/somebody#top',
  '/assets/%2e%2e/%2e%2e/etc/passwd',
  '/a//b/%C3%A9',
];
const files = createStaticFiles(dir);
const serve = async (url: string): Promise<string> => {
  const request = { url, accept: 'text/html', acceptEncoding: undefined, ifNoneMatch: undefined };
  const { status, body } = await files(request);
  if (status === 200 && !['<!doctype html>', '{}'].includes(body.toString()))
    throw new Error('a file of elsewhere');
  return String(status);
};

/**
 * Each with the words that a campaign must have heard, or it did not get as deep as it should; and how much of the
 * campaign it takes part in, where a disk sets the pace.
 */
const SUBJECTS: readonly (readonly [subject: Subject, words: readonly string[], part?: number])[] = [
  [socket, ['fine', 'cut']],
  [
    decoder(
      'STUN',
      (rng) => ({
        datagram: hostileDatagram(rng),
        from: rng.pick(ADDRESSES),
      }),
      answerStun,
    ),
    ['no answer', 'unknown attributes', 'answered'],
  ],
  [board, ['served', 'ended', 'only relays say that', 'cut-short', 'not-ascending', 'frame-too-long']],
  [
    decoder('the headers', (rng) => mutateText(rng, rng.pick(HEADERS), HEADERS), readHeaders),
    ['br, address', 'gzip, address', 'identity, address', 'identity, network'],
  ],
  [
    decoder('the addresses', (rng) => mutateText(rng, rng.pick(URLS), URLS), serve),
    ['200', '400', '404'],
    1 / 5,
  ],
];

test.each(SUBJECTS.map(([subject, words, part = 1]) => ({ name: subject.name, subject, words, part })))(
  '[I16] [I18] $name: every mutation is answered, in time, and nothing throws',
  { timeout: timeoutOf(PLAN) },
  async ({ subject, words, part }) => {
    const found = await campaign(subject, { ...PLAN, inputs: PLAN.inputs * part });
    expect(found.findings, told(found, subject, FILE)).toEqual([]);
    if (PLAN.only === undefined) expect(words.filter((word) => !found.words.has(word))).toEqual([]);
  },
);
