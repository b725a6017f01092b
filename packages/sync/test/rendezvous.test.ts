import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_FOUND_PEERS,
  MAX_RENDEZVOUS_FRAME,
  MAX_RENDEZVOUS_TAGS,
  createRendezvousReader,
  decodeRendezvous,
  encodeRendezvous,
  type RendezvousMessage,
} from '../src/rendezvous.ts';
import { BASE58, rendezvousMessage as message } from './arbitraries.ts';

const RUNS = { numRuns: 1000 };

describe('rendezvous messages', () => {
  test('[I16] decode is the inverse of encode', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(decodeRendezvous(encodeRendezvous(value).subarray(2))).toEqual({ ok: true, value });
      }),
      RUNS,
    );
  });

  test('[I16] any bytes give a message or a fault, and a message has that one encoding', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.integer({ min: 1, max: 7 }), fc.uint8Array({ maxLength: 120 }))
        .map(([kind, rest]) => Uint8Array.from([kind, ...rest])),
      fc.tuple(message, fc.nat(60), fc.nat(255)).map(([value, at, byte]) => {
        const frame = encodeRendezvous(value).slice(2);
        frame[at % frame.length] = byte;
        return frame;
      }),
    );
    fc.assert(
      fc.property(bytes, (payload) => {
        const decoded = decodeRendezvous(payload);
        if (decoded.ok) expect(encodeRendezvous(decoded.value).subarray(2)).toEqual(payload);
      }),
      RUNS,
    );
  });

  test('[I16] every cut of a message is a fault', () => {
    fc.assert(
      fc.property(message, fc.nat(), (value, at) => {
        const payload = encodeRendezvous(value).subarray(2);
        expect(decodeRendezvous(payload.subarray(0, at % payload.length)).ok).toBe(false);
      }),
      RUNS,
    );
  });

  test('[I16] messages survive any cutting of the stream into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 })),
        (sent, sizes) => {
          const bytes = Uint8Array.from(sent.flatMap((one) => [...encodeRendezvous(one)]));
          const read = createRendezvousReader();
          const received: RendezvousMessage[] = [];
          const take = (chunk: Uint8Array): void => {
            const result = read(chunk);
            if (result.ok) received.push(...result.messages);
            else throw new Error(result.fault);
          };
          let at = 0;
          for (const size of sizes) {
            take(bytes.subarray(at, at + size));
            at += size;
          }
          take(bytes.subarray(at));
          expect(received).toEqual(sent);
        },
      ),
      RUNS,
    );
  });

  test('[I16] the largest answer fits a frame, one peer more has no encoding', () => {
    const peers = Array.from({ length: MAX_FOUND_PEERS }, (_, i) => {
      const digits = `${BASE58[i % 58]}${BASE58[Math.floor(i / 58)]}`;
      return `12D3KooW${digits.padEnd(44, '1')}`;
    });
    const tags = Array.from({ length: MAX_RENDEZVOUS_TAGS }, (_, i) => i.toString(16).padStart(32, '0'));
    const each = MAX_FOUND_PEERS / MAX_RENDEZVOUS_TAGS;
    const found = tags.map((name, i) => ({ tag: name, peers: peers.slice(i * each, (i + 1) * each) }));
    const frame = encodeRendezvous({ type: 'found', request: 1, found });
    expect(frame.length).toBeLessThanOrEqual(MAX_RENDEZVOUS_FRAME + 2);
    expect(createRendezvousReader()(frame)).toMatchObject({ ok: true, messages: [{ type: 'found' }] });
    const more = [
      { tag: tags[0] ?? '', peers },
      { tag: tags[1] ?? '', peers: peers.slice(0, 1) },
    ];
    expect(() => encodeRendezvous({ type: 'found', request: 1, found: more })).toThrow(RangeError);
  });

  test('[I18] an oversize frame is refused by its length, and the stream stays refused', () => {
    const read = createRendezvousReader();
    expect(read(Uint8Array.of(0xff, 0xff))).toEqual({ ok: false, fault: 'frame-too-long' });
    const greeting = encodeRendezvous({ type: 'greeting', day: 1, stunHost: '', stunPort: 0 });
    expect(read(greeting)).toEqual({ ok: false, fault: 'frame-too-long' });
  });

  test('[I16] tags out of order or twice, and peers that are no Ed25519 ids, are named', () => {
    const low = '00'.repeat(16);
    const high = 'ff'.repeat(16);
    const lookup = encodeRendezvous({ type: 'lookup', request: 7, tags: [high, low, low] }).subarray(2);
    expect(decodeRendezvous(lookup)).toEqual({
      ok: true,
      value: { type: 'lookup', request: 7, tags: [low, high] },
    });
    const swapped = Uint8Array.from([
      ...lookup.subarray(0, 4),
      ...lookup.subarray(20),
      ...lookup.subarray(4, 20),
    ]);
    expect(decodeRendezvous(swapped)).toEqual({ ok: false, fault: 'not-ascending' });
    const many = Uint8Array.from([4, 0, 1, MAX_RENDEZVOUS_TAGS + 1]);
    expect(decodeRendezvous(many)).toEqual({ ok: false, fault: 'too-many' });
    const notice = Uint8Array.from([
      6,
      ...new Array<number>(16).fill(0),
      ...new Array<number>(52).fill(0x30),
    ]);
    expect(decodeRendezvous(notice)).toEqual({ ok: false, fault: 'bad-peer' });
    expect(() =>
      encodeRendezvous({ type: 'notice', tag: low, peer: 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG' }),
    ).toThrow(RangeError);
  });
});
