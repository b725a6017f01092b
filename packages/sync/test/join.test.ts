import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '@corridor/ledger';
import type { DeviceKey, Id, JoinRequest, PublicKey, Signature, TextHash } from '@corridor/ledger';
import {
  createDoor,
  createJoiner,
  decodeJoinMessage,
  encodeJoinMessage,
  JOIN_REFUSALS,
} from '../src/index.ts';
import type { Door, DoorEffect, Joiner, JoinerEffect, JoinMessage, NamedRequest } from '../src/index.ts';
import { RUNS } from './runs.ts';

const hex = (byte: number, length: number): string => toHex(new Uint8Array(length).fill(byte));
const INVITE = hex(1, 32) as PublicKey;
const NONCE = new Uint8Array(16).fill(5);
const requestOver = (nonce: string, invite: PublicKey = INVITE): NamedRequest => ({
  request: {
    device: hex(2, 32) as DeviceKey,
    sealing: hex(3, 32) as PublicKey,
    name: hex(4, 32) as TextHash,
    as: 'member',
    invite,
    inviter: hex(5, 32) as DeviceKey,
    decision: hex(6, 32) as Id,
    expiresAt: 1_800_000_000,
    nonce,
    inviterSignature: hex(7, 64) as Signature,
    inviteProof: hex(8, 64) as Signature,
    deviceProof: hex(9, 64) as Signature,
  },
  name: 'Zoë from the bakery',
  salt: new Uint8Array(16).fill(10),
});
const ADMITTED = {
  result: 'admitted',
  admission: { decision: hex(11, 32) as Id, height: 3, keys: [{ epoch: 0, sealed: new Uint8Array(80) }] },
} as const;

type Effect = JoinerEffect | DoorEffect;
const sentBy = (effects: readonly Effect[]): Uint8Array => {
  const [only] = effects;
  if (effects.length !== 1 || only?.type !== 'send')
    throw new Error(`not one message: ${JSON.stringify(effects)}`);
  return only.bytes;
};
const faults = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.type === 'close' ? [effect.fault.code] : []));
/** ASK, NONCE, REQUEST: until the door's host has the request. */
const askAt = (joiner: Joiner, door: Door): readonly DoorEffect[] => {
  const [make] = joiner.receive(sentBy(door.receive(sentBy(joiner.start()))));
  if (make?.type !== 'make') throw new Error('no nonce came');
  return door.receive(sentBy(joiner.request(requestOver(make.nonce))));
};

