/**
 * A network that does what networks do: delays, stalls, links that die with what is under way, ends that learn of it
 * at different times, partitions, two links between the same two. What the port promises it keeps: whole messages, in
 * order within one link, from whom they say.
 */
import type { Link, Presence, Transport, TransportEvent } from '@corridor/peer';
import type { Life } from './simStore.ts';
import type { Rng } from './rng.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

export interface Weather {
  /** Usual milliseconds of one way. */
  latency: number;
  /** Chance that a message, and so all behind it, waits up to a minute and a half. */
  stall: number;
  /** Mean milliseconds a link lives; Infinity: for ever. */
  linkLife: number;
  /** Chance that a dial opens a second link to somebody who is linked already. */
  double: number;
}
export const CALM: Weather = { latency: 20, stall: 0, linkLife: Number.POSITIVE_INFINITY, double: 0 };

export interface SimNetwork {
  /** Changes for messages and links from now on. */
  weather: Weather;
  /** Joining again under a name is a restart. */
  join(name: string, life: Life, tamper?: Tamper): Transport;
  /** The process behind this name is dead; others learn it later. */
  vanish(name: string): void;
  /** Only names within one group reach each other; undefined: all do. */
  partition(groups: readonly (readonly string[])[] | undefined): void;
}
/** What a hostile device does to its own outgoing messages. */
export type Tamper = (bytes: Uint8Array) => readonly Uint8Array[];

interface Node {
  readonly name: string;
  readonly life: Life;
  readonly tamper: Tamper | undefined;
  handler: ((event: TransportEvent) => void) | undefined;
  presence: readonly Presence[];
  readonly ends: Map<string, End>;
  readonly bans: Map<string, number>;
}
interface End {
  readonly link: Link;
  readonly node: Node;
  other: End | undefined;
  /** No event of this end comes before. */
  free: number;
  queued: number;
  /** The link is gone: what is sent from here is lost, though nobody has told this end. */
  dead: boolean;
  /** What was under way to this end is lost too. */
  lost: boolean;
}
/** The day that every simulated relay announces, whatever clocks say. */
const DAY = 20_000;
const DIAL_MS = 1500;
const MAX_QUEUED = 1024 * 1024;
const MAX_FRAME = 65 * 1024;
const STALL_MS = 90_000;

