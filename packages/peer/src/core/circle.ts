/** One open circle on this device: the replica and everything that lives off it, wired together. */
import {
  KIND,
  ok,
  textRecordHash,
  type DeviceKey,
  type Id,
  type Ledger,
  type MemberId,
  type Stored,
  type Result,
  type Sha256,
} from '@corridor/ledger';
import type { Standing } from '@corridor/sync';
import type { Clock, RandomBytes, SignatureChecker, Store } from '../ports.ts';
import type { Cipher } from '../cipher.ts';
import { sealBookKey } from '../bookKeys.ts';
import type { ReplicaNews } from './bookWriting.ts';
import { createAcknowledging, type Acknowledging } from './acknowledge.ts';
import { createAnnouncing, type Announcing } from './announcing.ts';
import type { Begun } from './beginning.ts';
import { noteBorder } from './border.ts';
import { openBookCalendar, type BookCalendar } from './bookCalendar.ts';
import type { BookRing } from './bookRing.ts';
import { createCarrying, openSharedTexts, type Carrying, type SharedTexts } from './carriedOver.ts';
import { openCircleBooks, recordsOf, type CircleBooks } from './circleBooks.ts';
import type { CircleEvents } from './circleEvents.ts';
import { circlesOf, type CircleRecord } from './circleRecord.ts';
import type { SealKey } from './door.ts';
import { createDiskTrouble, type DiskTrouble } from './diskTrouble.ts';
import { createFetching, type Fetching } from './fetching.ts';
import { readFounding, type FoundingFault } from './foundingRecord.ts';
import { openHanded, type Handed } from './handed.ts';
import { openHandOvers, type HandOvers } from './handOvers.ts';
import { openInvoices, type Invoices } from './invoices.ts';
import { createHelpingBack, type HelpingBack } from './helpingBack.ts';
import { openClosedBooks, type ClosedBooks } from './closedBooks.ts';
import { eraseOnceHeard, nextWitnessKey, wantsBookClosed } from './bookEnd.ts';
import {
  hear,
  noteSaid,
  noteSuperseded,
  standingIn,
  type CommentSaid,
  type KeepingOffer,
} from './circleNews.ts';
import { createKeeping, type Keeping } from './keeping.ts';
import { createKeyTurning, type KeyTurning } from './keyTurning.ts';
import type { GoneOn, Library } from './library.ts';
import { lineContextOf, nameIn } from './lineContext.ts';
import type { LineContext } from './lines.ts';
import { collectMine, type Mine } from './mine.ts';
import { createNewCircles, hearOld, type NewCircles } from './newCircles.ts';
import { offerKeeping } from './offeringKeeping.ts';
import { openNotice } from './notice.ts';
import { openRecovery, type Recovery } from './recovery.ts';
import { createWanting } from './wanting.ts';
import { answerAsk } from './room.ts';
import { keepBegun, openProvenance, type Provenance } from './provenance.ts';
import type { Replica, RuleOptions } from './replica.ts';
import { openSigningAgain, type SigningAgain } from './signingAgain.ts';
import { openTextsOf, type Texts } from './texts.ts';

