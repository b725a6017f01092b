/** Every bound of the relay in one place. What a host may want to change is in {@link RelayLimits}. */

const MiB = 2 ** 20;

/**
 * What one relay gives, and what one address may take of it. A whole village may stand behind one address
 * (its router's), so one address gets a quarter, not one seat.
 */
export interface RelayLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** New connections per second from one address, and four times that at once. */
  readonly connectionsPerSecond: number;
  readonly reservations: number;
  readonly reservationsPerAddress: number;
  readonly circuits: number;
  readonly circuitsPerAddress: number;
  /** Bytes over one circuit, both directions together. */
  readonly circuitBytes: number;
  readonly circuitSeconds: number;
  /** Registrations and look-ups of one peer. */
  readonly lookupsPerMinute: number;
}
export const DEFAULT_LIMITS: RelayLimits = {
  connections: 1024,
  connectionsPerAddress: 256,
  connectionsPerSecond: 20,
  reservations: 512,
  reservationsPerAddress: 128,
  circuits: 512,
  circuitsPerAddress: 128,
  circuitBytes: 64 * MiB,
  circuitSeconds: 7200,
  lookupsPerMinute: 60,
};

/** Circuits that one peer may have opened, and may have been opened to it. */
export const MAX_CIRCUITS_PER_PEER = 64;
/** Bytes of one direction of a circuit that may wait in the relay for a slow receiver. */
export const MAX_CIRCUIT_BACKLOG = MiB / 4;
/** Receive window of a stream: with the backlog, what one direction of a circuit may cost in memory. */
export const STREAM_WINDOW = MiB / 4;
export const MAX_STREAM_READ_BUFFER = MiB;
export const MAX_STREAMS_PER_CONNECTION = 256;
export const RESERVATION_MS = 2 * 3600 * 1000;

/** A WebSocket message of libp2p carries at most one Noise frame (64 KiB and its length). */
export const MAX_WEBSOCKET_MESSAGE = MiB;
export const MAX_WEBSOCKET_FRAGMENTS = 64;
/** A connection that says nothing for so long is dead: libp2p asks for a sign of life every 10 s. */
export const SILENCE_MS = 120_000;
/** A socket that libp2p does not know (any more) after so long is closed. */
export const UPGRADE_MS = 30_000;
export const SWEEP_MS = 15_000;

/** Peers listed or watching under one tag. */
export const MAX_PEERS_PER_TAG = 256;
/**
 * Notices that one registration may cause, and all of them together: one who comes under many crowded tags would make
 * the relay write a megabyte each time. Who hears nothing finds the newcomer at their next look-up.
 */
export const MAX_NOTICES = 2048;
export const NOTICES_PER_SECOND = 4096;
/** At once: a whole relay's peers come back together when it was down. */
export const NOTICES_AT_ONCE = 65_536;
/** Refusals in a row before the stream is cut. */
export const MAX_REFUSALS = 20;
/** Answers that may wait for a peer that does not read. */
export const MAX_RENDEZVOUS_BACKLOG = MiB / 4;

/** Further relays that the app is told of: with this one as many as it keeps. */
export const MAX_OTHER_RELAYS = 15;

export const HTTP_HEADERS_MS = 10_000;
export const HTTP_REQUEST_MS = 20_000;
export const MAX_HTTP_HEADER_BYTES = 16_384;
export const MAX_URL_LENGTH = 2048;
/** Sockets above those that became WebSockets: page loads, and what waits for its first line. */
export const SPARE_HTTP_SOCKETS = 512;
export const SPARE_HTTP_SOCKETS_PER_ADDRESS = 128;
export const MAX_STATIC_FILE = 32 * MiB;
/** Encoded files kept in memory. */
export const STATIC_CACHE_BYTES = 32 * MiB;

/** Datagrams above this are no binding request of anybody's. */
export const MAX_STUN_REQUEST = 1280;
export const STUN_PER_SECOND_PER_ADDRESS = 20;
export const STUN_PER_SECOND = 2000;
/** Addresses whose recent rate is remembered: beyond that the longest unused is forgotten. */
export const MAX_RATE_KEYS = 8192;

/** SIGTERM to the end of the process. */
export const SHUTDOWN_MS = 1500;
