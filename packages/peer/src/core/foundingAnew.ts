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
import type { Answer } from '../view.ts';
import { allow, refuse, refuseAppend } from './answers.ts';
import type { Circle, CirclePorts } from './circle.ts';
import { recordsOf } from './circleBooks.ts';
import type { CircleRecord } from './circleRecord.ts';
import { copyClosed, noteClosed } from './closedBooks.ts';
import { readFounding } from './foundingRecord.ts';
import type { NewCircle, Started } from './newCircles.ts';
import { TEXT_RECORD_PREFIX } from './texts.ts';
import { orRefused } from './refusals.ts';
import type { Replica } from './replica.ts';
import { carryOver, overtakenOf } from './signAgainRecords.ts';

/** One keeper alone, whose phone this is not: then the others have to be able to go on without it. */
export function canFoundAnew({ replica, record, member }: Circle): boolean {
  const { log, n } = replica.ledger;
  const keeper = log.terms.find(({ toSeq }) => toSeq === null)?.device;
  const own = log.devices.get(record.device);
  const isOwnKeeper = keeper !== undefined && log.devices.get(keeper)?.member === member;
  return n === 1 && log.closed === null && !isOwnKeeper && own !== undefined && standingOf(log, member) === 'active';
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

/** What this device needs to go on in a new circle: its record there, checked and with its key. */
export async function recordThere(
  circle: Circle,
  of: NewCircle,
  start: Started,
  ports: CirclePorts,
): Promise<Answer<CircleRecord>> {
  const { record, replica } = circle;
  const { epoch } = start.opening;
  const key = await circle.turning.keyOf(epoch, of.body.key);
  if (record.founding === null || key === undefined) return refuse('no-key');
  const { ledger } = replica;
  const past = {
    circle: record.circle,
    founding: record.founding,
    book: ledger.book,
    epoch: epoch - 1,
  };
  const next: CircleRecord = {
    ...record,
    circle: of.circle,
    witness: of.founder === record.device ? of.founding.body.witness : null,
    bookKeys: [...record.bookKeys.filter((known) => known.epoch < epoch), { epoch, key }],
    founding: { bytes: of.body.founding, signature: of.body.signature },
    past: [...(record.past ?? []), past],
    joining: null,
  };
  const proven = await readFounding(next, ports);
  return proven.ok ? allow(next) : refuse('bad-signature');
}
/** Says that this device goes along, once. */
export async function sayAlong(
  circle: Circle,
  of: NewCircle,
  { hash }: Started,
  at: number,
): Promise<Answer<null>> {
  if (circle.anew.hasSaid(circle.record.device, of.circle)) return allow(null);
  const said = await circle.replica.append(LANE.voice, () =>
    ok([{ kind: KIND.goAlong, circle: of.circle, opening: hash, at }]),
  );
  return said.ok ? allow(null) : refuseAppend(said.fault);
}
/**
 * Writes what the new circle begins with, once the old book takes nothing more from us: whatever of it is done twice is
 * done alike. False: the disk refused, and this device is where it was.
 */
export async function writeBeginning(
  circle: Circle,
  next: CircleRecord,
  { statement, opening, counted }: Started,
  ports: CirclePorts,
): Promise<boolean> {
  const [before, founding] = [await readFounding(circle.record, ports), await readFounding(next, ports)];
  if (!before.ok || !founding.ok) return false;
  const { replica: old } = circle;
  const { device } = circle.record;
  const here = await recordsOf(circle.record, before.value, ports);
  const there = await recordsOf(next, founding.value, ports);
  const left = leftOf(old, device, counted);
  for (const { body } of left) {
    const sealed = body.memo === null ? undefined : old.book.text(body.memo);
    if (sealed === undefined || body.memo === null) continue;
    const name = `${TEXT_RECORD_PREFIX}${body.memo}`;
    if (!(await orRefused(there.store.records.put(name, sealed), () => false))) return false;
  }
  return (
    (await carryOver(here.again, there.again, old.ledger, left)) &&
    (await copyClosed(here.records, there.records)) &&
    (await noteClosed(there.records, old.ledger, device)) &&
    (await there.openings.keep(opening.book, statement))
  );
}
/** Payments that this device has signed in the old book and that the new circle's opening does not hold, oldest first. */
function leftOf({ ledger }: Replica, device: DeviceKey, counted: Started['counted']): readonly Entry<PayBody>[] {
  const feed = feedOf(ledger, device, LANE.account);
  // Two histories need a talk, not a third one.
  if (feed === undefined || feed.forked) return [];
  const beyond = feed.main.slice(counted.get(device) ?? 0).flatMap(({ entry, verdict }) => {
    const { body } = entry;
    return body.kind === KIND.pay && verdict.type !== 'invalid' ? [{ ...entry, body }] : [];
  });
  return [...overtakenOf(ledger, device), ...beyond];
}