export function createSimNetwork(options: {
  readonly timeline: Timeline;
  readonly rng: Rng;
  readonly trace: Trace;
  readonly onBan: (by: string, remote: string) => void;
}): SimNetwork {
  const { timeline, rng, trace, onBan } = options;
  const nodes = new Map<string, Node>();
  let groupOf: ReadonlyMap<string, number> | undefined;
  let linksEver = 0;
  const isApart = (a: string, b: string): boolean =>
    groupOf !== undefined && groupOf.get(a) !== groupOf.get(b);
  const delay = (): number => {
    const { latency, stall } = network.weather;
    if (rng.chance(stall)) return rng.below(STALL_MS);
    return latency * (0.25 + 1.5 * rng.next());
  };
  /** An event for one end, after all that were planned before it. */
  const tell = (end: End, ms: number, event: () => TransportEvent | undefined): void => {
    end.free = Math.max(end.free, timeline.now() + ms);
    timeline.after(end.free - timeline.now(), () => {
      const { node } = end;
      const happened = node.life.alive && node.handler !== undefined ? event() : undefined;
      if (happened !== undefined) node.handler?.(happened);
    });
  };
  const forget = (end: End, ms: number): void => {
    tell(end, ms, () => {
      if (!end.node.ends.delete(end.link.id)) return undefined;
      trace.note(`${end.node.name} loses ${end.link.id}`);
      return { type: 'close', link: end.link.id };
    });
  };
  const kill = (end: End): void => {
    if (end.dead) return;
    for (const side of [end, end.other])
      if (side !== undefined) {
        side.dead = true;
        side.lost = true;
        forget(side, rng.below(4000));
      }
  };
  /** One side hangs up: it knows at once, the other hears it after what was sent before, or instead of it. */
  const hangUp = (end: End): void => {
    const { node, link, other } = end;
    if (!node.ends.delete(link.id)) return;
    timeline.after(0, () => {
      if (node.life.alive) node.handler?.({ type: 'close', link: link.id });
    });
    end.dead = true;
    if (other === undefined || other.dead) return;
    other.dead = true;
    other.lost = rng.chance(0.5);
    forget(other, delay());
  };
  const isBanned = (by: Node, remote: string): boolean => (by.bans.get(remote) ?? 0) > timeline.now();

  const open = (from: Node, to: Node, protocol: Link['protocol']): void => {
    linksEver++;
    const endOf = (node: Node, remote: Node, outgoing: boolean): End => ({
      link: {
        id: `L${linksEver}${outgoing ? 'a' : 'b'}`,
        remote: remote.name,
        path: 'direct',
        protocol,
        outgoing,
      },
      node,
      other: undefined,
      free: 0,
      queued: 0,
      dead: false,
      lost: false,
    });
    const near = endOf(from, to, true);
    const far = endOf(to, from, false);
    near.other = far;
    far.other = near;
    trace.note(`${from.name} links to ${to.name} ${protocol} ${near.link.id}`);
    for (const end of [near, far]) {
      end.node.ends.set(end.link.id, end);
      tell(end, delay(), () =>
        end.node.ends.has(end.link.id) ? { type: 'open', link: end.link } : undefined,
      );
    }
    const { linkLife } = network.weather;
    if (linkLife === Number.POSITIVE_INFINITY) return;
    timeline.after(-Math.log(1 - rng.next()) * linkLife, () => {
      if (network.weather.linkLife !== Number.POSITIVE_INFINITY) kill(near);
    });
  };
  const dial = (node: Node): void => {
    if (!node.life.alive || nodes.get(node.name) !== node || node.handler === undefined) return;
    for (const { meet, protocol } of node.presence)
      for (const other of nodes.values()) {
        if (other === node || !other.life.alive || other.handler === undefined) continue;
        if (isApart(node.name, other.name) || isBanned(node, other.name) || isBanned(other, node.name))
          continue;
        if (!other.presence.some(({ register }) => register.some((tag) => meet.includes(tag)))) continue;
        const isLinked = [...node.ends.values()].some(
          ({ link, dead }) => !dead && link.remote === other.name && link.protocol === protocol,
        );
        if (!isLinked || rng.chance(network.weather.double)) open(node, other, protocol);
      }
    timeline.after(DIAL_MS * (0.5 + rng.next()), () => dial(node));
  };
  const drop = (node: Node): void => {
    for (const end of node.ends.values()) {
      end.dead = true;
      const { other } = end;
      if (other === undefined || other.dead) continue;
      other.dead = true;
      other.lost = true;
      forget(other, rng.below(6000));
    }
    node.ends.clear();
    if (nodes.get(node.name) === node) nodes.delete(node.name);
  };
  const post = (end: End, bytes: Uint8Array): void => {
    const { other } = end;
    if (end.dead || other === undefined) return;
    end.queued += bytes.length;
    tell(other, delay(), () => {
      end.queued -= bytes.length;
      if (other.lost || !other.node.ends.has(other.link.id)) return undefined;
      trace.note(`${other.node.name} gets ${bytes[0]} of ${bytes.length} on ${other.link.id}`);
      return { type: 'message', link: other.link.id, bytes };
    });
  };

  const network: SimNetwork = {
    weather: CALM,
    join(name, life, tamper) {
      const former = nodes.get(name);
      if (former !== undefined) drop(former);
      const node: Node = {
        name,
        life,
        tamper,
        handler: undefined,
        presence: [],
        ends: new Map(),
        bans: new Map(),
      };
      nodes.set(name, node);
      const transport: Transport = {
        self: name,
        listen(handler) {
          node.handler = handler;
          const relay = { address: '/sim', state: 'ready', day: DAY } as const;
          timeline.after(0, () => {
            if (life.alive) node.handler?.({ type: 'relays', relays: [relay] });
          });
          timeline.after(rng.below(300), () => dial(node));
        },
        setPresence(presence) {
          node.presence = presence;
        },
        send(link, bytes) {
          const end = node.ends.get(link);
          if (end === undefined || bytes.length > MAX_FRAME || end.queued + bytes.length > MAX_QUEUED)
            return false;
          for (const sent of node.tamper?.(bytes) ?? [bytes]) post(end, sent.slice());
          return true;
        },
        queued: (link) => node.ends.get(link)?.queued ?? 0,
        close(link) {
          const end = node.ends.get(link);
          if (end !== undefined) hangUp(end);
        },
        ban(remote, seconds) {
          onBan(name, remote);
          node.bans.set(remote, timeline.now() + seconds * 1000);
          for (const end of [...node.ends.values()]) if (end.link.remote === remote) hangUp(end);
        },
        setRelayOnly: () => undefined,
        stop() {
          for (const end of [...node.ends.values()]) hangUp(end);
          drop(node);
          node.handler = undefined;
          return Promise.resolve();
        },
      };
      return transport;
    },
    vanish(name) {
      const node = nodes.get(name);
      if (node !== undefined) drop(node);
    },
    partition(groups) {
      groupOf = groups && new Map(groups.flatMap((names, i) => names.map((name) => [name, i] as const)));
      for (const node of nodes.values())
        for (const end of [...node.ends.values()]) if (isApart(node.name, end.link.remote)) kill(end);
    },
  };
  return network;
}
