/**
 * `/corridor/rendezvous/1`: how peers of one circle find each other at a relay that can't tell which circle [S3].
 *
 * A peer opens one stream with this protocol on its connection to the relay and keeps it open: what it
 * registered lives as long as that stream. Both sides send frames: length (2 bytes) ‖ kind (1 byte) ‖ body,
 * numbers big-endian, lists strictly ascending, so a message has one encoding.
 *
 *   relay → peer  greeting    the relay's day (unix days) and its STUN; again when the day changes
 *   peer → relay  register    replaces this peer's whole set: tags it is listed under, tags it only watches
 *   relay → peer  registered  under how many tags it is listed now (fewer than asked: some were full)
 *   peer → relay  lookup      who is listed under these tags?
 *   relay → peer  found       a bounded sample for each tag, without the asker
 *   relay → peer  notice      somebody was newly listed under a tag this peer registered or watches
 *   relay → peer  refused     the request with that number was not served
 *
 * Register before you look up: then nobody is missed in between. Tags are blinded by the members; the relay
 * compares them and knows nothing else. A peer found by its id is dialled through the relay it was found at:
 *
 *   the circuit:          `${relayAddr}/p2p/${relayId}/p2p-circuit/p2p/${peer}`
 *   WebRTC on top of it:  `${relayAddr}/p2p/${relayId}/p2p-circuit/webrtc/p2p/${peer}`
 *
 * where relayAddr is the relay's own `/dns4/<host>/tcp/<port>/tls/ws` (or `/ip4/…/tcp/…/ws`). The peer must
 * hold a reservation there, so: reserve first, then register.
 */

export const RENDEZVOUS_PROTOCOL = '/corridor/rendezvous/1';

/** Tags in one register (of each sort) or one lookup. */
export const MAX_RENDEZVOUS_TAGS = 64;
/** Peers in one answer, over all its tags. */
export const MAX_FOUND_PEERS = 256;
/** Payload bytes of one frame, either way: a full `found` is 64 · 18 + 256 · 52 + 4. */
export const MAX_RENDEZVOUS_FRAME = 16_384;
const MAX_HOST_LENGTH = 253;
const LENGTH_BYTES = 2;
const TAG_BYTES = 16;
const PEER_CHARS = 52;

export type RefusalReason = 'too-fast' | 'full';
/** Numbered by their place: append only. */
const REASONS: readonly RefusalReason[] = ['too-fast', 'full'];

/** Hex of 16 bytes, lower case. */
export type RendezvousTag = string;
export interface Found {
  readonly tag: RendezvousTag;
  /** Ed25519 peer ids as text. */
  readonly peers: readonly string[];
}
/** What a peer sends. `request` (0…65535) comes back in the answer. */
export type RendezvousRequest =
  | {
      readonly type: 'register';
      readonly request: number;
      readonly tags: readonly RendezvousTag[];
      readonly watch: readonly RendezvousTag[];
    }
  | { readonly type: 'lookup'; readonly request: number; readonly tags: readonly RendezvousTag[] };
/** What a relay sends. `stunPort` 0: it has none; `stunHost` '': the host at which you reached the relay. */
export type RendezvousReply =
  | { readonly type: 'greeting'; readonly day: number; readonly stunHost: string; readonly stunPort: number }
  | { readonly type: 'registered'; readonly request: number; readonly listed: number }
  | { readonly type: 'found'; readonly request: number; readonly found: readonly Found[] }
  | { readonly type: 'notice'; readonly tag: RendezvousTag; readonly peer: string }
  | { readonly type: 'refused'; readonly request: number; readonly reason: RefusalReason };
export type RendezvousMessage = RendezvousRequest | RendezvousReply;

export type RendezvousFault =
  | 'unknown-kind'
  | 'cut-short'
  | 'trailing-bytes'
  | 'too-many'
  | 'not-ascending'
  | 'bad-peer'
  | 'bad-host'
  | 'bad-reason';
export type RendezvousDecoded =
  | { readonly ok: true; readonly value: RendezvousMessage }
  | { readonly ok: false; readonly fault: RendezvousFault };

const KIND = { greeting: 1, register: 2, registered: 3, lookup: 4, found: 5, notice: 6, refused: 7 } as const;

