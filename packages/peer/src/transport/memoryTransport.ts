import type { Link, Presence, Transport, TransportEvent } from '../ports.ts';
import { MAX_FRAME_BYTES, MAX_LINKS, MAX_QUEUED_BYTES } from './limits.ts';

/** A network in one process: same port, same rules, no sockets and no timers. For tests. */
export interface MemoryNetwork {
  /** A transport of that name, which is also its peer id. Joining again under a name is a restart. */
  join(name: string): Transport;
  /** Until `heal`, these two do not reach each other; their links close. */
  cut(a: string, b: string): void;
  /** Ends all cuts: who wants to meet, meets. */
  heal(): void;
}

interface Node {
  readonly name: string;
  handler: ((event: TransportEvent) => void) | undefined;
  presence: readonly Presence[];
  readonly ends: Map<string, End>;
  /** A ban ends with the restart of the one who holds it: this network has no clock. */
  readonly banned: Set<string>;
}
interface End {
  readonly link: Link;
  readonly node: Node;
  other: End | undefined;
  /** Bytes on their way from here. */
  queued: number;
}

/**
 * Events are delivered in the order in which they arose, in microtasks, so a run depends on nothing but what
 * the parties do.
 */
export function createMemoryNetwork(): MemoryNetwork {
  const nodes = new Map<string, Node>();
  const cuts = new Set<string>();
  const tasks: (() => void)[] = [];
  let isRunning = false;
  let linksEver = 0;

  const later = (task: () => void): void => {
    tasks.push(task);
    if (isRunning) return;
    isRunning = true;
    queueMicrotask(() => {
      for (let next = tasks.shift(); next !== undefined; next = tasks.shift()) next();
      isRunning = false;
    });
  };
  const cutKey = (a: string, b: string): string => [a, b].sort().join('|');
  const isCut = (a: Node, b: Node): boolean => cuts.has(cutKey(a.name, b.name));
  const tell = (node: Node, event: TransportEvent): void => later(() => node.handler?.(event));
  const linked = (from: Node, to: Node, protocol: Link['protocol']): boolean =>
    [...from.ends.values()].some(({ link }) => link.remote === to.name && link.protocol === protocol);

  const open = (from: Node, to: Node, protocol: Link['protocol']): void => {
    linksEver += 1;
    const end = (node: Node, remote: Node, outgoing: boolean): End => ({
      link: { id: `${node.name}-${linksEver}`, remote: remote.name, path: 'direct', protocol, outgoing },
      node,
      other: undefined,
      queued: 0,
    });
    const near = end(from, to, true);
    const far = end(to, from, false);
    near.other = far;
    far.other = near;
    for (const { node, link } of [near, far]) {
      node.ends.set(link.id, node === from ? near : far);
      tell(node, { type: 'open', link });
    }
  };
  const shut = (end: End): void => {
    for (const side of [end, end.other]) {
      if (side === undefined || !side.node.ends.delete(side.link.id)) continue;
      tell(side.node, { type: 'close', link: side.link.id });
    }
  };
  const shutWhere = (matches: (end: End) => boolean): void => {
    for (const node of nodes.values()) for (const end of [...node.ends.values()]) if (matches(end)) shut(end);
  };
  const meet = (from: Node): void => {
    for (const { meet: tags, protocol } of from.presence) {
      for (const to of nodes.values()) {
        const isListed = to.presence.some(({ register }) => register.some((tag) => tags.includes(tag)));
        if (to === from || !isListed || to.handler === undefined || from.handler === undefined) continue;
        if (isCut(from, to) || from.banned.has(to.name) || to.banned.has(from.name)) continue;
        if (from.ends.size >= MAX_LINKS || to.ends.size >= MAX_LINKS) continue;
        if (!linked(from, to, protocol)) open(from, to, protocol);
      }
    }
  };
  const meetAll = (): void => later(() => [...nodes.values()].forEach(meet));
  const leave = (node: Node): void => {
    for (const end of [...node.ends.values()]) shut(end);
    if (nodes.get(node.name) === node) nodes.delete(node.name);
  };

  return {
    join(name) {
      const former = nodes.get(name);
      if (former !== undefined) {
        leave(former);
        former.handler = undefined;
      }
      const node: Node = { name, handler: undefined, presence: [], ends: new Map(), banned: new Set() };
      nodes.set(name, node);
      return {
        self: name,
        listen(handler) {
          node.handler = handler;
          tell(node, { type: 'relays', relays: [] });
          for (const { link } of node.ends.values()) tell(node, { type: 'open', link });
          meetAll();
        },
        setPresence(presence) {
          node.presence = presence;
          meetAll();
        },
        send(link, bytes) {
          const end = node.ends.get(link);
          const isTooMuch =
            bytes.length > MAX_FRAME_BYTES || (end?.queued ?? 0) + bytes.length > MAX_QUEUED_BYTES;
          if (end === undefined || isTooMuch) return false;
          const copy = bytes.slice();
          end.queued += copy.length;
          later(() => {
            end.queued -= copy.length;
            const { other } = end;
            if (other === undefined || !other.node.ends.has(other.link.id)) return;
            other.node.handler?.({ type: 'message', link: other.link.id, bytes: copy });
          });
          return true;
        },
        queued: (link) => node.ends.get(link)?.queued ?? 0,
        close(link) {
          const end = node.ends.get(link);
          if (end !== undefined) shut(end);
        },
        ban(remote) {
          node.banned.add(remote);
          for (const end of [...node.ends.values()]) if (end.link.remote === remote) shut(end);
        },
        setRelayOnly() {
          // No addresses here that could be hidden.
        },
        stop() {
          leave(node);
          node.handler = undefined;
          return Promise.resolve();
        },
      };
    },
    cut(a, b) {
      cuts.add(cutKey(a, b));
      shutWhere(({ link, node }) => cutKey(node.name, link.remote) === cutKey(a, b));
    },
    heal() {
      cuts.clear();
      meetAll();
    },
  };
}
