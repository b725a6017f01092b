import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readBindingRequest, writeBindingAnswer } from '../src/stunMessage.ts';
import { startStunResponder } from '../src/stunResponder.ts';
import { until } from './neighbours.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const TRANSACTION = 'b7e7a701bc34d686fa87dfae';

/** RFC 5769 §2.1: a request with SOFTWARE, PRIORITY, ICE-CONTROLLED, USERNAME, MESSAGE-INTEGRITY, FINGERPRINT. */
const RFC5769_REQUEST = hex(`
  00010058 2112a442 ${TRANSACTION}
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff
  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`);
/** RFC 5769 §2.2 and §2.3: XOR-MAPPED-ADDRESS of 192.0.2.1 and of 2001:db8:…:7766:5544, port 32853. */
const RFC5769_IPV4 = hex('00200008 0001a147 e112a643');
const RFC5769_IPV6 = hex('00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9');

const plainRequest = hex(`00010000 2112a442 ${TRANSACTION}`);
/** What Chromium sends: nothing but a FINGERPRINT. */
const withFingerprint = (): Uint8Array => {
  // An answer to a plain request has the layout to borrow: only the CRC of these 20 bytes is wanted.
  const head = hex(`00010008 2112a442 ${TRANSACTION}`);
  let crc = 0xffffffff;
  for (const byte of head) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const value = (~crc ^ 0x5354554e) >>> 0;
  return Uint8Array.from([
    ...head,
    0x80,
    0x28,
    0,
    4,
    value >>> 24,
    (value >>> 16) & 255,
    (value >>> 8) & 255,
    value & 255,
  ]);
};

describe('STUN messages', () => {
  test('the request of RFC 5769 is read: its FINGERPRINT holds, and PRIORITY is not known here', () => {
    const request = readBindingRequest(RFC5769_REQUEST);
    expect(request).toEqual({ transaction: hex(TRANSACTION), unknown: [0x0024], fingerprint: true });
    const flipped = RFC5769_REQUEST.slice();
    flipped[30] = 0;
    expect(readBindingRequest(flipped)).toBeUndefined();
  });

  test('the addresses of RFC 5769 come out as its XOR-MAPPED-ADDRESS', () => {
    const request = readBindingRequest(plainRequest);
    if (request === undefined) throw new Error('not read');
    const ipv4 = writeBindingAnswer(request, '192.0.2.1', 32_853);
    expect(ipv4).toEqual(Uint8Array.from([...hex(`0101000c 2112a442 ${TRANSACTION}`), ...RFC5769_IPV4]));
    const ipv6 = writeBindingAnswer(request, '2001:db8:1234:5678:11:2233:4455:6677', 32_853);
    expect(ipv6).toEqual(Uint8Array.from([...hex(`01010018 2112a442 ${TRANSACTION}`), ...RFC5769_IPV6]));
    expect(writeBindingAnswer(request, '::1', 1).length).toBe(ipv6.length);
  });

  test('a request that must be understood and is not gets 420 and the numbers', () => {
    const request = readBindingRequest(RFC5769_REQUEST);
    if (request === undefined) throw new Error('not read');
    const answer = writeBindingAnswer(request, '192.0.2.1', 1);
    expect(answer.subarray(0, 36)).toEqual(
      hex(`01110018 2112a442 ${TRANSACTION} 00090004 00000414 000a0002 00240000`),
    );
    expect(answer.subarray(36, 40)).toEqual(hex('80280004'));
  });

  test('[I16] [I18] any datagram gives nothing or a request, and no answer is over 24 bytes longer', () => {
    const datagram = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ maxLength: 60 }).map((tail) => {
        const body = tail.subarray(0, tail.length - (tail.length % 4));
        return Uint8Array.from([0, 1, 0, body.length, ...hex(`2112a442 ${TRANSACTION}`), ...body]);
      }),
      fc
        .array(fc.tuple(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 0, max: 2 })), {
          maxLength: 40,
        })
        .map((list) => {
          const body = list.flatMap(([type, words]) => [
            type >> 8,
            type & 255,
            0,
            4 * words,
            ...new Array<number>(4 * words).fill(7),
          ]);
          return Uint8Array.from([
            0,
            1,
            body.length >> 8,
            body.length & 255,
            ...hex(`2112a442 ${TRANSACTION}`),
            ...body,
          ]);
        }),
    );
    fc.assert(
      fc.property(datagram, fc.constantFrom('192.0.2.1', '2001:db8::1'), (bytes, address) => {
        const request = readBindingRequest(bytes);
        if (request === undefined) return;
        expect(writeBindingAnswer(request, address, 9).length).toBeLessThanOrEqual(bytes.length + 24);
      }),
      { numRuns: 1000 },
    );
    expect(readBindingRequest(withFingerprint())?.fingerprint).toBe(true);
  });
});

/** A UDP socket that asks, and what it was told. */
const asker = async (family: 'udp4' | 'udp6') => {
  const socket = createSocket(family);
  const answers: Buffer[] = [];
  socket.on('message', (bytes) => void answers.push(bytes));
  await new Promise<void>((resolve) => socket.bind(0, family === 'udp4' ? '127.0.0.1' : '::1', resolve));
  onTestFinished(() => void socket.close());
  const ask = (bytes: Uint8Array, port: number): Promise<void> =>
    new Promise((resolve, reject) =>
      socket.send(bytes, port, family === 'udp4' ? '127.0.0.1' : '::1', (cause) =>
        cause ? reject(cause) : resolve(),
      ),
    );
  const nextAnswer = async (): Promise<Buffer> => {
    if (answers.length === 0) await new Promise((resolve) => socket.once('message', resolve));
    const first = answers.shift();
    if (first === undefined) throw new Error('no answer');
    return first;
  };
  return { port: socket.address().port, ask, answers, nextAnswer };
};

describe('the STUN responder', () => {
  test('tells Alice the port and address it sees her at, and is silent to what is no request', async () => {
    const responder = await startStunResponder(0, '127.0.0.1', () => 0);
    onTestFinished(() => responder.stop());
    const alice = await asker('udp4');
    await alice.ask(Uint8Array.of(1, 2, 3), responder.port);
    await alice.ask(hex(`01010000 2112a442 ${TRANSACTION}`), responder.port);
    await alice.ask(withFingerprint(), responder.port);
    const answer = await alice.nextAnswer();
    expect(answer.readUInt16BE(0)).toBe(0x0101);
    expect(answer.readUInt16BE(26) ^ 0x2112).toBe(alice.port);
    expect((answer.readUInt32BE(28) ^ 0x2112a442) >>> 0).toBe(0x7f000001);
    expect(answer.length).toBe(40);
    expect(responder.answered).toBe(1);
  });

  test('[I18] answers one address only so often', async () => {
    let [now, seen] = [0, 0];
    const responder = await startStunResponder(0, '127.0.0.1', () => {
      seen++;
      return now;
    });
    onTestFinished(() => responder.stop());
    const eve = await asker('udp4');
    for (let i = 0; i < 100; i++) await eve.ask(plainRequest, responder.port);
    await until(() => seen === 100);
    expect(responder.answered).toBe(40);
    now = 1000;
    await eve.ask(plainRequest, responder.port);
    await until(() => seen === 101);
    expect(responder.answered).toBe(41);
  });

  test('one socket serves both families where the machine has both', async () => {
    const responder = await startStunResponder(0, undefined, () => 0);
    onTestFinished(() => responder.stop());
    const bob = await asker('udp4');
    await bob.ask(plainRequest, responder.port);
    expect((await bob.nextAnswer()).readUInt8(25)).toBe(1);
  });
});
