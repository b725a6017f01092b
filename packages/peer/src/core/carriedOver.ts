/**
 * What was said in a book and holds in the next [B1]: the charter, and that this device would keep the book. Both stand in
 * voices, which end with their book. What they came to is noted at the border, and said again on the other side.
 */
import {
  concatBytes,
  currentTerm,
  feedOf,
  KIND,
  LANE,
  ok,
  type DeviceKey,
  type Ledger,
} from '@corridor/ledger';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Clock, Store } from '../ports.ts';
import type { Circle } from './circle.ts';
import { CARRY_TURN_MS, DISK_RETRY_MS } from './limits.ts';
import { offerNext } from './offeringKeeping.ts';
import type { SealedRecords } from './sealedRecords.ts';
import { createSharedText, type SharedText } from './sharedText.ts';

/** The charter's number among the shared texts. */
const CHARTER = 0;
export const CHARTER_PREFIX = 'charter/';
export const OFFERS_PREFIX = 'offers/';
/** Bytes of one piece: what a seal takes. */
const PIECE_BYTES = 4000;
const MAX_PIECES = 256;

/** Notes for the next book what this one came to. Done anew, it comes to the same. False: the disk refused. */
export async function noteCarriedOver(
  closed: Ledger,
  device: DeviceKey,
  records: SealedRecords,
): Promise<boolean> {
  const next = closed.book + 1;
  const charter = await openCharter(closed.book, device, records);
  for (const stored of closed.entries.values()) charter.hear(stored);
  const offers = saidOffer(closed, device) ?? (await hasNotedOffer(closed.book, records));
  const kept =
    (await putText(records, `${CHARTER_PREFIX}${next}`, charter.text())) &&
    (await records.put(`${OFFERS_PREFIX}${next}`, Uint8Array.of(offers ? 1 : 0)));
  if (!kept) return false;
  for (const prefix of [CHARTER_PREFIX, OFFERS_PREFIX])
    for (const name of await records.names(prefix))
      if (Number.parseInt(name.slice(prefix.length), 10) < closed.book) await records.remove(name);
  return true;
}
/** The charter of a book as it began, as far as this device was there. */
export async function openCharter(
  book: number,
  device: DeviceKey,
  records: SealedRecords,
): Promise<SharedText> {
  const charter = createSharedText(CHARTER, device);
  charter.begin(await getText(records, `${CHARTER_PREFIX}${book}`));
  return charter;
}
const hasNotedOffer = async (book: number, records: SealedRecords): Promise<boolean> =>
  (await records.get(`${OFFERS_PREFIX}${book}`))?.[0] === 1;
/** Whether a device offers to keep the next book, by its newest word on that; undefined: it said nothing in this one. */
function saidOffer(ledger: Ledger, device: DeviceKey): boolean | undefined {
  const said = (feedOf(ledger, device, LANE.voice)?.main ?? []).flatMap(({ entry: { body } }) =>
    body.kind === KIND.offerKeeping ? [body.consent !== null] : [],
  );
  return said.at(-1);
}

export interface Carrying {
  /** Says again what this device has to. Calls while it works are left out. */
  work(): Promise<void>;
  stop(): void;
}
/** Of the charter the book's witnesses do that, one after another, as long as it is not there as they know it. */
export function createCarrying(options: {
  readonly circle: () => Circle;
  readonly records: SealedRecords;
  readonly store: Store;
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
}): Carrying {
  const { circle, records, store, clock, failed } = options;
  const began = clock.now();
  let isStopped = false;
  let isWorking = false;
  let cancel: (() => void) | undefined;
  const lookIn = (ms: number): void => {
    cancel?.();
    if (!isStopped) cancel = clock.after(ms, () => void work().catch(failed));
  };
  const carryOffer = async (): Promise<boolean> => {
    const { replica, record } = circle();
    const { ledger } = replica;
    if (saidOffer(ledger, record.device) !== undefined || !(await hasNotedOffer(ledger.book, records)))
      return true;
    return (await offerNext(store.keys, replica, record.device, true)).ok;
  };
  const carryCharter = async (): Promise<boolean> => {
    const { replica, record, charter } = circle();
    const term = currentTerm(replica.ledger.log, record.device);
    if (term === undefined || !charter.owesCarrying()) return true;
    const wait = began + term.index * CARRY_TURN_MS - clock.now();
    if (term.index > 0 && wait > 0) {
      // A clock that jumps back makes nobody wait longer than a turn.
      lookIn(Math.min(wait, term.index * CARRY_TURN_MS));
      return true;
    }
    const said = await replica.append(LANE.voice, () =>
      ok(charterBodies(charter, Math.floor(clock.now() / 1000))),
    );
    return said.ok;
  };
  const work = async (): Promise<void> => {
    const { replica, isInside } = circle();
    if (isStopped || isWorking || !isInside() || replica.ledger.log.closed !== null) return;
    isWorking = true;
    try {
      const isDone = (await carryOffer()) && (await carryCharter());
      if (!isDone) lookIn(DISK_RETRY_MS);
    } finally {
      isWorking = false;
    }
  };
  return {
    work,
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
/** What carries the charter over, if that is still to be done. */
export const charterBodies = (charter: SharedText, at: number) =>
  (charter.owesCarrying() ? charter.carrySteps() : []).map((update) => ({
    kind: KIND.sharedText,
    text: CHARTER,
    update,
    at,
  }));

async function putText(records: SealedRecords, name: string, text: string): Promise<boolean> {
  const bytes = utf8ToBytes(text);
  let pieces = 0;
  for (let from = 0; from < bytes.length; from += PIECE_BYTES)
    if (!(await records.put(`${name}/${pieces++}`, bytes.slice(from, from + PIECE_BYTES)))) return false;
  return records.put(name, Uint8Array.of(pieces & 0xff, pieces >> 8));
}
async function getText(records: SealedRecords, name: string): Promise<string> {
  const head = await records.get(name);
  const count = (head?.[0] ?? 0) + 256 * (head?.[1] ?? 0);
  const pieces: Uint8Array[] = [];
  for (let piece = 0; piece < Math.min(count, MAX_PIECES); piece++) {
    const bytes = await records.get(`${name}/${piece}`);
    if (bytes === undefined) return '';
    pieces.push(bytes);
  }
  return new TextDecoder().decode(concatBytes(...pieces));
}
