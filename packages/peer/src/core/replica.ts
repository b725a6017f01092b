/**
 * One book of a circle on this device: ledger, sealed document, journal, and the gate between them. Everything that
 * changes it goes through one queue. What this device signs is in the strict journal before anybody hears of it [P6].
 */
import {
  createDecoder,
  createLedger,
  decodeEntry,
  draftNext,
  encodeEntry,
  entryStatement,
  headOf,
  feedOf,
  currentTerm,
  LANE,
  fail,
  ok,
  openBook,
  isForkedNow,
  type Body,
  type ClosingStatement,
  type Entry,
  type FoundBody,
  type Id,
  type Lane,
  type Ledger,
  type LedgerOptions,
  type Result,
  type Sha256,
  type Signature,
  type Stored,
  type VerifiedEntry,
  isOrdinaryKey,
} from '@corridor/ledger';
import type { FeedName, Run, Shelf } from '@corridor/sync';
import type { CheckBudget, JournalRow, SignatureChecker, Store } from '../ports.ts';
import { openSignature, sealEntries, sealSignature, type BookKeys } from '../sealing.ts';
import type { BookKey } from '../sealingKey.ts';
import { loadBook } from './bookLoading.ts';
import { bookName, chainName, openBookStore, type BookStore } from './bookStore.ts';
import { createBookWriter, type ReplicaNews } from './bookWriting.ts';
import { createAdopting } from './adopting.ts';
import type { CircleRecord } from './circleRecord.ts';
import { OWN_SIGNATURES, passGate, type GateOutcome } from './gate.ts';
import { chainsOf, openRuns, type Opening, type OpenRun } from './opening.ts';
import { createQueue } from './queue.ts';
import { orRefused } from './refusals.ts';
import { isOfFeed, withoutKnown } from './runParts.ts';
import { createSealedShelf } from './sealedShelf.ts';
import { createTails } from './tails.ts';

export type AppendFault =
  | 'stale-head'
  | 'storage-refused'
  | 'cannot-sign'
  | 'not-encodable'
  | 'closed'
  /** This lane has two histories: nothing is signed there any more [W2]. */
  | 'forked';
export interface Replica {
  readonly circle: Id;
  readonly ledger: Ledger;
  /** What the book began with [B1]; null: the circle's first book. */
  readonly start: ClosingStatement | null;
  readonly shelf: Shelf;
  readonly book: BookStore;
  /** Sealed runs from a peer, with the budget that its slow checks are charged to [E5]. */
  takeSealed(runs: readonly Run[], budget: CheckBudget, source: string): Promise<SealedOutcome>;
  /** Entries that came unsealed: by code from hand to hand. */
  takeOpen(runs: readonly OpenRun[], budget: CheckBudget): Promise<GateOutcome>;
  /**
   * Signs the next entries of one of our lanes. `build` runs when it is our turn, against the state of that moment;
   * `before` runs once the ids are known and before anything is signed.
   */
  append<F>(
    lane: Lane,
    build: () => Result<readonly Body[], F>,
    before?: (entries: readonly Entry[]) => Promise<boolean>,
  ): Promise<Result<readonly Stored[], F | AppendFault>>;
  /** The signature kept beside an entry, opened. */
  signatureOf(id: Id): Promise<Signature | undefined>;
  /** Whether the disk has the whole book strictly. */
  flush(): Promise<boolean>;
  /** A session ended: what it left unsigned is forgotten. */
  forget(source: string): void;
  close(): Promise<void>;
}
export type SealedOutcome =
  | { readonly type: 'settled' }
  | { readonly type: 'unlinked'; readonly feeds: readonly FeedName[] }
  | { readonly type: 'fault'; readonly reason: string };