/** Every Ed25519 peer id in base58 has this form; the relay lists no other kind. */
const PEER_FORM = /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/;
const TAG_FORM = /^[0-9a-f]{32}$/;
const HOST_FORM = /^[0-9A-Za-z.:_-]*$/;

/** Whether `text` is an Ed25519 peer id as this protocol carries it. */
export const isRendezvousPeer = (text: string): boolean => PEER_FORM.test(text);
/** Whether `text` is a tag as this protocol carries it. */
export const isRendezvousTag = (text: string): boolean => TAG_FORM.test(text);

const ascending = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

const demand = (holds: boolean, what: string): void => {
  if (!holds) throw new RangeError(`rendezvous: ${what}`);
};

/**
 * One frame, its length in front. Lists are sorted and freed of doubles. A value that has no encoding (too
 * many tags, not a tag, not a peer id) is a broken invariant of the caller and throws RangeError.
 */
export const encodeRendezvous = (message: RendezvousMessage): Uint8Array<ArrayBuffer> => {
  const out: number[] = [0, 0, KIND[message.type]];
  const number = (value: number, bytes: 1 | 2 | 4): void => {
    demand(Number.isInteger(value) && value >= 0 && value < 256 ** bytes, `${value} in ${bytes} bytes`);
    for (let shift = bytes - 1; shift >= 0; shift--) out.push(Math.floor(value / 256 ** shift) % 256);
  };
  const text = (value: string): void => {
    for (let i = 0; i < value.length; i++) out.push(value.charCodeAt(i));
  };
  const tag = (value: string): void => {
    demand(TAG_FORM.test(value), 'a tag is 32 hex digits');
    for (let i = 0; i < value.length; i += 2) out.push(Number.parseInt(value.slice(i, i + 2), 16));
  };
  const peer = (value: string): void => {
    demand(PEER_FORM.test(value), 'a peer is an Ed25519 peer id');
    text(value);
  };
  const tags = (values: readonly string[]): void => {
    const sorted = ascending(values);
    demand(sorted.length <= MAX_RENDEZVOUS_TAGS, `more than ${MAX_RENDEZVOUS_TAGS} tags`);
    number(sorted.length, 1);
    sorted.forEach(tag);
  };

  switch (message.type) {
    case 'greeting':
      demand(message.stunHost.length <= MAX_HOST_LENGTH && HOST_FORM.test(message.stunHost), 'a host name');
      number(message.day, 4);
      number(message.stunPort, 2);
      number(message.stunHost.length, 1);
      text(message.stunHost);
      break;
    case 'register':
      number(message.request, 2);
      tags(message.tags);
      tags(message.watch);
      break;
    case 'registered':
      number(message.request, 2);
      number(message.listed, 1);
      break;
    case 'lookup':
      number(message.request, 2);
      tags(message.tags);
      break;
    case 'found': {
      number(message.request, 2);
      const found = [...message.found].sort((a, b) => (a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0));
      demand(found.length <= MAX_RENDEZVOUS_TAGS, `more than ${MAX_RENDEZVOUS_TAGS} tags`);
      demand(new Set(found.map((one) => one.tag)).size === found.length, 'a tag twice');
      number(found.length, 1);
      let left = MAX_FOUND_PEERS;
      for (const one of found) {
        const peers = ascending(one.peers);
        left -= peers.length;
        demand(left >= 0, `more than ${MAX_FOUND_PEERS} peers`);
        tag(one.tag);
        number(peers.length, 2);
        peers.forEach(peer);
      }
      break;
    }
    case 'notice':
      tag(message.tag);
      peer(message.peer);
      break;
    case 'refused':
      number(message.request, 2);
      number(REASONS.indexOf(message.reason), 1);
      break;
  }
  const payload = out.length - LENGTH_BYTES;
  demand(payload <= MAX_RENDEZVOUS_FRAME, 'frame too long');
  out[0] = payload >> 8;
  out[1] = payload & 255;
  return Uint8Array.from(out);
};

class Cut extends Error {
  readonly fault: RendezvousFault;
  constructor(fault: RendezvousFault) {
    super(fault);
    this.fault = fault;
  }
}

