/** What two devices do once both have proved themselves: compare, ask, supply, push. */
import { createComparison } from './comparison.ts';
import { createDemand } from './demand.ts';
import { sessionFault } from './faults.ts';
import type { SessionFault } from './faults.ts';
import { createMacs } from './frontier.ts';
import type { Greeted } from './greeting.ts';
import { frontierSalt } from './greetingKeys.ts';
import { RECOMPARE_MS, ROUND_BURST, ROUND_REFILL_MS } from './limits.ts';
import type { FrontierMessage, Message, RootMessage } from './messages.ts';
import type { Session, SessionEffect, SessionOptions, SessionState } from './session.ts';
import { createSupply } from './supply.ts';

type Effects = readonly SessionEffect[];

export interface Exchange {
  readonly begin: () => Effects;
  /** `bytes`: length of the whole message. */
  readonly receive: (message: Message, bytes: number) => Effects;
  /** A fault if a message of this length runs ahead of our credit. */
  readonly charge: (bytes: number) => SessionFault | undefined;
  readonly settled: Session['settledBatch'];
  readonly news: Session['news'];
  readonly shelfChanged: Session['shelfChanged'];
  readonly wantTexts: Session['wantTexts'];
  readonly tick: Session['tick'];
  /** The other side owes us something. */
  readonly waiting: () => boolean;
  readonly isFetching: Session['isFetching'];
  readonly state: () => SessionState;
}

const send = (messages: readonly Uint8Array[]): Effects => messages.map((bytes) => ({ type: 'send', bytes }));
const close = (fault: SessionFault): Effects => [{ type: 'close', fault }];
const orNothing = (fault: SessionFault | undefined): Effects => (fault === undefined ? [] : close(fault));

