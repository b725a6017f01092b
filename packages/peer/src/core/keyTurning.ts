/**
 * The book's key changes when somebody leaves and with each closing [S1]. A witness that wants such an act decided makes
 * a key and hands it out first: sealed to every device that is to have it, in its own voice. The decision names the
 * key's id, which commits to it; whoever finds that id in a voice opens what is sealed to them. Nobody can see what is
 * sealed to others: so a witness votes for another's key only once it holds it, and once it or more witnesses than may
 * lie have handed it out. One of them is honest then, and everybody has it.
 */
import {
  currentTerm,
  KIND,
  LANE,
  MAX_SEALED_KEYS,
  motionId,
  ok,
  safetyFigures,
  standingOf,
  toHex,
  fromHex,
  type Act,
  type BookKeysBody,
  type DeviceKey,
  type DeviceRecord,
  type Stored,
} from '@corridor/ledger';
import { hexToBytes } from '@noble/hashes/utils.js';
import { openBookKey, type sealBookKey } from '../bookKeys.ts';
import type { Cipher } from '../cipher.ts';
import type { KeyRing, RandomBytes } from '../ports.ts';
import { prepareBookKey } from '../sealingKey.ts';
import type { CircleRecord } from './circleRecord.ts';
import type { Replica } from './replica.ts';

