/**
 * What this device owes as a witness, and only as one: votes and receipts [P5] [P7], promises to stop [C1], and its part
 * in the rounds by which the circle decides [L1]. Runs after every change; timers only make it look again.
 */
import {
  currentTerm,
  draftBookStops,
  draftDuty,
  draftRound,
  draftStops,
  fail,
  isBookDue,
  judgeDecision,
  LANE,
  ok,
  type Act,
  type AdmitAct,
  type Body,
  type DeviceKey,
  type EntryDraft,
  type Id,
  type JoinRequest,
  type NextKey,
  type Ledger,
  type ProposalRefusal,
  type Result,
  type Wish,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import { createJoinWishes } from './joinWishes.ts';
import { DISK_RETRY_MS } from './limits.ts';
import { oneAtATime } from './oneAtATime.ts';
import type { AppendFault, Replica } from './replica.ts';
import { createWaits } from './waits.ts';

export type DecideFault = ProposalRefusal | { readonly rule: 'P7'; readonly code: 'not-the-keeper' };
export interface Keeping {
  isKeeper(): boolean;
  /** The one witness of this book: it decides at once. */
  decidesAlone(): boolean;
  /** A newcomer's request came by a member's voice. */
  hear(request: JoinRequest): void;
  /** The request that some member's voice carries for this invite; the first one counts. */
  carried(request: JoinRequest): JoinRequest | undefined;
  mayCarry(request: JoinRequest): boolean;
  actFor(request: JoinRequest): AdmitAct;
  /** Requests that nobody has answered in the log. */
  waitingJoins(): readonly JoinRequest[];
  /** Votes, receipts, promises and rounds until nothing is owed. Calls while it works run it once more. */
  work(): Promise<void>;
  stop(): void;
  /** Has an act decided. With one witness that is done when this answers; with several it is on its way: 'begun'. */
  decide(act: Act): Promise<Result<'done' | 'begun', DecideFault | AppendFault>>;
  /** Lets one newcomer in, if this device may. */
  admit(request: JoinRequest): Promise<Result<'done' | 'begun', DecideFault | AppendFault | 'expired'>>;
}
/** What the rest of the circle wants decided, for which proofs or keys must be made first. */
export interface WishSource {
  /** Motions that this device lets wait, with their notice still running or a veto against them [C4]. */
  held(): ReadonlySet<Id>;
  /** Oldest first. Asked at every turn. */
  wishes(): Promise<readonly Wish[]>;
  /** Next keys of proposed decisions that have come to all who are to have them [S1]. */
  readyKeys(): Promise<ReadonlySet<string>>;
  /** Whether the book is to be closed now [B1]. */
  wantsBookClosed(): boolean;
  /** This device's key for the next book; null: the disk keeps none, and it goes on under the old one. */
  nextKey(): Promise<NextKey | null>;
}
/** Entries of one turn at most: an unbounded turn would be a fault of the rules, not much work. */
const MAX_TURNS = 4096;

/** `again`: has the host call `work` once more: the disk refused what is owed, or a wait is over. */
export function createKeeping(
  replica: Replica,
  clock: Clock,
  device: DeviceKey,
  source: WishSource,
  again: () => void,
): Keeping {
  const { ledger } = replica;
  const isKeeper = (): boolean => currentTerm(ledger.log, device) !== undefined;
  const joins = createJoinWishes(ledger, clock);
  /** Acts that this device itself was asked to decide and that are not decided yet. */
  let asked: readonly Wish[] = [];
  let stopRetry: (() => void) | undefined;
  const retry = (): void => {
    stopRetry ??= clock.after(DISK_RETRY_MS, () => {
      stopRetry = undefined;
      again();
    });
  };
  const waits = createWaits(clock, again);

  /** Appends what a draft says, as long as it says something. False: the disk refused, or another page wrote. */
  const say = async (draft: () => EntryDraft | readonly Body[] | undefined): Promise<boolean | 'refused'> => {
    const said = await replica.append(LANE.witness, (): Result<readonly Body[], never> => {
      const drafted = isKeeper() ? draft() : undefined;
      if (drafted === undefined) return ok([]);
      return ok('body' in drafted ? [drafted.body] : drafted);
    });
    if (said.ok) return said.value.length > 0;
    if (said.fault === 'storage-refused') retry();
    return 'refused';
  };
  const oneTurn = async (): Promise<void> => {
    for (let turn = 0; turn < MAX_TURNS && isKeeper(); turn++) {
      const voted = await say(() => draftDuty(ledger, device));
      if (voted === 'refused') return;
      if (voted) continue;
      const stopped = await say(() => draftStops(ledger, device, source.held()));
      if (stopped === 'refused') return;
      if (stopped) continue;
      const closing = await stopForBook();
      if (closing === 'refused') return;
      if (closing) continue;
      const decided = await playRound();
      if (decided === 'refused' || !decided) return;
    }
  };
  /** Its part of the book's closing, entry after entry, under a fresh key for the next one [B1]. */
  const stopForBook = async (): Promise<boolean | 'refused'> => {
    if (!isKeeper() || !(source.wantsBookClosed() || isBookDue(ledger))) return false;
    if (draftBookStops(ledger, device) === undefined) return false;
    const next = await source.nextKey();
    return say(() => draftBookStops(ledger, device, next));
  };
  const playRound = async (): Promise<boolean | 'refused'> => {
    const height = ledger.log.height + 1;
    const wishes = [...asked, ...joins.wishes(), ...(await source.wishes())];
    const ready = await source.readyKeys();
    if (ledger.log.height + 1 !== height) return true;
    waits.forgetBelow(height);
    const said = await say(() => {
      const { bodies, timer } = draftRound(ledger, device, wishes, waits.expired(), (key) => ready.has(key));
      waits.start(timer);
      return bodies.length > 0 ? bodies : undefined;
    });
    asked = asked.filter((wish) => !isOver(ledger, wish));
    return said;
  };

  const work = oneAtATime(oneTurn);
  const decide: Keeping['decide'] = async (act) => {
    if (!isKeeper()) return fail({ rule: 'P7', code: 'not-the-keeper' });
    const wish: Wish = { act, approvals: [] };
    if (ledger.n > 1) {
      const lawful = draftedFault(ledger, wish);
      if (lawful !== undefined) return fail(lawful);
      asked = [...asked, wish];
      await work();
      return ok('begun');
    }
    const appended = await replica.append(LANE.witness, (): Result<readonly Body[], DecideFault> => {
      if (!isKeeper()) return fail({ rule: 'P7', code: 'not-the-keeper' });
      const fault = draftedFault(ledger, wish);
      return fault === undefined ? ok(draftRound(ledger, device, [wish], []).bodies) : fail(fault);
    });
    return appended.ok ? ok('done') : appended;
  };
  return {
    isKeeper,
    decidesAlone: () => ledger.n === 1 && isKeeper(),
    hear: joins.hear,
    carried: joins.carried,
    mayCarry: joins.mayCarry,
    actFor: joins.actFor,
    waitingJoins: joins.waiting,
    decide,
    async admit(request) {
      if (request.expiresAt * 1000 < clock.now()) return fail('expired');
      return decide(joins.actFor(request));
    },
    work,
    stop() {
      stopRetry?.();
      waits.stop();
    },
  };
}
/** Why a wish cannot be decided next; undefined: it can. */
function draftedFault(ledger: Ledger, { act, approvals }: Wish): ProposalRefusal | undefined {
  const verdict = judgeDecision(ledger, {
    height: ledger.log.height + 1,
    prev: ledger.log.head,
    act,
    approvals,
  });
  if (verdict.type === 'lawful') return undefined;
  switch (verdict.type) {
    case 'waiting':
      return { rule: 'C1', code: 'waits-for', ids: verdict.ids };
    case 'loses-settled':
      return { rule: 'C2', code: 'loses-settled', device: verdict.device };
    case 'unlawful':
      return verdict.fault;
  }
}
/** What was asked for came to pass, or never will under this log. */
function isOver(ledger: Ledger, wish: Wish): boolean {
  const fault = draftedFault(ledger, wish);
  return fault !== undefined && fault.code !== 'waits-for';
}
