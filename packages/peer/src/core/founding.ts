/** The first entry of a circle: the founder's keys, the policy, and the first grant [L0]. */
import {
  boundedText,
  encodeEntry,
  entryStatement,
  fail,
  KIND,
  LANE,
  MAX_NAME_BYTES,
  ok,
  textRecordHash,
  toHex,
  ZERO_ID,
  type DeviceKey,
  type Policy,
  type Result,
  type Sha256,
} from '@corridor/ledger';
import type { Clock, RandomBytes, Store } from '../ports.ts';
import type { FoundRequest, Refusal } from '../view.ts';
import type { CircleRecord } from './circleRecord.ts';

/** Limits under which a first trade works at once: about three days' bread either way. In whole units. */
const FIRST_LIMIT = 150;
const SMALL = 50;
const OFFLINE = 30;

/** What a new circle starts with, in minor units. */
function defaultPolicy(decimals: number): Policy {
  const minor = 10 ** decimals;
  return {
    admission: 'inviter',
    firstGrant: { lowestBalance: -FIRST_LIMIT * minor, highestBalance: FIRST_LIMIT * minor },
    smallAmount: SMALL * minor,
    offlineAmount: OFFLINE * minor,
    maxEntries: 200_000,
    maxBytes: 64 * 2 ** 20,
  };
}
export interface IdentityPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly sha256: Sha256;
}
/** Keys and names of this device in one circle; the rest is filled in by founding or joining. */
export async function newIdentity(
  { store, random }: IdentityPorts,
  name: string,
): Promise<Pick<CircleRecord, 'device' | 'sealing' | 'myName' | 'networkSeed' | 'clientId'>> {
  const device = (await store.keys.create('device')) as string as DeviceKey;
  const clientId = new DataView(random(4).buffer).getUint32(0);
  return {
    device,
    sealing: await store.keys.createSealing(),
    myName: { salt: toHex(random(16)), text: name },
    networkSeed: toHex(random(32)),
    clientId,
  };
}
/** A name as people typed it, within bounds. */
export function boundedName(typed: string): Result<string, Refusal> {
  const text = boundedText(typed.trim(), MAX_NAME_BYTES);
  if (!text.ok)
    return fail({ code: 'text-too-long', values: { bytes: text.fault.bytes, max: text.fault.max } });
  return text.value === ''
    ? fail({ code: 'text-too-long', values: { bytes: 0, max: MAX_NAME_BYTES } })
    : ok(text.value);
}
export async function foundCircle(
  ports: IdentityPorts,
  request: FoundRequest,
  relays: readonly string[],
): Promise<Result<CircleRecord, Refusal>> {
  const names: string[] = [];
  for (const typed of [request.circleName, request.unitName, request.memberName]) {
    const name = boundedName(typed);
    if (!name.ok) return name;
    names.push(name.value);
  }
  const [name = '', unit = '', memberName = ''] = names;
  if (!Number.isInteger(request.decimals) || request.decimals < 0 || request.decimals > 4)
    return fail({ code: 'amount-out-of-range', values: {} });
  const { store, clock, random, sha256 } = ports;
  const identity = await newIdentity(ports, memberName);
  const witness = await store.keys.create('witness');
  const policy = defaultPolicy(request.decimals);
  const entry = encodeEntry(
    {
      circle: ZERO_ID,
      book: 0,
      incarnation: 0,
      epoch: 0,
      device: identity.device,
      lane: LANE.founding,
      seq: 0,
      prev: ZERO_ID,
      body: {
        kind: KIND.found,
        salt: toHex(random(16)),
        name,
        unit,
        decimals: request.decimals,
        sealing: identity.sealing,
        witness,
        memberName: textRecordHash(identity.myName, sha256),
        policy,
        grant: policy.firstGrant,
        at: Math.floor(clock.now() / 1000),
      },
    },
    sha256,
  );
  const signature = await store.keys.sign(identity.device, entryStatement(entry.id));
  if (signature === undefined) return fail({ code: 'internal', values: {} });
  return ok({
    version: 1,
    circle: entry.id,
    ...identity,
    bookKeys: [{ epoch: 0, key: toHex(random(32)) }],
    founding: { bytes: toHex(entry.bytes), signature },
    relays,
    joining: null,
  });
}
