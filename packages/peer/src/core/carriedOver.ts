/**
 * What was said in a book and holds in the next [B1]: the charter, what is written about meetings, and that this device would
 * keep the book. All stand in voices, which end with their book. What they came to is noted at the border, and said again on the other side.
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
  type SharedTextBody,
} from '@corridor/ledger';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Clock, Store } from '../ports.ts';
import type { Circle } from './circle.ts';
import { CARRY_TURN_MS, DISK_RETRY_MS } from './limits.ts';
import { offerNext } from './offeringKeeping.ts';
import type { SealedRecords } from './sealedRecords.ts';
import { createSharedText, type SharedText } from './sharedText.ts';

/** The texts that the circle writes together, by their numbers. */
const NUMBERS = { charter: 0, meetings: 1 } as const;
export type TextName = keyof typeof NUMBERS;
export const TEXT_NAMES: readonly TextName[] = ['charter', 'meetings'];
export type SharedTexts = Readonly<Record<TextName, SharedText>>;
export const prefixOf = (name: TextName): string => `${name}/`;
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
  const texts = await openSharedTexts(closed.book, device, records);
  for (const name of TEXT_NAMES) {
    for (const stored of closed.entries.values()) texts[name].hear(stored);
    if (!(await putText(records, `${prefixOf(name)}${next}`, texts[name].text()))) return false;
  }
  const offers = saidOffer(closed, device) ?? (await hasNotedOffer(closed.book, records));
  if (!(await records.put(`${OFFERS_PREFIX}${next}`, Uint8Array.of(offers ? 1 : 0)))) return false;
  for (const prefix of [...TEXT_NAMES.map(prefixOf), OFFERS_PREFIX])
    for (const name of await records.names(prefix))
      if (Number.parseInt(name.slice(prefix.length), 10) < closed.book) await records.remove(name);
  return true;
}
/** The shared texts of a book as it began, as far as this device was there. */
export async function openSharedTexts(
  book: number,
  device: DeviceKey,
  records: SealedRecords,
): Promise<SharedTexts> {
  const open = async (name: TextName): Promise<SharedText> => {
    const text = createSharedText(NUMBERS[name], device);
    text.begin(await getText(records, `${prefixOf(name)}${book}`));
    return text;
  };
  return { charter: await open('charter'), meetings: await open('meetings') };
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
/** Of the shared texts the book's witnesses do that, one after another, as long as they are not there as they know them. */
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
  const carryTexts = async (): Promise<boolean> => {
    const { replica, record, sharedTexts } = circle();
    const term = currentTerm(replica.ledger.log, record.device);
    if (term === undefined || !TEXT_NAMES.some((name) => sharedTexts[name].owesCarrying())) return true;
    const wait = began + term.index * CARRY_TURN_MS - clock.now();
    if (term.index > 0 && wait > 0) {
      // A clock that jumps back makes nobody wait longer than a turn.
      lookIn(Math.min(wait, term.index * CARRY_TURN_MS));
      return true;
    }
    const said = await replica.append(LANE.voice, () =>
      ok(TEXT_NAMES.flatMap((name) => carryBodies(sharedTexts, name, Math.floor(clock.now() / 1000)))),
    );
    return said.ok;
  };
  const work = async (): Promise<void> => {
    const { replica, isInside } = circle();
    if (isStopped || isWorking || !isInside() || replica.ledger.log.closed !== null) return;
    isWorking = true;
    try {
      const isDone = (await carryOffer()) && (await carryTexts());
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
/** What carries a text over, if that is still to be done. */
const carryBodies = (texts: SharedTexts, name: TextName, at: number): readonly SharedTextBody[] =>
  bodiesOf(texts[name].owesCarrying() ? texts[name].carrySteps() : [], name, at);
/** What makes `next` out of what was seen as `base`; what it stands upon goes first, if nobody has carried it over yet. */
export const writeBodies = (
  texts: SharedTexts,
  name: TextName,
  { base, next, at }: { readonly base: string; readonly next: string; readonly at: number },
): readonly SharedTextBody[] => [
  ...carryBodies(texts, name, at),
  ...bodiesOf(texts[name].steps(base, next), name, at),
];
const bodiesOf = (steps: readonly string[], name: TextName, at: number): readonly SharedTextBody[] =>
  steps.map((update) => ({ kind: KIND.sharedText, text: NUMBERS[name], update, at }));

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
