/** One circle's network: links that the transport opens go to sync sessions, to the door, or to our own joining. */
import type { DeviceKey } from '@corridor/ledger';
import { sessionSecret, type EarlierCircle, type Run, type Shelf } from '@corridor/sync';
import { hexToBytes } from '@noble/hashes/utils.js';
import { createHandingOn, type HandingOn } from './handingOn.ts';
import type { Link, Transport } from '../ports.ts';
import { isTelling } from './askingFirst.ts';
import { EMPTY_SHELF } from './bootstrap.ts';
import { recordInPast } from './circleBooks.ts';
import { takeTexts, wantedTextsOf } from './circleNews.ts';
import type { CircleRecord } from './circleRecord.ts';
import { createDoors } from './door.ts';
import { createJoining, invitedBy } from './joining.ts';
import { createLinks, type SyncHost } from './links.ts';
import type { PeerState } from './peerState.ts';
import { createPartingShelf } from './partingShelf.ts';
import { dayOf, noteHeard, presenceOf } from './presence.ts';

type Brought = [runs: readonly Run[], source: string, device: DeviceKey];
export interface NetworkEvents {
  show(): void;
  /** Runs from a peer while there is no book yet; all that should be taken once there is one. */
  begin(record: CircleRecord, ...what: Brought): Promise<readonly Run[]>;
  admitted(record: CircleRecord, bookKeys: CircleRecord['bookKeys'], door: string): void;
  /** Doors whose keys led nowhere. */
  readonly avoidedDoors: ReadonlySet<string>;
}
export interface Network {
  /** The record has other keys of the book now: we are met under those as well. */
  renew(): void;
  stop(): void;
}
/** Connects the transport to the parts of `state`, which it makes, and announces where we are met. */
export function openNetwork(
  state: PeerState,
  transport: Transport,
  record: CircleRecord,
  events: NetworkEvents,
): Network {
  const { store, checker, random, sha256, clock, sealKey } = state.options;
  state.transport = transport;
  transport.setRelayOnly(state.settings.relayOnly);
  const invite = invitedBy(record);
  let handingOn: HandingOn | undefined;
  if (record.bookKeys.length > 0) {
    handingOn = createHandingOn({
      circle: () => state.circle,
      clock,
      onOpen: () => state.links?.shelfChanged(),
      failed: state.failed,
    });
    const host = hostOf(state, record, events, handingOn);
    state.links = createLinks({
      host,
      transport,
      keys: store.keys,
      checker,
      clock,
      random,
      failed: state.failed,
    });
    state.doors = createDoors({
      circle: () => state.circle,
      transport,
      checker,
      clock,
      random,
      sha256,
      sealKey,
      failed: state.failed,
    });
  } else if (invite !== undefined)
    state.joining = createJoining({
      invite,
      record,
      transport,
      keys: store.keys,
      clock,
      sha256,
      onChange: () => events.show(),
      avoid: events.avoidedDoors,
      onAdmitted: (bookKeys, door) => events.admitted(record, bookKeys, door),
    });
  const { links, doors, joining } = state;
  const openLink = (link: Link): void => {
    const served = link.protocol === 'sync' ? links : link.outgoing ? joining : doors;
    if (served === undefined) transport.close(link.id, 'not served here');
    else served.open(link);
  };
  let announced = dayOf(state.relays, clock);
  const announce = (): void => transport.setPresence(presenceOf(state.record ?? record, announced));
  announce();
  transport.listen((event) => {
    switch (event.type) {
      case 'open':
        return openLink(event.link);
      case 'message':
        // Each link is known to one of them.
        links?.receive(event.link, event.bytes);
        joining?.receive(event.link, event.bytes);
        return doors?.receive(event.link, event.bytes);
      case 'path':
        return links?.pathChanged(event.link, event.path);
      case 'close':
        links?.closed(event.link);
        joining?.closed(event.link);
        return doors?.closed(event.link);
      case 'relays': {
        state.relays = event.relays;
        const day = dayOf(event.relays, clock);
        if (day !== announced) {
          announced = day;
          announce();
        }
        return events.show();
      }
    }
  });
  return { renew: announce, stop: () => handingOn?.stop() };
}