/** The message in one frame's payload (without the length). Total: whatever the bytes, a value or a fault [I16]. */
export const decodeRendezvous = (payload: Uint8Array): RendezvousDecoded => {
  let at = 0;
  const number = (bytes: 1 | 2 | 4): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) {
      const byte = payload[at++];
      if (byte === undefined) throw new Cut('cut-short');
      value = value * 256 + byte;
    }
    return value;
  };
  const text = (length: number): string => {
    if (at + length > payload.length) throw new Cut('cut-short');
    const value = String.fromCharCode(...payload.subarray(at, at + length));
    at += length;
    return value;
  };
  const tag = (): string => {
    let value = '';
    for (let i = 0; i < TAG_BYTES; i++) value += number(1).toString(16).padStart(2, '0');
    return value;
  };
  const peer = (): string => {
    const value = text(PEER_CHARS);
    if (!PEER_FORM.test(value)) throw new Cut('bad-peer');
    return value;
  };
  /** `count` items in strictly ascending order of `key`. */
  const list = <T>(count: number, most: number, item: () => T, key: (value: T) => string): T[] => {
    if (count > most) throw new Cut('too-many');
    const values: T[] = [];
    let last: string | undefined;
    for (let i = 0; i < count; i++) {
      const value = item();
      if (last !== undefined && key(value) <= last) throw new Cut('not-ascending');
      last = key(value);
      values.push(value);
    }
    return values;
  };
  const same = (value: string): string => value;
  const tags = (): string[] => list(number(1), MAX_RENDEZVOUS_TAGS, tag, same);
  const message = (): RendezvousMessage => {
    switch (number(1)) {
      case KIND.greeting: {
        const day = number(4);
        const stunPort = number(2);
        const stunHost = text(number(1));
        if (stunHost.length > MAX_HOST_LENGTH || !HOST_FORM.test(stunHost)) throw new Cut('bad-host');
        return { type: 'greeting', day, stunHost, stunPort };
      }
      case KIND.register:
        return { type: 'register', request: number(2), tags: tags(), watch: tags() };
      case KIND.registered:
        return { type: 'registered', request: number(2), listed: number(1) };
      case KIND.lookup:
        return { type: 'lookup', request: number(2), tags: tags() };
      case KIND.found: {
        const request = number(2);
        let left = MAX_FOUND_PEERS;
        const one = (): Found => {
          const name = tag();
          const peers = list(number(2), left, peer, same);
          left -= peers.length;
          return { tag: name, peers };
        };
        return {
          type: 'found',
          request,
          found: list(number(1), MAX_RENDEZVOUS_TAGS, one, (found) => found.tag),
        };
      }
      case KIND.notice:
        return { type: 'notice', tag: tag(), peer: peer() };
      case KIND.refused: {
        const request = number(2);
        const reason = REASONS[number(1)];
        if (reason === undefined) throw new Cut('bad-reason');
        return { type: 'refused', request, reason };
      }
      default:
        throw new Cut('unknown-kind');
    }
  };
  try {
    const value = message();
    return at === payload.length ? { ok: true, value } : { ok: false, fault: 'trailing-bytes' };
  } catch (cause) {
    if (cause instanceof Cut) return { ok: false, fault: cause.fault };
    throw cause;
  }
};

export type FrameRead =
  | { readonly ok: true; readonly messages: readonly RendezvousMessage[] }
  | { readonly ok: false; readonly fault: RendezvousFault | 'frame-too-long' };

/**
 * Cuts a stream's chunks into messages; keeps at most one unfinished frame. After a fault the stream is
 * worthless and every further call gives that fault again.
 */
export const createRendezvousReader = (): ((chunk: Uint8Array) => FrameRead) => {
  let rest = new Uint8Array(0);
  let broken: FrameRead | undefined;
  return (chunk) => {
    if (broken !== undefined) return broken;
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    const messages: RendezvousMessage[] = [];
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES) {
      const length = (bytes[at] as number) * 256 + (bytes[at + 1] as number);
      if (length > MAX_RENDEZVOUS_FRAME) return (broken = { ok: false, fault: 'frame-too-long' });
      if (bytes.length - at - LENGTH_BYTES < length) break;
      const decoded = decodeRendezvous(bytes.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length));
      if (!decoded.ok) return (broken = decoded);
      messages.push(decoded.value);
      at += LENGTH_BYTES + length;
    }
    rest = bytes.slice(at);
    return { ok: true, messages };
  };
};
