/**
 * One sync session per link: carries the sessions' effects out over the transport, the gate and the key ring, one
 * link's effects strictly in order. Decides nothing about money.
 */
import type { DeviceKey, Id, TextHash } from '@corridor/ledger';
import {
  choosePushPeers,
  createSession,
  sessionFault,
  type BatchOutcome,
  type EarlierCircle,
  type FeedName,
  type Run,
  type Session,
  type SessionEffect,
  type SessionFault,
  type Shelf,
  type Standing,
  type TextAnswer,
} from '@corridor/sync';
import type {
  CheckBudget,
  Clock,
  KeyRing,
  Link,
  RandomBytes,
  SignatureChecker,
  Transport,
} from '../ports.ts';
import { BAN_SECONDS, MAX_PARTINGS, MAX_SESSIONS, REMOTE_CHECKS, REST_SECONDS, TICK_MS } from './limits.ts';

/** What the sessions need of the circle behind them. */
export interface SyncHost {
  readonly circle: Id;
  readonly device: DeviceKey;
  /** Newest first: asked for each new link. */
  secrets(): readonly Uint8Array[];
  /** Circles that this one was founded from [K1], newest first: asked for each new link. */
  earlier(): readonly EarlierCircle[];
  readonly shelf: Shelf;
  standing(device: DeviceKey): Standing;
  /** What a removed device may still read. */
  parting(device: DeviceKey): Shelf;
  isWitness(device: DeviceKey): boolean;
  /** Whether a decision waits for what it cites [C1]. */
  logWaits(): boolean;
  take(runs: readonly Run[], budget: CheckBudget, source: string, device: DeviceKey): Promise<BatchOutcome>;
  takeTexts(texts: readonly TextAnswer[]): Promise<void>;
  wantedTexts(): readonly TextHash[];
  /** Which books the other side of a session has open, once it has said so. */
  onBooks(books: readonly number[], source: string): void;
  /** A proven device spoke just now. */
  onHeard(device: DeviceKey): void;
  /** Somebody's session became live, or ended. */
  onPresence(): void;
  onEnd(source: string): void;
}
export interface Connection {
  readonly link: Link;
  readonly device: DeviceKey | null;
  readonly live: boolean;
  /** The newest book that the other side has open, as far as it has said so. */
  readonly newestBook: number;
}
export interface Links {
  open(link: Link): void;
  receive(link: string, bytes: Uint8Array): void;
  pathChanged(link: string, path: Link['path']): void;
  closed(link: string): void;
  /** Pushes what was just kept to the sessions that should hear of it first. */
  push(runs: readonly Run[], source: string | null, concerned: ReadonlySet<DeviceKey>): void;
  wantTexts(hashes: readonly TextHash[]): void;
  /** What the shelf shows changed otherwise than by what was pushed: another book is open. */
  shelfChanged(): void;
  connections(): readonly Connection[];
  /** Why the last sessions ended: for tests and "what this phone shares". */
  readonly faults: SessionFault[];
  stop(): void;
}
const MAX_FAULTS_KEPT = 32;

