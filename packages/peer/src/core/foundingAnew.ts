/**
 * Founding a circle anew, and going along [K1]. All of it is said in the old book, in each one's own voice; then this device
 * writes what the new circle begins with beside the old one and goes on there. Whoever does not go along is left as they
 * are: in the old circle, and with their balance in the new one.
 */
import {
  cutOf,
  encodeEntry,
  entryStatement,
  feedOf,
  KIND,
  LANE,
  newestGrant,
  ok,
  standingOf,
  toHex,
  ZERO_ID,
  type DeviceKey,
  type DeviceRecord,
  type Entry,
  type Id,
  type Ledger,
  type PayBody,
} from '@corridor/ledger';
import { sealBookKey } from '../bookKeys.ts';
import type { Answer } from '../view.ts';
import { allow, refuse, refuseAppend } from './answers.ts';
import type { Circle, CirclePorts } from './circle.ts';
import { keepWords } from './border.ts';
import { recordInPast, recordsOf } from './circleBooks.ts';
import type { CircleRecord } from './circleRecord.ts';
import { prefixOf, TEXT_NAMES, noteCarriedOver, OFFERS_PREFIX } from './carriedOver.ts';
import { CLOSED_PREFIX, noteClosed } from './closedBooks.ts';
import { HANDED_PREFIX } from './handed.ts';
import type { SealedRecords } from './sealedRecords.ts';
import { createKeyTurning } from './keyTurning.ts';
import { readFounding } from './foundingRecord.ts';
import type { NewCircle, Started } from './newCircles.ts';
import { orRefused } from './refusals.ts';
import type { Replica } from './replica.ts';
import { carryOver, overtakenOf } from './signAgainRecords.ts';

/** One keeper alone, whose phone this is not: then the others have to be able to go on without it. */
export function canFoundAnew({ replica, record, member }: Circle): boolean {
  const { log, n } = replica.ledger;
  const keeper = log.terms.find(({ toSeq }) => toSeq === null)?.device;
  const own = log.devices.get(record.device);
  const isOwnKeeper = keeper !== undefined && log.devices.get(keeper)?.member === member;
  return (
    n === 1 &&
    log.closed === null &&
    !isOwnKeeper &&
    own !== undefined &&
    standingOf(log, member) === 'active'
  );
}
/** Everybody's devices but the keeper's: that phone is gone, and nobody knows into whose hands. */
function receiversOf({ log }: Ledger): readonly DeviceRecord[] {
  const keepers = new Set(log.terms.flatMap(({ device, toSeq }) => (toSeq === null ? [device] : [])));
  return [...log.devices.values()].filter(
    ({ device, member, heir }) =>
      heir === null && !keepers.has(device) && standingOf(log, member) !== 'expelled',
  );
}
/** Says in the old book that this member founds the circle anew. The new circle's id. */
export async function foundHere(circle: Circle, ports: CirclePorts): Promise<Answer<Id>> {
  if (!canFoundAnew(circle)) return refuse('not-ready');
  const { replica, record } = circle;
  const { ledger } = replica;
  const { log } = ledger;
  const own = log.devices.get(record.device);
  const witness = await orRefused(ports.store.keys.create('witness'), () => undefined);
  if (witness === undefined || own === undefined) return refuse('storage-refused');
  const key = await circle.turning.handOut(log.epoch + 1, receiversOf(ledger));
  if (key === undefined) return refuse('storage-refused');
  const { name, unit, decimals } = log.founding;
  const { admission, firstGrant, smallAmount, offlineAmount, maxEntries, maxBytes } = log.policy;
  const founding = encodeEntry(
    {
      circle: ZERO_ID,
      book: 0,
      incarnation: 0,
      epoch: 0,
      device: record.device,
      lane: LANE.founding,
      seq: 0,
      prev: ZERO_ID,
      body: {
        kind: KIND.found,
        salt: toHex(ports.random(16)),
        name,
        unit,
        decimals,
        sealing: own.sealing,
        witness,
        memberName: own.name,
        policy: { admission, firstGrant, smallAmount, offlineAmount, maxEntries, maxBytes },
        grant: newestGrant(own).grant,
        at: Math.floor(ports.clock.now() / 1000),
      },
    },
    ports.sha256,
  );
  const signature = await ports.store.keys.sign(record.device, entryStatement(founding.id));
  if (signature === undefined) return refuse('internal', { what: 'cannot sign' });
  const said = await replica.append(LANE.voice, () =>
    ok([
      {
        kind: KIND.foundAnew,
        founding: toHex(founding.bytes),
        signature,
        key,
        cut: cutOf(ledger),
      },
    ]),
  );
  return said.ok ? allow(founding.id) : refuseAppend(said.fault);
}

