/** Every bound of the transport, in one place: what a peer, a relay or a stranger can make us spend [I18]. */

/** One message on a link: a HAVE batch of 48 KiB and its envelope fit. */
export const MAX_FRAME_BYTES = 64 * 1024 + 1024;
/** Bytes a link takes from its sender before the network has them; above that `send` says no. */
export const MAX_QUEUED_BYTES = 1024 * 1024;
/** Bytes that wait for the worker behind a message port; a peer that overruns this is dropped. */
export const MAX_UNREAD_BYTES = 4 * 1024 * 1024;
/** Links we open by ourselves in one circle. */
export const MAX_OPENED_LINKS = 8;
/** Links in one circle, with those that others open; above, newcomers are sent away. */
export const MAX_LINKS = 24;
/** Peers remembered from rendezvous. */
export const MAX_KNOWN_PEERS = 256;
/** Remotes under a ban; the oldest ban goes first. */
export const MAX_BANS = 256;
/**
 * Relays in use at a time, of those that the app's host names and as many of those that only the circle knows: no
 * invite keeps us from the first, and no host from the second.
 */
export const MAX_RELAYS = 2;
/** Relays we keep in the list to choose from. */
export const MAX_RELAY_LIST = 16;
/** Bytes of a list of relays, as a host sends it or as we remember it. */
export const MAX_RELAY_LIST_BYTES = 16 * 1024;
/**
 * Characters of one relay's address: a host name has up to 253, a peer id 64. libp2p takes time for the square of what it
 * is given to read.
 */
export const MAX_RELAY_ADDRESS_CHARS = 512;
/** Streams of one protocol on one connection: one in use, one that replaces it, one crossing. */
export const MAX_STREAMS_PER_PROTOCOL = 4;
/** Connections of one node: links, relays, and upgrades under way. */
export const MAX_CONNECTIONS = 2 * MAX_LINKS + 2 * MAX_RELAYS + 2;
/** Unsent bytes in a WebRTC channel or a WebSocket before the writer waits. */
export const MAX_SOCKET_BYTES = 256 * 1024;

/** Milliseconds for a dial, a reservation or the opening of a link. */
export const OPEN_TIMEOUT_MS = 10_000;
/** Of two streams that cross, the lower peer id's wins, unless it has waited this long for its answer. */
export const CROSSING_MS = 2_000;
/** A WebRTC dial gathers candidates first, so it gets longer. */
export const UPGRADE_TIMEOUT_MS = 20_000;
/** A connection on which no link has opened by then is closed. */
export const IDLE_CONNECTION_MS = 15_000;
/** An unused connection stays this long: what replaces it may still be under way over it. */
export const LINGER_MS = 2_000;
/** First and longest wait between attempts at one relay. */
export const RELAY_BACKOFF_MS = { first: 300, longest: 15_000 } as const;
/** First and longest wait between attempts at one peer. */
export const PEER_BACKOFF_MS = { first: 400, longest: 60_000 } as const;
/** First and longest wait between attempts at a direct connection. */
export const UPGRADE_BACKOFF_MS = { first: 2_000, longest: 600_000 } as const;
/** What lived shorter than this counts as a failed attempt. */
export const SHORT_LIFE_MS = 10_000;
/** The side with the higher peer id waits this long, so that two do not dial each other at once. */
export const HIGHER_ID_WAIT_MS = 300;
/** We ask the relay for our peers this often: it is also the sign of life. */
export const RELAY_PULSE_MS = 25_000;
/** First and longest wait before the relay list is fetched again: a host that does not answer is asked less often. */
export const RELAY_LIST_BACKOFF_MS = { first: 5_000, longest: 120_000 } as const;
/** A link we closed ourselves (the session ended) is opened again no sooner than this. */
export const AFTER_CLOSE_MS = 5_000;