export const createExchange = (options: SessionOptions, window: number, greeted: Greeted): Exchange => {
  /** Who was removed is told so, and nothing is taken from it: no credit, no wants [S1]. */
  const isParting = options.standing(greeted.device) === 'removed' && options.parting !== undefined;
  const shelf = isParting ? (options.parting?.(greeted.device) ?? options.shelf) : options.shelf;
  const comparison = createComparison(shelf, createMacs(frontierSalt(greeted.key)), options.outgoing);
  const supply = createSupply(shelf);
  const demand = createDemand(shelf, window, (feed) => options.busy?.(feed) === true);
  /** The log does not show the other device yet: only the log's own lanes move. */
  let logOnly = true;
  let met = false;
  let fetched = false;
  let moved = false;
  let roundsLeft = ROUND_BURST;
  let now: number | undefined;
  let comparedAt: number | undefined;

  /** Looks the other device up in the log again. */
  const look = (): Effects => {
    const standing = options.standing(greeted.device);
    if ((standing === 'removed') !== isParting) return close(sessionFault('not-a-member'));
    const news = !met || (logOnly && standing === 'member');
    met = true;
    logOnly = standing === 'unknown';
    return news ? [{ type: 'met', device: greeted.device, standing }] : [];
  };

  const speak = (credit: number): Effects => {
    comparedAt = now;
    moved = false;
    return send(comparison.speak(credit));
  };

  /** Whatever can go now, after each input. */
  const flow = (): Effects => {
    if (!comparison.begun()) return [];
    const supplied = supply.pump(logOnly);
    roundsLeft = Math.min(ROUND_BURST, roundsLeft + supplied.length);
    if (supply.exhausted()) return close(sessionFault('too-many-requests', 'the same again'));
    if (isParting) return [...send(supplied), ...(comparison.owesRoot() ? speak(0) : [])];
    // Nobody serves us money and voices before their log shows us; but ours may wait for just that to go on [C1].
    const mayAsk = options.standing(options.device) === 'member' || options.logWaits?.() === true;
    const effects = [...send(supplied), ...demand.pump(logOnly || !mayAsk)];
    if (demand.busy()) {
      fetched = true;
      return effects;
    }
    // Their question waits until what we fetch is here: our answer is then worth more.
    if (comparison.owesRoot()) {
      fetched = false;
      return [...effects, ...speak(0)];
    }
    if (comparison.open() || !(fetched || comparison.namesMore())) return effects;
    fetched = false;
    return comparison.hasNews() ? [...effects, ...speak(0)] : effects;
  };
  /** `first`, then what follows from it, unless it ends the session. */
  const then = (first: Effects): Effects =>
    first.some((effect) => effect.type === 'close') ? first : [...first, ...flow()];

  const root = (message: RootMessage): Effects => {
    if (!comparison.open()) roundsLeft--;
    if (roundsLeft < 0) return close(sessionFault('too-many-requests', 'comparisons'));
    const known = comparison.theirBooks().join();
    const fault = supply.credit(message.credit) ?? comparison.hear(message);
    if (fault !== undefined) return close(fault);
    const books = comparison.theirBooks();
    const told: Effects = books.join() === known ? [] : [{ type: 'books', books }];
    return [...told, ...send(comparison.advance())];
  };
  const frontier = (message: FrontierMessage): Effects => {
    const fault = comparison.frontier(message, (row, findings) => {
      if (findings.proofAt === undefined && row.seq >= 0) supply.theyHave(row.feed, row.seq);
      if (isParting) return;
      if (findings.want) demand.ahead(row.feed, row.seq);
      if (findings.proofAt !== undefined) demand.differ(row.feed, findings.proofAt);
    });
    return fault === undefined ? send(comparison.advance()) : close(fault);
  };

  const receive = (message: Message, bytes: number): Effects => {
    if (!comparison.begun() && message.type !== 'root')
      return close(sessionFault('out-of-order', `${message.type} before ROOT`));
    switch (message.type) {
      case 'hello':
      case 'member':
        return close(sessionFault('out-of-order', message.type));
      case 'root':
        return root(message);
      case 'frontier':
        return frontier(message);
      case 'want':
        return orNothing(supply.credit(message.credit) ?? supply.want(message.rows));
      case 'have':
      case 'push':
        for (const { feed, fromSeq, items } of message.runs)
          if (items.length > 0) supply.theyHave(feed, fromSeq + items.length - 1);
        return message.type === 'have' ? demand.have(message, bytes) : demand.push(message, bytes, logOnly);
      case 'credit':
        return orNothing(supply.credit(message.credit));
      case 'proofWant':
        return orNothing(supply.wantProof(message));
      case 'proof':
        return demand.proof(message, bytes);
      case 'wantText':
        return orNothing(supply.wantTexts(message.hashes));
      case 'text':
        return demand.text(message, bytes);
    }
  };

  return {
    begin: () => {
      const standing = look();
      if (standing.some((effect) => effect.type === 'close')) return standing;
      return [...standing, ...speak(isParting ? 0 : demand.openCredit())];
    },
    receive: (message, bytes) => then(receive(message, bytes)),
    charge: (bytes) => demand.charge(bytes),
    settled: (batch, outcome) => {
      moved = true;
      return then([...demand.settled(batch, outcome), ...look()]);
    },
    news: (runs) => {
      moved = true;
      if (!comparison.begun()) return [];
      // What is new may be in the log, and say more of the other side.
      const seen = look();
      const wanted = runs.filter(({ feed }) => comparison.isShared(feed.book));
      return then([...seen, ...send(supply.push(wanted, logOnly).messages)]);
    },
    shelfChanged: () => {
      moved = true;
      return then(look());
    },
    wantTexts: (hashes) => {
      if (!isParting) demand.texts(hashes);
      return then([]);
    },
    tick: (time) => {
      const elapsed = now === undefined ? 0 : Math.max(0, time - now);
      now = time;
      comparedAt ??= time;
      supply.elapsed(elapsed);
      demand.elapsed(elapsed);
      roundsLeft = Math.min(ROUND_BURST, roundsLeft + elapsed / ROUND_REFILL_MS);
      const due = moved && comparison.begun() && !comparison.open() && !demand.busy();
      if (!due || time - comparedAt < RECOMPARE_MS) return then([]);
      moved = false;
      comparedAt = time;
      return then(comparison.hasNews() ? speak(0) : []);
    },
    waiting: () => comparison.waiting() || demand.waiting(),
    isFetching: (feed) => demand.isFetching(feed),
    state: () => {
      if (comparison.open() || !comparison.begun()) return 'comparing';
      return demand.busy() ? 'fetching' : 'live';
    },
  };
};
