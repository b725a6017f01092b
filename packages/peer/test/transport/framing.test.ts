import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameDecoder, encodeFrame } from '../../src/transport/framing.ts';
import { decodeGreeting, encodeGreeting } from '../../src/transport/greeting.ts';

const RUNS = Number(process.env['CORRIDOR_RUNS'] ?? 1000);

/** Cuts bytes at arbitrary places. */
const cutAt = (bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
};

test('[I16] messages come out as they went in, however the stream cuts them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (messages, cuts) => {
        const stream = Uint8Array.from(messages.flatMap((message) => [...encodeFrame(message)]));
        const decoder = createFrameDecoder();
        const got = cutAt(stream, cuts).flatMap((chunk) => {
          const pushed = decoder.push(chunk);
          return pushed.ok ? pushed.value : [];
        });
        expect(got).toEqual(messages);
      },
    ),
    { numRuns: RUNS },
  );
});

test('[I16] a length above the bound is a fault as soon as its four bytes are there', () => {
  fc.assert(
    fc.property(fc.integer({ min: 101, max: 2 ** 32 - 1 }), (length) => {
      const header = new Uint8Array(4);
      new DataView(header.buffer).setUint32(0, length);
      const decoder = createFrameDecoder(100);
      expect(decoder.push(header)).toEqual({ ok: false, fault: { fault: 'frame-too-long', bytes: length } });
    }),
    { numRuns: RUNS },
  );
  expect(createFrameDecoder(100).push(encodeFrame(new Uint8Array(100)))).toMatchObject({ ok: true });
});

test('each message has a buffer of its own, so that it can be handed to another thread', () => {
  const stream = Uint8Array.from([...encodeFrame(Uint8Array.of(1)), ...encodeFrame(Uint8Array.of(2, 3))]);
  const pushed = createFrameDecoder().push(stream);
  expect(pushed.ok && pushed.value.map(({ buffer }) => buffer.byteLength)).toEqual([1, 2]);
});

test('[I16] a greeting is read back as it was written, and nothing else is a greeting', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.uint8Array({ maxLength: 30 }),
      (epochBytes, opened, noise) => {
        const epoch = Array.from(epochBytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
        const bytes = encodeGreeting({ epoch, opened });
        expect(decodeGreeting(bytes)).toEqual({ ok: true, value: { epoch, opened } });
        const decoded = decodeGreeting(noise);
        if (decoded.ok) expect(encodeGreeting(decoded.value)).toEqual(noise);
      },
    ),
    { numRuns: RUNS },
  );
});