/** What a test may take out of the ledger's rules to see it missed; everything stands by default. */
export type RuleOptions = Partial<Pick<LedgerOptions, 'accountRules' | 'isOrdinaryKey'>>;
export interface ReplicaOptions {
  readonly record: CircleRecord;
  /** Of {@link readFounding}. */
  readonly founding: VerifiedEntry<FoundBody>;
  /** What the book began with [B1]; null: the circle's first book. */
  readonly start: ClosingStatement | null;
  readonly store: Store;
  readonly keys: BookKeys;
  /** The key that seals now. */
  readonly key: BookKey;
  readonly sha256: Sha256;
  readonly checker: SignatureChecker;
  readonly onNews: (news: ReplicaNews) => void;
  /** What the disk refused to take of the book, or of what nobody at the screen had asked to sign; null: it takes it. */
  readonly onStorage: (part: 'book' | 'journal', trouble: string | null) => void;
  /** Resolves once others were asked for this device's own newest signature [W2]; false: nothing is to be signed any more. */
  readonly maySign?: (() => Promise<boolean>) | undefined;
  readonly rules?: RuleOptions | undefined;
  readonly signal?: AbortSignal;
}
const OWN_BUDGET = (): CheckBudget => ({ left: Number.POSITIVE_INFINITY });
/** Own entries this far behind their chain's head leave the journal once the book is on disk. */
const JOURNAL_KEEPS = 512;
/** Names that entries which come in repeat: devices, and what came shortly before. */
const NAMES_EXPECTED = 2048;