describe('joining', () => {
  test('[S2] Zoë asks at Alice’s door, is carried to the keeper, and is admitted on the same link', () => {
    const [joiner, door] = [createJoiner(INVITE), createDoor(NONCE)];
    expect(askAt(joiner, door)).toEqual([{ type: 'asked', ...requestOver(toHex(NONCE)) }]);
    const carried = joiner.receive(sentBy(door.answer({ result: 'carried' })));
    expect(carried).toEqual([{ type: 'answer', answer: { result: 'carried' } }]);
    expect(door.answer({ result: 'carried' })).toEqual([]);
    expect(joiner.receive(sentBy(door.answer(ADMITTED)))).toEqual([{ type: 'answer', answer: ADMITTED }]);
    expect(door.answer(ADMITTED)).toEqual([]);
  });

  test('[S2] refused with a reason, she may ask again, three times on one link', () => {
    const [joiner, door] = [createJoiner(INVITE), createDoor(NONCE)];
    for (let i = 0; i < 3; i++) {
      askAt(joiner, door);
      const answer = { result: 'refused', reason: 'not-now' } as const;
      expect(joiner.receive(sentBy(door.answer(answer)))).toEqual([{ type: 'answer', answer }]);
    }
    expect(faults(door.receive(sentBy(joiner.start())))).toEqual(['too-many-requests']);
    expect(door.answer({ result: 'carried' })).toEqual([]);
  });

  test('[S2] another nonce, another invite or a request without asking is refused', () => {
    const other = encodeJoinMessage({ type: 'request', ...requestOver(hex(6, 16)) });
    expect(faults(createDoor(NONCE).receive(other))).toEqual(['out-of-order']);
    for (const request of [requestOver(hex(6, 16)), requestOver(toHex(NONCE), hex(12, 32) as PublicKey)]) {
      const door = createDoor(NONCE);
      door.receive(sentBy(createJoiner(INVITE).start()));
      expect(faults(door.receive(encodeJoinMessage({ type: 'request', ...request })))).toEqual(['bad-proof']);
    }
  });

  test('[S2] a door that answers before it was asked, or twice, is left', () => {
    const carried = encodeJoinMessage({ type: 'answer', answer: { result: 'carried' } });
    const early = createJoiner(INVITE);
    early.start();
    expect(faults(early.receive(carried))).toEqual(['out-of-order']);
    const [joiner, door] = [createJoiner(INVITE), createDoor(NONCE)];
    askAt(joiner, door);
    joiner.receive(carried);
    expect(faults(joiner.receive(carried))).toEqual(['out-of-order']);
    expect(joiner.receive(carried)).toEqual([]);
  });

  test('[S2] oversize and garbage end it; a link that asks nothing is held for half a minute', () => {
    expect(faults(createDoor(NONCE).receive(new Uint8Array(5000).fill(67)))).toEqual(['oversize']);
    expect(faults(createDoor(NONCE).receive(Uint8Array.of(65, 1, 2)))).toEqual(['garbage']);
    expect(faults(createJoiner(INVITE).receive(Uint8Array.of(1)))).toEqual(['garbage']);
    const door = createDoor(NONCE);
    expect([0, 10_000, 29_000].flatMap((now) => door.tick(now))).toEqual([]);
    expect(faults(door.tick(31_000))).toEqual(['stalled']);
    // Waiting for the keeper may take hours.
    const [joiner, patient] = [createJoiner(INVITE), createDoor(NONCE)];
    askAt(joiner, patient);
    joiner.receive(sentBy(patient.answer({ result: 'carried' })));
    expect([0, 1e6, 2e6, 9e6].flatMap((now) => [...joiner.tick(now), ...patient.tick(now)])).toEqual([]);
  });
});

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const hexOf = (length: number): fc.Arbitrary<string> => bytes(length).map(toHex);
const key = hexOf(32);
const signature = hexOf(64) as fc.Arbitrary<Signature>;
const request: fc.Arbitrary<JoinRequest> = fc.record({
  device: key as fc.Arbitrary<DeviceKey>,
  sealing: key as fc.Arbitrary<PublicKey>,
  name: key as fc.Arbitrary<TextHash>,
  as: fc.constantFrom('member', 'device'),
  invite: key as fc.Arbitrary<PublicKey>,
  inviter: key as fc.Arbitrary<DeviceKey>,
  decision: key as fc.Arbitrary<Id>,
  expiresAt: fc.nat({ max: 2 ** 31 }),
  nonce: hexOf(16),
  inviterSignature: signature,
  inviteProof: signature,
  deviceProof: signature,
});
const message: fc.Arbitrary<JoinMessage> = fc.oneof(
  fc.record({
    type: fc.constant('ask' as const),
    version: fc.constantFrom(0, 1),
    invite: key as fc.Arbitrary<PublicKey>,
  }),
  fc.record({ type: fc.constant('nonce' as const), nonce: bytes(16) }),
  fc.record({
    type: fc.constant('request' as const),
    request,
    name: fc.string({ unit: 'grapheme', maxLength: 6 }),
    salt: bytes(16),
  }),
  fc.record({
    type: fc.constant('answer' as const),
    answer: fc.oneof(
      fc.constant({ result: 'carried' as const }),
      fc.record({ result: fc.constant('refused' as const), reason: fc.constantFrom(...JOIN_REFUSALS) }),
      fc.record({
        result: fc.constant('admitted' as const),
        admission: fc.record({
          decision: key as fc.Arbitrary<Id>,
          height: fc.nat(),
          keys: fc
            .uniqueArray(fc.nat(), { maxLength: 5 })
            .map((epochs) =>
              epochs.sort((a, b) => a - b).map((epoch) => ({ epoch, sealed: new Uint8Array(epoch % 100) })),
            ),
        }),
      }),
    ),
  }),
);

describe('join messages', () => {
  test('[I16] decoding what was encoded gives the same message', () => {
    fc.assert(
      fc.property(message, (said) => {
        expect(decodeJoinMessage(encodeJoinMessage(said))).toEqual({ ok: true, value: said });
      }),
      { numRuns: RUNS },
    );
  });

  test('[I16] keys out of order, or one epoch twice, are refused', () => {
    for (const epochs of [
      [1, 0],
      [2, 2],
    ]) {
      const keys = epochs.map((epoch) => ({ epoch, sealed: new Uint8Array(80) }));
      const admission = { ...ADMITTED.admission, keys };
      const said = encodeJoinMessage({ type: 'answer', answer: { result: 'admitted', admission } });
      expect(decodeJoinMessage(said).ok).toBe(false);
    }
  });

  test('[I16] any bytes give a message in its one encoding or a typed fault; ends do not throw', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 700 }),
      fc.tuple(message, fc.nat(), fc.nat({ max: 255 }), fc.boolean()).map(([said, at, value, cut]) => {
        const encoded = encodeJoinMessage(said);
        const place = at % encoded.length;
        if (cut) return encoded.slice(0, place);
        encoded[place] = value;
        return encoded;
      }),
    );
    fc.assert(
      fc.property(anything, (given) => {
        const read = decodeJoinMessage(given);
        if (read.ok && (read.value.type !== 'ask' || read.value.version <= 1))
          expect(encodeJoinMessage(read.value)).toEqual(given);
        const joiner = createJoiner(INVITE);
        joiner.start();
        joiner.receive(given);
        createDoor(NONCE).receive(given);
      }),
      { numRuns: RUNS },
    );
  });
});