/** The book that a circle was founded from, and this device's record there. */
export interface OldBook {
  readonly record: CircleRecord;
  readonly replica: Replica;
}
/** The book that this new circle was founded from: the one in use, or the last one before it; undefined: neither. */
export async function oldBookOf(circle: Circle, { from }: NewCircle): Promise<OldBook | undefined> {
  const { record, replica, library } = circle;
  if (from === record.circle) return { record, replica };
  const past = (record.past ?? []).at(-1);
  if (past?.circle !== from) return undefined;
  const before = await library.open(past.book);
  return before && { record: recordInPast(record, past), replica: before };
}
/** What this device needs to go on in a new circle: its record there, checked and with its key. */
export async function recordThere(
  old: OldBook,
  of: NewCircle,
  { opening: { epoch } }: Started,
  ports: CirclePorts,
): Promise<Answer<CircleRecord>> {
  const { record, replica } = old;
  const turning = createKeyTurning({ ...old, ...ports, keys: ports.store.keys, sealKey: sealBookKey });
  const key = await turning.keyOf(epoch, of.body.key);
  if (record.founding === null || key === undefined) return refuse('no-key');
  const past = {
    circle: record.circle,
    founding: record.founding,
    book: replica.ledger.book,
    epoch: epoch - 1,
  };
  const next: CircleRecord = {
    ...record,
    circle: of.circle,
    bookKeys: [...record.bookKeys.filter((known) => known.epoch < epoch), { epoch, key }],
    founding: { bytes: of.body.founding, signature: of.body.signature },
    past: [...(record.past ?? []), past],
    joining: null,
  };
  const proven = await readFounding(next, ports);
  return proven.ok ? allow(next) : refuse('bad-signature');
}
/** Says that this device goes along, once; what was said last counts. */
export async function sayAlong(
  { anew }: Circle,
  { record, replica }: OldBook,
  of: NewCircle,
  hash: Id,
  at: number,
): Promise<Answer<null>> {
  if (anew.goesAlong(record.device, of)) return allow(null);
  const said = await replica.append(LANE.voice, () =>
    ok([{ kind: KIND.goAlong, circle: of.circle, opening: hash, at }]),
  );
  return said.ok ? allow(null) : refuseAppend(said.fault);
}
/**
 * Writes what the new circle begins with, once the old book takes nothing more from us: whatever of it is done twice is
 * done alike. False: the disk refused, and this device is where it was.
 */
export async function writeBeginning(
  { record, replica }: OldBook,
  next: CircleRecord,
  { statement, opening, counted }: Started,
  ports: CirclePorts,
): Promise<boolean> {
  const [before, founding] = [await readFounding(record, ports), await readFounding(next, ports)];
  if (!before.ok || !founding.ok) return false;
  const here = await recordsOf(record, before.value, ports);
  const there = await recordsOf(next, founding.value, ports);
  const left = leftOf(replica, record.device, counted);
  return (
    (await carryOver(here.again, there.again, replica.ledger, left)) &&
    (await keepWords(left, replica.book, there.store.records)) &&
    (await noteCarriedOver(replica.ledger, record.device, here.records)) &&
    (await copyNotes(here.records, there.records)) &&
    (await noteClosed(there.records, replica.ledger, record.device)) &&
    (await there.openings.keep(opening.book, statement))
  );
}
/** What holds there as well: closed books that stay readable, what was said that carries over, and payments taken by code. */
async function copyNotes(from: SealedRecords, to: SealedRecords): Promise<boolean> {
  for (const prefix of [CLOSED_PREFIX, ...TEXT_NAMES.map(prefixOf), OFFERS_PREFIX, HANDED_PREFIX])
    for (const name of await from.names(prefix)) {
      const note = await from.get(name);
      if (note !== undefined && !(await to.put(name, note))) return false;
    }
  return true;
}
/** Payments that this device has signed in the old book and that the new circle's opening does not hold, oldest first. */
function leftOf(
  { ledger }: Replica,
  device: DeviceKey,
  counted: Started['counted'],
): readonly Entry<PayBody>[] {
  const feed = feedOf(ledger, device, LANE.account);
  // Two histories need a talk, not a third one.
  if (feed === undefined || feed.forked) return [];
  const beyond = feed.main.slice(counted.get(device) ?? 0).flatMap(({ entry, verdict }) => {
    const { body } = entry;
    return body.kind === KIND.pay && verdict.type !== 'invalid' ? [{ ...entry, body }] : [];
  });
  return [...overtakenOf(ledger, device), ...beyond];
}