export function createLinks(options: {
  readonly host: SyncHost;
  readonly transport: Transport;
  readonly keys: KeyRing;
  readonly checker: SignatureChecker;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** A broken invariant: the session it met with ends, the rest goes on. */
  readonly failed: (error: unknown) => void;
}): Links {
  const { host, transport, keys, checker, clock, random, failed } = options;
  interface Open {
    link: Link;
    readonly session: Session;
    readonly budget: CheckBudget;
    device: DeviceKey | null;
    newestBook: number;
    /** Of a device that was removed: nobody here, and nothing is pushed to it. */
    isParting: boolean;
    /** What this session's last effect waits for: they are carried out one after another. */
    last: Promise<void>;
  }
  const sessions = new Map<string, Open>();
  const faults: SessionFault[] = [];
  let stopped = false;

  const act = (open: Open, effects: readonly SessionEffect[]): void => {
    for (const effect of effects) if (isOpen(open)) carryOut(open, effect);
  };
  const isOpen = (open: Open): boolean => sessions.get(open.link.id) === open;
  const later = <T>(
    open: Open,
    work: () => Promise<T>,
    then: (value: T) => readonly SessionEffect[],
  ): void => {
    open.last = open.last
      .then(async () => {
        if (!isOpen(open)) return;
        const value = await work();
        if (isOpen(open)) act(open, then(value));
      })
      .catch((error: unknown) => {
        end(open, undefined);
        failed(error);
      });
  };
  /** Nothing is delivered before the other side has proved itself. */
  const metBy = ({ device }: Open): DeviceKey => {
    if (device === null) throw new Error('delivered by nobody');
    return device;
  };
  const carryOut = (open: Open, effect: SessionEffect): void => {
    const { session } = open;
    switch (effect.type) {
      case 'send':
        if (!transport.send(open.link.id, effect.bytes)) end(open, undefined);
        return;
      case 'sign':
        return later(
          open,
          () => keys.sign(host.device, effect.message),
          (s) => session.signed(s ?? null),
        );
      case 'check': {
        const check = { key: effect.device, message: effect.message, signature: effect.signature };
        return later(
          open,
          () => checker.check([check], open.budget),
          ([v]) => session.checked(v ?? 'undecided'),
        );
      }
      case 'met':
        if (effect.standing !== 'removed') {
          open.device = effect.device;
          return host.onPresence();
        }
        open.isParting = true;
        if ([...sessions.values()].filter(({ isParting }) => isParting).length > MAX_PARTINGS)
          end(open, sessionFault('not-a-member', 'too many'));
        return;
      case 'books':
        open.newestBook = effect.books.at(-1) ?? 0;
        return host.onBooks(effect.books, open.link.id);
      case 'deliver':
        return later(
          open,
          () => host.take(effect.runs, open.budget, open.link.id, metBy(open)),
          (outcome) => [...settled(open, effect.batch, outcome), ...session.wantTexts(host.wantedTexts())],
        );
      case 'deliverProof': {
        const runs = effect.branches.map((items): Run => ({ feed: effect.feed, fromSeq: effect.seq, items }));
        const nonempty = runs.filter((run) => run.items.length > 0);
        return later(
          open,
          () => host.take(nonempty, open.budget, open.link.id, metBy(open)),
          (outcome) => settled(open, effect.batch, outcome),
        );
      }
      case 'deliverText':
        return later(
          open,
          () => host.takeTexts(effect.texts),
          () => session.settledBatch(effect.batch, { type: 'settled' }),
        );
      case 'progress':
        if (effect.state === 'live') act(open, session.wantTexts(host.wantedTexts()));
        return host.onPresence();
      case 'close':
        return end(open, effect.fault);
    }
  };
  /**
   * A link whose slow checks are used up ends [E5], and that is nobody's fault: whoever signed what costs so much need
   * not be who carries it. It rests, or a new link would renew the budget at once and it would bound nothing.
   */
  const settled = (open: Open, batch: number, outcome: BatchOutcome): readonly SessionEffect[] => {
    if (outcome.type === 'fault' || open.budget.left >= 1) return open.session.settledBatch(batch, outcome);
    return [{ type: 'close', fault: sessionFault('undecided', 'slow checks') }];
  };
  function end(open: Open, fault: SessionFault | undefined): void {
    if (!sessions.delete(open.link.id)) return;
    if (fault !== undefined) {
      faults.push(fault);
      if (faults.length > MAX_FAULTS_KEPT) faults.shift();
      if (fault.blame === 'remote') transport.ban(open.link.remote, BAN_SECONDS);
      else if (fault.code === 'undecided') transport.ban(open.link.remote, REST_SECONDS);
    }
    transport.close(open.link.id, fault?.code ?? 'ended');
    afterwards(open);
  }
  /** Who waited for a feed that this session was fetching may ask for it now. */
  function afterwards({ link }: Open): void {
    host.onEnd(link.id);
    for (const other of [...sessions.values()]) act(other, other.session.shelfChanged());
    host.onPresence();
  }
  const busy = (asking: string, feed: FeedName): boolean => {
    for (const [id, { session }] of sessions) if (id !== asking && session.isFetching(feed)) return true;
    return false;
  };
  /** Sessions count time by our ticks: a clock that jumps must not end them, nor keep them waiting for years. */
  let ticked = 0;
  const tick = (): void => {
    if (stopped) return;
    ticked += TICK_MS;
    for (const open of [...sessions.values()]) act(open, open.session.tick(ticked));
    cancelTick = clock.after(TICK_MS, tick);
  };
  let cancelTick = clock.after(TICK_MS, tick);

  return {
    faults,
    open(link) {
      if (sessions.size >= MAX_SESSIONS) return transport.close(link.id, 'too many');
      const session = createSession({
        circle: host.circle,
        self: transport.self,
        remote: link.remote,
        outgoing: link.outgoing,
        secrets: host.secrets(),
        earlier: host.earlier(),
        device: host.device,
        nonce: random(16),
        shelf: host.shelf,
        standing: (device) => host.standing(device),
        parting: (device) => host.parting(device),
        busy: (feed) => busy(link.id, feed),
        logWaits: () => host.logWaits(),
      });
      const open: Open = {
        link,
        session,
        budget: { left: REMOTE_CHECKS },
        device: null,
        newestBook: 0,
        isParting: false,
        last: Promise.resolve(),
      };
      sessions.set(link.id, open);
      act(open, session.start());
    },
    receive(id, bytes) {
      const open = sessions.get(id);
      if (open === undefined) return;
      act(open, open.session.receive(bytes));
      if (open.device !== null && isOpen(open)) host.onHeard(open.device);
    },
    pathChanged(id, path) {
      const open = sessions.get(id);
      if (open !== undefined) open.link = { ...open.link, path };
      host.onPresence();
    },
    closed(id) {
      const open = sessions.get(id);
      if (open === undefined) return;
      sessions.delete(id);
      if (open.device !== null && open.session.state() === 'live') host.onHeard(open.device);
      afterwards(open);
    },
    push(runs, source, concerned) {
      const first = runs[0]?.items[0]?.sealed;
      if (first === undefined) return;
      const candidates = [...sessions].flatMap(([session, open]) =>
        session === source || open.device === null
          ? []
          : [
              {
                session,
                witness: host.isWitness(open.device),
                concerned: concerned.has(open.device),
                path: open.link.path,
              },
            ],
      );
      const chosen = new Set(choosePushPeers(candidates, first.subarray(0, 20)));
      for (const [id, open] of [...sessions])
        act(open, chosen.has(id) ? open.session.news(runs) : open.session.shelfChanged());
    },
    wantTexts(hashes) {
      for (const open of [...sessions.values()]) act(open, open.session.wantTexts(hashes));
    },
    shelfChanged() {
      for (const open of [...sessions.values()]) act(open, open.session.shelfChanged());
    },
    connections: () =>
      [...sessions.values()].map(({ link, device, session, newestBook }) => ({
        link,
        device,
        newestBook,
        live: session.state() === 'live' && device !== null,
      })),
    stop() {
      stopped = true;
      cancelTick();
      for (const open of [...sessions.values()]) transport.close(open.link.id, 'stopped');
      sessions.clear();
    },
  };
}