export interface KeyTurning {
  /** The id of a key for what follows this act, made and handed out if there is none yet; undefined: not now. */
  keyFor(act: Act): Promise<string | undefined>;
  /** Whether all who are to have this key after the act have it: who holds it hands it on where only few have. */
  isReady(act: Act, key: string): Promise<boolean>;
  /** Makes a key that no act of this book brings into force and seals it to these; its id. */
  handOut(epoch: number, receivers: readonly DeviceRecord[]): Promise<string | undefined>;
  /** The key of that id, if it was handed out to this device. */
  keyOf(epoch: number, id: string): Promise<string | undefined>;
  hear(stored: Stored): void;
  /** Keys in force by the log that this device did not have and has found now, oldest first. */
  found(): Promise<CircleRecord['bookKeys']>;
}
export function createKeyTurning(options: {
  readonly replica: Replica;
  readonly record: CircleRecord;
  readonly keys: KeyRing;
  readonly cipher: Cipher;
  readonly random: RandomBytes;
  readonly sealKey: typeof sealBookKey;
}): KeyTurning {
  const { replica, record, keys, cipher, random, sealKey } = options;
  const { ledger } = replica;
  /** By key id: who handed it out. */
  const handedOut = new Map<string, Stored[]>();
  /** By epoch, number of devices and motion: the key that this device made for it. */
  const made = new Map<string, string>();
  const hear = (stored: Stored): void => {
    const { body } = stored.entry;
    if (body.kind !== KIND.bookKeys) return;
    const known = handedOut.get(body.key);
    if (known === undefined) handedOut.set(body.key, [stored]);
    else known.push(stored);
  };
  for (const stored of ledger.entries.values()) hear(stored);

  const handOut = async (
    raw: Uint8Array,
    id: string,
    epoch: number,
    receivers: readonly DeviceRecord[],
  ): Promise<boolean> => {
    const sealed: { ordinal: number; sealed: string }[] = [];
    for (const { device, ordinal, sealing } of receivers) {
      const binding = { circle: ledger.circle, book: ledger.book, epoch, device };
      const bytes = await sealKey(sealing, raw, binding);
      // A device with an unusable key gets none; it was let in with that.
      if (bytes !== undefined) sealed.push({ ordinal, sealed: toHex(bytes) });
    }
    const bodies: BookKeysBody[] = [];
    for (let from = 0; from < sealed.length; from += MAX_SEALED_KEYS)
      bodies.push({
        kind: KIND.bookKeys,
        epoch,
        key: id,
        sealed: sealed.slice(from, from + MAX_SEALED_KEYS),
      });
    const said = await replica.append(LANE.voice, () => ok(bodies));
    return said.ok;
  };
  const make = async (epoch: number, receivers: readonly DeviceRecord[]): Promise<string | undefined> => {
    const raw = random(32);
    const { id } = await prepareBookKey(raw, cipher);
    return (await handOut(raw, id, epoch, receivers)) ? id : undefined;
  };
  const witnessesHandingOut = (id: string): ReadonlySet<DeviceKey> =>
    new Set(
      (handedOut.get(id) ?? [])
        .filter(({ entry: { body } }) => body.kind === KIND.bookKeys && body.epoch === ledger.log.epoch + 1)
        .map(({ entry }) => entry.device)
        .filter((device) => currentTerm(ledger.log, device) !== undefined),
    );
  const ordinalHere = (): number => ledger.log.devices.get(record.device)?.ordinal ?? -1;
  return {
    hear,
    handOut: make,
    keyOf: (epoch, id) => openOne(epoch, id, ordinalHere()),
    async keyFor(act) {
      const epoch = ledger.log.epoch + 1;
      // Whoever was let in since is to have it as well.
      const name = `${epoch}/${ledger.log.devices.size}/${motionId(ledger.circle, ledger.book, act)}`;
      const known = made.get(name);
      if (known !== undefined) return known;
      const id = await make(epoch, receiversAfter(ledger, act));
      if (id !== undefined) made.set(name, id);
      return id;
    },
    async isReady(act, id) {
      const witnesses = witnessesHandingOut(id);
      if (witnesses.has(record.device)) return true;
      const isEnough = witnesses.size > safetyFigures(ledger.n).mayLie;
      const receivers = receiversAfter(ledger, act);
      const own = receivers.find(({ device }) => device === record.device);
      // Whom the act takes the book from gets no key, and stands in nobody's way.
      if (own === undefined) return isEnough;
      const epoch = ledger.log.epoch + 1;
      const key = await openOne(epoch, id, own.ordinal);
      return key !== undefined && (isEnough || handOut(hexToBytes(key), id, epoch, receivers));
    },
    async found() {
      const fresh: { epoch: number; key: string }[] = [];
      const own = ledger.log.devices.get(record.device);
      if (own === undefined) return fresh;
      for (const [epoch, id] of ledger.log.keys) {
        if (record.bookKeys.some((known) => known.epoch === epoch)) continue;
        const key = await openOne(epoch, id, own.ordinal);
        if (key !== undefined) fresh.push({ epoch, key });
      }
      return fresh;
    },
  };

  /** Anybody can say anything under a key's id: what opens must be that key. */
  async function openOne(epoch: number, id: string, ordinal: number): Promise<string | undefined> {
    const binding = { circle: ledger.circle, book: ledger.book, epoch, device: record.device };
    for (const { entry } of handedOut.get(id) ?? []) {
      if (entry.body.kind !== KIND.bookKeys || entry.body.epoch !== epoch) continue;
      const mine = entry.body.sealed.find((s) => s.ordinal === ordinal);
      const sealed = mine && fromHex(mine.sealed);
      const raw = sealed && (await openBookKey(keys, record.sealing, sealed, binding));
      if (raw === undefined) continue;
      const key = toHex(raw);
      if ((await prepareBookKey(hexToBytes(key), cipher)).id === id) return key;
    }
    return undefined;
  }
}

/**
 * Whose devices have the key once the act is carried out: everybody's whom the circle has not removed [S1]. Who is paused
 * reads on, and would find no way back without it. A device that comes with the act gets it at the door.
 */
function receiversAfter(ledger: Replica['ledger'], act: Act): readonly DeviceRecord[] {
  const gone = new Set<DeviceKey>(act.type === 'replace' ? act.closings.map(({ device }) => device) : []);
  return [...ledger.log.devices.values()].filter(
    (record) =>
      record.heir === null &&
      !gone.has(record.device) &&
      standingOf(ledger.log, record.member) !== 'expelled' &&
      !(act.type === 'standing' && act.member === record.member),
  );
}
