import {
  MAX_FOUND_PEERS,
  type Found,
  type RendezvousReply,
  type RendezvousRequest,
} from '@corridor/sync/rendezvous';
import { createAllowance } from './allowance.ts';
import {
  MAX_NOTICES,
  MAX_PEERS_PER_TAG,
  MAX_REFUSALS,
  NOTICES_AT_ONCE,
  NOTICES_PER_SECOND,
} from './limits.ts';
import { createRate } from './rate.ts';

/** One peer's open stream. */
export interface BoardSession {
  handle(request: RendezvousRequest): void;
  /** The stream is gone: nothing of this session stays. */
  leave(): void;
}
export interface RendezvousBoard {
  /** `end` is called when the board wants the stream closed: too many refusals, or the peer came back. */
  join(peer: string, send: (reply: RendezvousReply) => void, end: (reason: string) => void): BoardSession;
  /** To everyone: the day has changed. */
  tell(reply: RendezvousReply): void;
  /** Tags with at least one peer listed. */
  readonly tags: number;
  readonly sessions: number;
}

interface Session {
  readonly peer: string;
  readonly send: (reply: RendezvousReply) => void;
  readonly end: (reason: string) => void;
  tags: ReadonlySet<string>;
  watch: ReadonlySet<string>;
  refusals: number;
}
/** Who stands under one tag. */
interface Notice {
  readonly listed: Set<Session>;
  readonly watching: Set<Session>;
}

/**
 * Who is listed under which blinded tag, and who wants to hear of it [S3]. Holds nothing but what open
 * streams registered. `elapsed` counts milliseconds; `random` (0 ≤ r < 1) chooses where a sample of a crowded tag begins.
 */
export const createRendezvousBoard = (
  lookupsPerMinute: number,
  elapsed: () => number,
  random: () => number = Math.random,
): RendezvousBoard => {
  const board = new Map<string, Notice>();
  const sessions = new Map<string, Session>();
  // By peer, not by stream: a new stream brings no new allowance.
  const rate = createRate(lookupsPerMinute / 60, lookupsPerMinute);
  const allowance = createAllowance(NOTICES_PER_SECOND, NOTICES_AT_ONCE);

  const under = (tag: string): Notice => {
    const known = board.get(tag);
    if (known !== undefined) return known;
    const fresh: Notice = { listed: new Set(), watching: new Set() };
    board.set(tag, fresh);
    return fresh;
  };
  const drop = (tag: string, role: keyof Notice, session: Session): void => {
    const notice = board.get(tag);
    if (notice === undefined) return;
    notice[role].delete(session);
    if (notice.listed.size === 0 && notice.watching.size === 0) board.delete(tag);
  };

  const register = (session: Session, wanted: readonly string[], watch: readonly string[]): number => {
    const keep = new Set(wanted);
    const watching = new Set(watch);
    for (const tag of session.tags) if (!keep.has(tag)) drop(tag, 'listed', session);
    for (const tag of session.watch) if (!watching.has(tag)) drop(tag, 'watching', session);
    const listed = new Set<string>();
    let notices = 0;
    for (const tag of keep) {
      const notice = under(tag);
      if (!notice.listed.has(session)) {
        if (notice.listed.size >= MAX_PEERS_PER_TAG) continue;
        notice.listed.add(session);
        const others = [...new Set([...notice.listed, ...notice.watching])].filter(
          (other) => other !== session,
        );
        const told = allowance(Math.min(others.length, MAX_NOTICES - notices), elapsed());
        notices += told;
        for (const other of others.slice(0, told)) other.send({ type: 'notice', tag, peer: session.peer });
      }
      listed.add(tag);
    }
    const watched = new Set<string>();
    for (const tag of watching) {
      const notice = under(tag);
      if (notice.watching.size >= MAX_PEERS_PER_TAG && !notice.watching.has(session)) continue;
      notice.watching.add(session);
      watched.add(tag);
    }
    session.tags = listed;
    session.watch = watched;
    return listed.size;
  };

  const lookup = (session: Session, tags: readonly string[]): readonly Found[] => {
    const each = Math.max(1, Math.floor(MAX_FOUND_PEERS / Math.max(1, tags.length)));
    return tags.map((tag) => {
      const others = [...(board.get(tag)?.listed ?? [])].filter((other) => other !== session);
      const start = others.length > each ? Math.floor(random() * others.length) : 0;
      const sample = [...others.slice(start), ...others.slice(0, start)].slice(0, each);
      return { tag, peers: sample.map((other) => other.peer) };
    });
  };

  const leave = (session: Session): void => {
    for (const tag of session.tags) drop(tag, 'listed', session);
    for (const tag of session.watch) drop(tag, 'watching', session);
    session.tags = new Set();
    session.watch = new Set();
    if (sessions.get(session.peer) === session) sessions.delete(session.peer);
  };

  const serve = (session: Session, request: RendezvousRequest): void => {
    if (!rate(session.peer, elapsed())) {
      session.refusals++;
      session.send({ type: 'refused', request: request.request, reason: 'too-fast' });
      if (session.refusals > MAX_REFUSALS) session.end('asked far too often');
      return;
    }
    session.refusals = 0;
    switch (request.type) {
      case 'register': {
        const listed = register(session, request.tags, request.watch);
        session.send({ type: 'registered', request: request.request, listed });
        return;
      }
      case 'lookup':
        session.send({ type: 'found', request: request.request, found: lookup(session, request.tags) });
        return;
    }
  };

  return {
    join: (peer, send, end) => {
      // The newest stream of a peer is the living one: phones change networks without saying goodbye.
      const older = sessions.get(peer);
      if (older !== undefined) {
        leave(older);
        older.end('the peer opened a newer stream');
      }
      const session: Session = { peer, send, end, tags: new Set(), watch: new Set(), refusals: 0 };
      sessions.set(peer, session);
      return {
        handle: (request) => {
          if (sessions.get(peer) === session) serve(session, request);
        },
        leave: () => leave(session),
      };
    },
    tell: (reply) => {
      for (const session of sessions.values()) session.send(reply);
    },
    get tags() {
      let count = 0;
      for (const notice of board.values()) if (notice.listed.size > 0) count++;
      return count;
    },
    get sessions() {
      return sessions.size;
    },
  };
};
