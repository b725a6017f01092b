import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capKey, plainAddress } from '../src/address.ts';
import { createFrameGuard } from '../src/frameGuard.ts';
import { MAX_WEBSOCKET_FRAGMENTS, MAX_WEBSOCKET_MESSAGE } from '../src/limits.ts';
import { createRate } from '../src/rate.ts';
import { createSeats } from '../src/seats.ts';
import { runRelay, until } from './neighbours.ts';

/** A client's frame header: masked, of that opcode and length. */
const header = (length: number, opcode = 2, final = true): Uint8Array => {
  const first = (final ? 128 : 0) | opcode;
  if (length < 126) return Uint8Array.from([first, 128 | length, 1, 2, 3, 4]);
  const bytes = new Uint8Array(length < 65_536 ? 8 : 14);
  const view = new DataView(bytes.buffer);
  bytes[0] = first;
  if (length < 65_536) {
    bytes[1] = 128 | 126;
    view.setUint16(2, length);
  } else {
    bytes[1] = 128 | 127;
    view.setBigUint64(2, BigInt(length));
  }
  return bytes;
};
const frame = (length: number, opcode = 2, final = true): Uint8Array =>
  Uint8Array.from([...header(length, opcode, final), ...new Uint8Array(length).fill(0xff)]);

describe('the frame guard', () => {
  test('[I18] lets honest frames by, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(200), fc.constantFrom(125, 126, 65_535, 65_536)), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(fc.integer({ min: 1, max: 70_000 }), { maxLength: 20 }),
        (lengths, cuts) => {
          const bytes = Buffer.concat([
            ...lengths.map((length) => frame(length)),
            header(MAX_WEBSOCKET_MESSAGE + 1),
          ]);
          const honest = bytes.length - 1;
          const guard = createFrameGuard();
          let at = 0;
          for (const cut of [...cuts, honest]) {
            const end = Math.min(honest, at + cut);
            expect(guard(bytes.subarray(at, end))).toBe(true);
            at = end;
          }
          // The last byte completes the header of a message that is too long: seen only if all else was read right.
          expect(guard(bytes.subarray(honest))).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('[I18] a message may not grow by fragments, nor have endless ones, nor a control frame be long', () => {
    const grows = createFrameGuard();
    expect(grows(frame(MAX_WEBSOCKET_MESSAGE / 2, 2, false))).toBe(true);
    expect(grows(frame(MAX_WEBSOCKET_MESSAGE / 2, 0, false))).toBe(true);
    expect(grows(frame(1, 0, true))).toBe(false);
    const endless = createFrameGuard();
    for (let i = 0; i < MAX_WEBSOCKET_FRAGMENTS; i++)
      expect(endless(frame(0, i === 0 ? 2 : 0, false))).toBe(true);
    expect(endless(frame(0, 0, false))).toBe(false);
    expect(createFrameGuard()(header(126, 9))).toBe(false);
    const between = createFrameGuard();
    for (let i = 0; i < 3 * MAX_WEBSOCKET_FRAGMENTS; i++) expect(between(frame(10))).toBe(true);
  });
});

describe('seats and rates', () => {
  test('[I18] no address takes more than its share, and all get back what was given', () => {
    const command = fc.record({ key: fc.constantFrom('a', 'b', 'c'), take: fc.boolean() });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const seats = createSeats(4, 2);
        const held = new Map<string, number>();
        let total = 0;
        for (const { key, take } of commands) {
          const own = held.get(key) ?? 0;
          if (take) {
            const free = own < 2 && total < 4;
            expect(seats.take(key)).toBe(free);
            if (free) held.set(key, own + 1);
            total += free ? 1 : 0;
          } else if (own > 0) {
            seats.give(key);
            held.set(key, own - 1);
            total--;
          }
          expect(seats.taken).toBe(total);
        }
      }),
    );
    expect(() => createSeats(1, 1).give('nobody')).toThrow();
  });

  test('[I18] a rate allows its burst, then its average; forgets the longest unused key', () => {
    const rate = createRate(2, 3, 2);
    expect([1, 2, 3, 4].map(() => rate('a', 0))).toEqual([true, true, true, false]);
    expect([rate('a', 499), rate('a', 500), rate('a', 500)]).toEqual([false, true, false]);
    expect(rate('b', 500)).toBe(true);
    expect(rate('c', 500)).toBe(true);
    expect([1, 2, 3, 4].map(() => rate('a', 500))).toEqual([true, true, true, false]);
  });

  test('[I18] one IPv6 customer is one address, IPv4 is the same on every socket', () => {
    expect(capKey('2001:db8:0:7::1')).toBe(capKey('2001:0db8::7:ffff:0:0:9'));
    expect(capKey('2001:db8::1')).toBe(capKey('2001:db8:0:0:abcd::'));
    expect(capKey('2001:db8:1::1')).not.toBe(capKey('2001:db8::1'));
    expect(capKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
  });
});

describe('the gate', () => {
  test('[I18] a message that is too long ends the connection before libp2p gathers it', async () => {
    const relay = await runRelay();
    const socket = connect(relay.httpPort, '127.0.0.1');
    socket.write(
      'GET / HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    expect(first.toString('latin1')).toMatch(/^HTTP\/1\.1 101 /);
    expect(relay.counters()['connections']?.value).toBe(1);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write(header(MAX_WEBSOCKET_MESSAGE + 1));
    await closed;
    await until(() => relay.counters()['connections']?.value === 0);
  });

  test('an upgrade to anything but a WebSocket is turned away', async () => {
    const relay = await runRelay();
    const socket = connect(relay.httpPort, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 400 /);
  });
});