function hostOf(
  state: PeerState,
  record: CircleRecord,
  events: NetworkEvents,
  handingOn: HandingOn,
): SyncHost {
  const isWitness = (device: DeviceKey): boolean =>
    state.circle?.replica.ledger.log.terms.some((t) => t.device === device && t.toSeq === null) === true;
  const shelf = (): Shelf => state.circle?.library.shelf.shelf ?? state.beginning?.shelf ?? EMPTY_SHELF;
  return {
    circle: record.circle,
    device: record.device,
    secrets: () => secretsOf(state.record ?? record),
    earlier: () => earlierOf(state.record ?? record, shelf),
    shelf: shelfUpTo(shelf, Infinity),
    standing: (device) => state.circle?.standing(device) ?? 'unknown',
    isWitness,
    parting: (device) => createPartingShelf(() => state.circle?.library.shelf.all() ?? [], device),
    logWaits: () => (state.circle?.replica.ledger.awaiting ?? null) !== null,
    async take(runs, budget, source, device) {
      const all = state.circle === undefined ? await events.begin(record, runs, source, device) : runs;
      return state.circle?.library.shelf.takeSealed(all, budget, source) ?? { type: 'settled' };
    },
    async takeTexts(texts) {
      if (state.circle !== undefined && (await takeTexts(state.circle, texts))) events.show();
    },
    wantedTexts: () => (state.circle === undefined ? [] : wantedTextsOf(state.circle)),
    onBooks: (books, source) => handingOn.named(source, books),
    onHeard: (device) => noteHeard(state, isWitness(device)),
    onPresence() {
      const isIn = (device: DeviceKey | null): boolean =>
        device !== null && state.circle?.standing(device) === 'member';
      const met = state.links?.connections().filter(({ device }) => isIn(device)) ?? [];
      const book = state.circle?.replica.ledger.book ?? 0;
      // What one session is fetching the others leave to it: only where all are done is everything here.
      if (met.length > 0 && !met.some((one) => isTelling(one, book))) state.asking.answered();
      events.show();
    },
    onEnd(source) {
      handingOn.ended(source);
      state.beginning?.ended(source);
      state.circle?.library.shelf.forget(source);
    },
  };
}

/** The secrets of a circle's own keys, newest first: those of what it was founded from are not its own. */
function secretsOf({ past, bookKeys }: CircleRecord): readonly Uint8Array[] {
  const after = (past ?? []).at(-1)?.epoch ?? -1;
  return bookKeys
    .filter(({ epoch }) => epoch > after)
    .map(({ key }) => sessionSecret(hexToBytes(key)))
    .reverse();
}
/** Whoever is still in the old circle is met there, under its keys, and shown its books alone [K1]. */
function earlierOf(record: CircleRecord, shelf: () => Shelf): readonly EarlierCircle[] {
  return [...(record.past ?? [])].reverse().map((past) => {
    const there = recordInPast(record, past);
    return {
      circle: past.circle,
      secrets: secretsOf(there),
      shelf: shelfUpTo(shelf, past.book),
    };
  });
}
/** A shelf of the moment, with the books up to that one. */
const shelfUpTo = (shelf: () => Shelf, last: number): Shelf => ({
  books: () =>
    shelf()
      .books()
      .filter((book) => book <= last),
  takes: (feed) => feed.book <= last && shelf().takes(feed),
  heads: () =>
    shelf()
      .heads()
      .filter(({ feed }) => feed.book <= last),
  head: (feed) => shelf().head(feed),
  idAt: (feed, seq) => shelf().idAt(feed, seq),
  read: (feed, from, bytes) => (feed.book <= last ? shelf().read(feed, from, bytes) : []),
  text: (hash) => shelf().text(hash),
  proofs: (feed) => (feed.book <= last ? shelf().proofs(feed) : []),
});