export interface CirclePorts {
  readonly store: Store;
  readonly cipher: Cipher;
  readonly sha256: Sha256;
  readonly checker: SignatureChecker;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly sealKey?: SealKey | undefined;
  readonly rules?: RuleOptions | undefined;
  readonly maySign?: (() => Promise<boolean>) | undefined;
  /** Resolves once somebody has told all they have, which may be never; false: the circle is closed [W2]. */
  readonly hasHeard?: (() => Promise<boolean>) | undefined;
}
export interface Circle {
  readonly record: CircleRecord;
  /** The book in use. */
  readonly replica: Replica;
  /** All of its books that are here. */
  readonly library: Library;
  readonly ring: BookRing;
  readonly texts: Texts;
  readonly keeping: Keeping;
  readonly acknowledging: Acknowledging;
  readonly handed: Handed;
  readonly invoices: Invoices;
  readonly member: MemberId;
  /** Payments of this book in which this member has a part. */
  readonly mine: Mine;
  /** Those of them that were signed again after a closing. */
  readonly superseded: Set<Id>;
  readonly again: SigningAgain;
  readonly announcing: Announcing;
  readonly provenance: Provenance;
  readonly closed: ClosedBooks;
  readonly fetching: Fetching;
  readonly anew: NewCircles;
  readonly calendar: BookCalendar;
  readonly handOvers: HandOvers;
  readonly offers: ReadonlyMap<DeviceKey, KeepingOffer>;
  /** What members said about motions, by motion, oldest first. */
  readonly comments: ReadonlyMap<Id, readonly CommentSaid[]>;
  readonly sharedTexts: SharedTexts;
  readonly carrying: Carrying;
  readonly recovery: Recovery;
  readonly turning: KeyTurning;
  readonly helping: HelpingBack;
  /** Gives room to an own device that asked for it [C5]. */
  answerAsk(asked: Stored): Promise<void>;
  readonly trouble: DiskTrouble;
  /** Whether the log shows this device. */
  isInside(): boolean;
  standing(device: DeviceKey): Standing;
  lineContext(): LineContext;
  /** Offers to keep the book from this device, under a witness key of its own [P7]. */
  offerKeeping(): Promise<Result<null, string>>;
  /** Whether a device belongs to the same member as this one. */
  isOwn(device: DeviceKey): boolean;
  /** Goes on to the next book if this one is closed: the circle there, or why not [B1]. */
  goOn(record: CircleRecord): Promise<Result<Circle, Exclude<GoneOn, 'gone-on'>>>;
  /** Opens the book before this one, for its lines and for whoever is behind. */
  openBefore(): Promise<void>;
  /** Stops what works by itself, and leaves the books open. */
  rest(): Promise<void>;
  close(): Promise<void>;
}
export async function openCircle(
  record: CircleRecord,
  ports: CirclePorts,
  events: CircleEvents,
  signal?: AbortSignal,
): Promise<Result<Circle, FoundingFault>> {
  const parts = await openCircleBooks(record, ports, signal);
  if (!parts.ok) return parts;
  const { library, store } = parts.value;
  const own = { ...ports, store };
  // What stood between two books when the power went goes on from there.
  while ((await library.goOn((closed) => noteAt(closed, record, own, parts.value))) === 'gone-on');
  return ok(await openInBook(record, own, parts.value, events));
}
/** Keeps what a first book begins with. False: the disk refused. */
export async function keepFirstBook(
  record: CircleRecord,
  ports: CirclePorts,
  begun: Begun,
): Promise<boolean> {
  const founding = await readFounding(record, ports);
  if (!founding.ok) return false;
  const { records, openings } = await recordsOf(record, founding.value, ports);
  return keepBegun(begun, records, openings);
}
const noteAt = (
  closed: Replica,
  { device }: CircleRecord,
  { store }: CirclePorts,
  { records, again }: CircleBooks,
): Promise<boolean> => noteBorder(closed, { device, records, texts: store.records, again });
/** The circle as it lives in the library's current book. */
async function openInBook(
  record: CircleRecord,
  ports: CirclePorts,
  parts: CircleBooks,
  events: CircleEvents,
): Promise<Circle> {
  const { store, cipher, sha256, checker, clock, random } = ports;
  const { library, ring, openings, records } = parts;
  const replica = library.current();
  const { keys } = ring;
  const key = ring.newest();

  let circle: Circle | undefined;
  const early: ReplicaNews[] = [];
  const onNews = (news: ReplicaNews): void => {
    if (circle === undefined) early.push(news);
    else hear(circle, { offers, comments }, news, events);
  };
  const trouble = createDiskTrouble({
    clock,
    flush: () => replica.flush(),
    onChange: () => events.onChange([], [], null),
    failed: (error) => events.onFailure(error),
  });
  library.listen({
    news(news, from) {
      if (from === replica) onNews(news);
      else {
        // What still comes for another book is handed on, and changes its own lines at most.
        circle?.closed.touch();
        circle?.fetching.work().catch(events.onFailure);
        if (circle !== undefined) hearOld(circle, from, news);
        events.onChange([], news.runs, news.source);
      }
    },
    storage: (part, reason) => trouble.note(part, reason),
  });
  const { ledger, book } = replica;
  const { device } = record;
  const erasing = await eraseOnceHeard(store, ledger, record, ports, (e) => events.onFailure(e));
  const texts = await openTextsOf({ ledger, book, records: store.records, keys, key, sha256, random });
  const member = (): MemberId => ledger.log.devices.get(device)?.member ?? (device as string as MemberId);
  const offers = new Map<DeviceKey, KeepingOffer>();
  const comments = new Map<Id, CommentSaid[]>();
  const lookAgain = (): void => events.onChange([], [], null);
  const turning = createKeyTurning({
    replica,
    record,
    keys: store.keys,
    cipher,
    random,
    sealKey: ports.sealKey ?? sealBookKey,
  });
  const notice = await openNotice({ ledger, records, clock, again: lookAgain });
  const wanting = createWanting({ replica, device, turning, clock, again: lookAgain, notice });
  const handOvers = await openHandOvers(store);
  // A device brings its own name along, whoever let it in and then lost it. Its record has it strictly already.
  const ownName = textRecordHash(record.myName, sha256);
  if (texts.read(ownName) === undefined) await texts.keep([record.myName], false);
  const invoices = await openInvoices({
    ledger,
    device,
    records,
    keys: store.keys,
    checker,
    sha256,
    clock,
    random,
  });
  const again = await openSigningAgain({
    replica,
    record,
    again: parts.again,
    clock,
    failed: (error) => events.onFailure(error),
    async bringText({ memo }) {
      if (memo === null || texts.read(memo) !== undefined) return true;
      texts.noteDevice(memo);
      for (const older of library.shelf.all()) if (older !== replica) await texts.takeFrom(older.book);
      return true;
    },
    onChange() {
      closed.touch();
      lookAgain();
    },
  });
  const contextIn = (of: Ledger, some: readonly Texts[]): LineContext =>
    lineContextOf({
      ledger: of,
      texts: some,
      member: member(),
      device,
      name: (who) => nameIn(ledger, [texts], who),
      invoices,
      handOvers: handOvers.states,
      again,
      handed: () => own.handed,
      books: [ledger, ...closed.ledgers()],
    });
  const closed: ClosedBooks = await openClosedBooks({
    library,
    records,
    store,
    member,
    openTexts: (older) => openTextsOf({ ...older, records: undefined, keys, key, sha256, random }),
    context: (of, some) => contextIn(of, [some, texts]),
  });
  const calendar = await openBookCalendar({
    ledger,
    device,
    records,
    clock,
    hasCrossed: closed.kept().includes(ledger.book - 1),
    again: lookAgain,
  });
  const own: Circle = {
    record,
    replica,
    library,
    ring,
    texts,
    keeping: createKeeping(
      replica,
      clock,
      device,
      {
        ...wanting,
        wantsBookClosed: () => wantsBookClosed(own),
        nextKey: () => nextWitnessKey(store, ledger, device),
      },
      lookAgain,
    ),
    acknowledging: createAcknowledging(replica, device, clock),
    handed: await openHanded({
      replica,
      bookOf: (of) => library.shelf.at(of),
      books: () => [ledger, ...closed.ledgers()],
      circles: circlesOf(record),
      records,
      checker,
      sha256,
    }),
    invoices,
    get member() {
      return member();
    },
    mine: collectMine(ledger, member),
    superseded: new Set(),
    again,
    provenance: await openProvenance({ ledger, device, records, openings, store }),
    announcing: createAnnouncing(replica, device, await openings.bytesOf(ledger.book), clock, (error) =>
      events.onFailure(error),
    ),
    closed,
    fetching: createFetching({
      library,
      closed,
      clock,
      onOpen: () => events.onShelf(),
      failed: (error) => events.onFailure(error),
    }),
    anew: createNewCircles(sha256),
    calendar,
    handOvers,
    offers,
    comments,
    sharedTexts: await openSharedTexts(ledger.book, device, records),
    carrying: createCarrying({
      circle: () => own,
      records,
      store,
      clock,
      failed: (e) => events.onFailure(e),
    }),
    recovery: await openRecovery({ circle: () => own, records, keys: store.keys, clock, random }),
    turning,
    helping: createHelpingBack({ records, keys: store.keys, clock }),
    answerAsk: (asked) => trouble.until(`room ${asked.entry.id}`, () => answerAsk(own, asked, clock)),
    trouble,
    isInside: () => ledger.log.devices.has(device),
    standing: (other) => standingIn(library.shelf.all(), other),
    lineContext: () => contextIn(ledger, [texts, ...closed.texts()]),
    isOwn: (other) => ledger.log.devices.get(other)?.member === own.member,
    offerKeeping: () => offerKeeping(store.keys, replica, device),
    async goOn(next) {
      await ring.add(next.bookKeys);
      const gone = await library.goOn((old) => noteAt(old, next, ports, parts));
      if (gone !== 'gone-on') return { ok: false, fault: gone };
      const circleThere = await openInBook(next, ports, parts, events);
      await circleThere.openBefore();
      return ok(circleThere);
    },
    async openBefore() {
      const of = ledger.book - 1;
      const before = closed.kept().includes(of) ? await library.open(of) : undefined;
      if (before === undefined) return;
      await closed.attach(before);
      await texts.takeFrom(before.book);
      hearOld(own, before);
      noteSuperseded(own);
    },
    async rest() {
      trouble.stop();
      erasing.stop();
      own.keeping.stop();
      wanting.stop();
      again.stop();
      own.announcing.stop();
      notice.stop();
      calendar.stop();
      own.fetching.stop();
      own.carrying.stop();
      own.acknowledging.stop();
      await own.acknowledging.idle();
    },
    async close() {
      await own.rest();
      await erasing.idle();
      await library.close();
    },
  };
  circle = own;
  const asked: Stored[] = [];
  for (const stored of ledger.entries.values()) {
    noteSaid(own, { offers, comments }, stored);
    // Asked while we were away.
    if (stored.entry.body.kind === KIND.askRoom) asked.push(stored);
  }
  noteSuperseded(own);
  for (const one of asked) own.answerAsk(one).catch(events.onFailure);
  for (const news of early) events.onChange(news.changes, news.runs, news.source);
  return own;
}