/** Opens the replica from disk: the book first, then what the journal knows beyond it. */
export async function openReplica(options: ReplicaOptions): Promise<Replica> {
  const { record, founding, start, store, keys, key, sha256, checker, signal } = options;
  const { circle } = record;
  let refused = false;
  let closed = false;
  /** Own rows in the journal that the ledger cannot take yet: the log that they stand on was lost with the book. */
  let unreplayed = 0;
  const rules = { sha256, isOrdinaryKey, ...options.rules };
  const ledger =
    start === null ? createLedger(founding, rules) : openBook(founding, start.opening, start.closing, rules);
  const book = await openBookStore(
    store.docs,
    bookName(circle, ledger.book),
    record.clientId,
    (reason) => {
      refused = true;
      options.onStorage('book', reason);
    },
    signal,
  );
  const opening: Opening = { keys, decoder: createDecoder(circle, sha256, NAMES_EXPECTED) };
  const tails = createTails();
  const shelf = createSealedShelf(ledger, book);
  const queue = createQueue();
  const chain = (lane: Lane, incarnation: number): string =>
    chainName(circle, ledger.book, lane, incarnation);
  const incarnationOf = (lane: Lane): number =>
    lane === LANE.account ? (ledger.log.devices.get(record.device)?.incarnation ?? 0) : 0;
  const write = createBookWriter(ledger, book, key, options.onNews);

  await shelveFounding();
  await loadBook({ circle, ledger, book, keys, sha256, checker, signal });
  await replayJournal();

  /** The founding entry stands in the book like any other, so that newcomers find it there. */
  async function shelveFounding(): Promise<void> {
    if (record.founding === null || book.sealed(circle) !== undefined) return;
    const [sealed] = await sealEntries(key, [ledger.founding.entry.bytes], signal);
    const signature = await sealSignature(key, circle, record.founding.signature);
    if (sealed === undefined) return;
    book.write({
      entries: [{ id: circle, sealed }],
      signatures: [{ id: circle, sealed: signature }],
      forget: [],
    });
  }
  async function replayJournal(): Promise<void> {
    unreplayed = 0;
    for (const lane of [LANE.witness, LANE.account, LANE.voice]) {
      const feed = feedOf(ledger, record.device, lane);
      const rows: JournalRow[] = [];
      for (let incarnation = 0; incarnation <= incarnationOf(lane); incarnation++)
        rows.push(...(await store.journal.rows(chain(lane, incarnation), 0, signal)));
      const missing = rows.filter((row) => !ledger.entries.has(row.id));
      unreplayed += missing.length;
      if (feed === undefined || missing.length === 0) continue;
      const opened = await openRuns(
        opening,
        [{ items: missing.map((row) => ({ sealed: row.bytes, signature: null })) }],
        signal,
      );
      if (!opened.ok) continue;
      const signatures = new Map(
        missing.flatMap(({ id, signature }) => (signature === null ? [] : [[id, signature] as const])),
      );
      const sealed = new Map(opened.value.flatMap((run) => [...run.sealed]));
      const chains = chainsOf(opened.value.flatMap((run) => run.entries));
      const runs = chains.map((entries): OpenRun => ({ entries, signatures, sealed }));
      const outcome = await passGate(ledger, runs, checker, OWN_BUDGET(), signal);
      unreplayed -= outcome.kept.length;
      await write(outcome, runs, null);
    }
  }

  /** Whether the disk has the book strictly. */
  const flush = async (): Promise<boolean> => {
    if (!(await book.flush(signal))) return false;
    if (refused) options.onStorage('book', null);
    refused = false;
    return true;
  };
  /** Rows that the book on disk covers need no replay. A refusal costs nothing: there are only more rows than needed. */
  const trim = async (lane: Lane, from: number, head: number): Promise<void> => {
    if (head < 2 * JOURNAL_KEEPS || Math.floor(from / JOURNAL_KEEPS) === Math.floor(head / JOURNAL_KEEPS))
      return;
    if (await flush())
      await orRefused(
        store.journal.trim(chain(lane, incarnationOf(lane)), head - JOURNAL_KEEPS, signal),
        () => undefined,
      );
  };

  /** The drafts as entries. What a screen asked for may fit no entry: better refused here than by everybody else. */
  const encodeAll = (lane: Lane, bodies: readonly Body[]): readonly Entry[] | undefined => {
    const entries: Entry[] = [];
    for (const body of bodies) {
      const entry = encodedOrNot(draftNext(ledger, record.device, lane, body, entries.at(-1)), sha256);
      if (entry === undefined) return undefined;
      entries.push(entry);
    }
    return entries;
  };
  const signAll = async (
    lane: Lane,
    entries: readonly Entry[],
  ): Promise<Result<SignedDrafts, AppendFault>> => {
    const signer = lane === LANE.witness ? currentTerm(ledger.log, record.device)?.key : record.device;
    if (signer === undefined) return fail('cannot-sign');
    const signatures = new Map<Id, Signature>();
    for (const entry of entries) {
      const signature = await store.keys.sign(signer, entryStatement(entry.id), signal);
      if (signature === undefined) return fail('cannot-sign');
      signatures.set(entry.id, signature);
    }
    return ok({ entries, signatures });
  };

  const signatureOf: Replica['signatureOf'] = async (id) => {
    const sealed = book.signature(id);
    if (sealed !== undefined) {
      const signature = await openSignature(keys, id, sealed);
      return signature.ok ? signature.value : undefined;
    }
    // Of our own entries the journal still knows what the book keeps of each feed's newest alone.
    const entry = ledger.entries.get(id)?.entry;
    if (entry === undefined || entry.device !== record.device) return undefined;
    const rows = await store.journal.rows(chain(entry.lane, entry.incarnation), entry.seq, signal);
    return rows.find((row) => row.id === id)?.signature ?? undefined;
  };
  const adopting = createAdopting({
    ledger,
    book,
    device: record.device,
    journal: store.journal,
    incarnationOf,
    chainOf: chain,
    signatureOf,
  });
  const append: Replica['append'] = async (lane, build, before) => {
    // Whoever is alone in the log has nobody to ask.
    if (ledger.log.devices.size > 1 && (await options.maySign?.()) === false) return fail('closed');
    return queue(async () => {
      // Nothing is added to a closed book [B1].
      if (closed || ledger.log.closed !== null) return fail('closed');
      if (!(await adopting.work())) return fail('storage-refused');
      const built = build();
      if (!built.ok) return built;
      if (built.value.length === 0) return ok([]);
      const feed = feedOf(ledger, record.device, lane);
      if (feed !== undefined && isForkedNow(ledger.log, feed)) return fail('forked');
      const head = feed && headOf(feed)?.entry;
      const name = chain(lane, incarnationOf(lane));
      const expectedHead = head?.incarnation === incarnationOf(lane) ? head.id : undefined;
      const drafts = encodeAll(lane, built.value);
      if (drafts === undefined) return fail('not-encodable');
      // What it stands on must not be lost where it is kept: a receipt needs its certificate, a claim its debit [P6].
      if (!(await flush())) return fail('storage-refused');
      if (before !== undefined && !(await orRefused(before(drafts), () => false)))
        return fail('storage-refused');
      const signedDrafts = await signAll(lane, drafts);
      if (!signedDrafts.ok) return signedDrafts;
      const { entries, signatures } = signedDrafts.value;
      const sealed = await sealEntries(
        key,
        entries.map((entry) => entry.bytes),
        signal,
      );
      const rows = entries.flatMap((entry, i): JournalRow[] => {
        const signature = signatures.get(entry.id);
        const bytes = sealed[i];
        return signature === undefined || bytes === undefined
          ? []
          : [{ chain: name, seq: entry.seq, id: entry.id, bytes, signature }];
      });
      const kept = await store.journal.append(name, expectedHead, rows, signal);
      // Who pays is told by the answer; who keeps the book, or has been paid, would never hear of it.
      if (kept === 'refused' && lane !== LANE.account) options.onStorage('journal', kept);
      if (kept === 'refused') return fail('storage-refused');
      options.onStorage('journal', null);
      if (kept === 'stale-head') {
        // Another page of this device wrote: what it signed is ours as well, and the next draft stands on it.
        await replayJournal();
        return fail('stale-head');
      }
      const run: OpenRun = {
        entries,
        signatures,
        sealed: new Map(rows.map((row) => [row.id, { entry: row.bytes, signature: null }])),
      };
      const outcome = await passGate(ledger, [run], OWN_SIGNATURES, OWN_BUDGET(), signal);
      if (outcome.fault !== null || outcome.kept.length !== entries.length)
        throw new Error(`our own draft was refused: ${JSON.stringify(outcome.fault)}`);
      await write(outcome, [run], null);
      const newest = entries.at(-1)?.seq ?? 0;
      await trim(lane, newest - entries.length, newest);
      return ok(outcome.kept);
    });
  };

  return {
    circle,
    ledger,
    start,
    shelf,
    book,
    takeSealed: (runs, budget, source) =>
      queue(async (): Promise<SealedOutcome> => {
        if (closed) return { type: 'settled' };
        const vouched: Run[] = [];
        for (const run of runs.map((r) => tails.joined(source, r))) {
          const signedCount = run.items.findLastIndex((item) => item.signature !== null) + 1;
          if (!tails.keep(source, run, signedCount)) return { type: 'fault', reason: 'F2 not-signed' };
          vouched.push({ ...run, items: run.items.slice(0, signedCount) });
        }
        const news = vouched
          .map((run) => withoutKnown(run, shelf, book))
          .filter((run) => run.items.length > 0);
        if (news.length === 0) return { type: 'settled' };
        const opened = await openRuns(opening, news, signal);
        if (!opened.ok) return { type: 'fault', reason: opened.fault };
        const misnamed = opened.value.findIndex((run, i) => !isOfFeed(ledger, run, news[i]));
        if (misnamed >= 0) return { type: 'fault', reason: 'entries of another feed' };
        const outcome = await passGate(ledger, opened.value, checker, budget, signal);
        await write(outcome, opened.value, source);
        adopting.note(outcome.kept.map(({ entry }) => entry.device));
        if (unreplayed > 0 && outcome.kept.length > 0) await replayJournal();
        if (outcome.fault !== null)
          return { type: 'fault', reason: `${outcome.fault.rule} ${outcome.fault.code}` };
        const feeds = outcome.unlinked.flatMap((i) => (news[i] === undefined ? [] : [news[i].feed]));
        return feeds.length > 0 ? { type: 'unlinked', feeds } : { type: 'settled' };
      }),
    takeOpen: (runs, budget) =>
      queue(async () => {
        const outcome = await passGate(ledger, runs, checker, budget, signal);
        await write(outcome, runs, null);
        adopting.note(outcome.kept.map(({ entry }) => entry.device));
        return outcome;
      }),
    append,
    signatureOf,
    flush,
    forget: (source) => tails.drop(source),
    close: () =>
      queue(async () => {
        closed = true;
        await book.close();
      }),
  };
}
function encodedOrNot(draft: Parameters<typeof encodeEntry>[0], sha256: Sha256): Entry | undefined {
  try {
    const entry = encodeEntry(draft, sha256);
    return decodeEntry(entry.bytes, draft.circle, sha256).ok ? entry : undefined;
  } catch {
    return undefined;
  }
}
interface SignedDrafts {
  readonly entries: readonly Entry[];
  readonly signatures: ReadonlyMap<Id, Signature>;
}
