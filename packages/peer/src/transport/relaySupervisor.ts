import type { Connection } from '@libp2p/interface';
import type { Clock, RandomBytes, RelayState } from '../ports.ts';
import { backoff } from './backoff.ts';
import {
  MAX_RELAY_LIST,
  MAX_RELAYS,
  OPEN_TIMEOUT_MS,
  RELAY_BACKOFF_MS,
  RELAY_LIST_BACKOFF_MS,
  SHORT_LIFE_MS,
} from './limits.ts';
import { readRelayAddress } from './relayAddress.ts';
import type { Relay, RelayAddress } from './relayAddress.ts';
import { openRendezvous } from './rendezvous.ts';
import type { RelayGreeting, Rendezvous, RendezvousEvents, Tags } from './rendezvous.ts';

/** What the supervisor needs of the libp2p node. */
export interface RelayDialler {
  dial(relay: Relay, signal: AbortSignal): Promise<Connection>;
  /** Makes a reservation on that connection; rejects if the relay has none for us. */
  reserve(connection: Connection, signal: AbortSignal): Promise<void>;
  /** Calls back when the reservation of that relay has lapsed. */
  onReservationLost(handler: (peerId: string) => void): void;
}

export interface RelaySupervisorOptions {
  readonly dialler: RelayDialler;
  /** Those that the circle knows by itself: they stay in the list whatever the app's host names. */
  readonly relays: readonly RelayAddress[];
  /** What the app's host named last; what it names now takes their place. */
  readonly announced?: readonly RelayAddress[] | undefined;
  /** Whether a connection without TLS is out of the question, as for a page that came over https. */
  readonly secureOnly?: boolean | undefined;
  /** Asked at the start and when a relay fails: addresses and peer ids may have changed. */
  readonly fetchRelays?: ((signal: AbortSignal) => Promise<readonly RelayAddress[]>) | undefined;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** The states of all relays in the list, whenever one changes. */
  readonly changed: (states: readonly RelayState[]) => void;
  readonly found: (relay: Relay, tag: string, peers: readonly string[], isNews: boolean) => void;
  /** A relay can carry circuits from now on. */
  readonly ready: (relay: Relay) => void;
}

export interface RelaySupervisor {
  start(): void;
  /** The network may be back, or the page: tries at once what waits, and asks the others for a sign of life. */
  wake(): void;
  setTags(tags: Tags): void;
  /** Relays that carry circuits now. */
  readyRelays(): readonly Relay[];
  /** Every relay in the list: the only ones that may be dialled. */
  listed(): readonly Relay[];
  states(): readonly RelayState[];
  /** STUN servers that the ready relays named, as `stun:host:port`. */
  stunServers(): readonly string[];
  stop(): void;
}

interface Slot {
  readonly relay: Relay;
  /** Named by the app's host. */
  isAnnounced: boolean;
  state: RelayState['state'];
  failures: number;
  /** Set while the slot waits for its next attempt. */
  cancelWait: (() => void) | undefined;
  rendezvous: Rendezvous | undefined;
  greeting: RelayGreeting | undefined;
  /** Ends the attempt or the use of the connection. */
  drop: ((reason: string) => void) | undefined;
}

/**
 * Keeps up to MAX_RELAYS relays of either origin in use, out of a list, for as long as it runs. libp2p makes a
 * reservation once and never again after its relay restarted, and does not start at all when a relay is down: so the
 * whole way (dial, reserve, rendezvous) is ours, and is gone again from the start whenever any part of it breaks.
 */
export function createRelaySupervisor(options: RelaySupervisorOptions): RelaySupervisor {
  const { dialler, clock, random } = options;
  let slots: readonly Slot[] = [];
  /** Addresses nobody can dial: shown as down, so that a slip in a list is seen. */
  let unusable: readonly string[] = [];
  let tags: Tags = { register: [], meet: [] };
  let running = false;
  let listAsked: AbortController | undefined;
  /** Something failed since the list was asked for, or nobody answered. */
  let isListDue = false;
  let listFailures = 0;
  let cancelListRest: (() => void) | undefined;

  const changed = (): void => options.changed(states());
  const states = (): readonly RelayState[] => [
    ...slots.map(({ relay, state, greeting }) => ({
      address: relay.address,
      state,
      ...(greeting === undefined ? {} : { day: greeting.day }),
    })),
    ...unusable.map((address) => ({ address, state: 'down' }) as const),
  ];

  const fill = (): void => {
    if (!running) return;
    const idle = slots
      .filter(({ state, cancelWait }) => state === 'down' && cancelWait === undefined)
      .sort((a, b) => a.failures - b.failures);
    for (const slot of idle) {
      const inUse = slots.filter(({ state }) => state !== 'down');
      const alike = inUse.filter(({ isAnnounced }) => isAnnounced === slot.isAnnounced);
      if (alike.length >= MAX_RELAYS) continue;
      // One relay may stand in the list under several addresses: it knows us by our id, and once.
      if (!inUse.some(({ relay }) => relay.peerId === slot.relay.peerId)) void use(slot);
    }
    if (slots.length === 0) void askForList();
  };

  const use = async (slot: Slot): Promise<void> => {
    const controller = new AbortController();
    const cancelTimeout = clock.after(OPEN_TIMEOUT_MS, () => controller.abort(new Error('no answer')));
    let connection: Connection | undefined;
    let readySince: number | undefined;
    let dropped = false;
    const drop = (reason: string): void => {
      if (dropped) return;
      dropped = true;
      cancelTimeout();
      controller.abort(new Error(reason));
      slot.rendezvous?.stop();
      slot.rendezvous = undefined;
      slot.drop = undefined;
      slot.state = 'down';
      connection?.abort(new Error(reason));
      if (!running) return;
      const lasted = readySince !== undefined && clock.now() - readySince >= SHORT_LIFE_MS;
      slot.failures = lasted ? 0 : slot.failures + 1;
      wait(slot);
      changed();
      void askForList();
      fill();
    };
    slot.drop = drop;
    slot.state = 'connecting';
    changed();
    try {
      connection = await dialler.dial(slot.relay, controller.signal);
      if (dropped) return connection.abort(new Error('too late'));
      connection.addEventListener('close', () => drop('the connection closed'));
      await dialler.reserve(connection, controller.signal);
      const events: RendezvousEvents = {
        greeted(greeting) {
          slot.greeting = greeting;
          if (slot.state === 'ready') changed();
        },
        found: (tag, peers, isNews) => options.found(slot.relay, tag, peers, isNews),
        ended: drop,
      };
      const rendezvous = await openRendezvous(connection, clock, events, controller.signal);
      if (dropped) return rendezvous.stop();
      cancelTimeout();
      slot.rendezvous = rendezvous;
      slot.state = 'ready';
      readySince = clock.now();
      rendezvous.setTags(tags);
      changed();
      options.ready(slot.relay);
    } catch (error) {
      drop(error instanceof Error ? error.message : 'failed');
    }
  };

  const wait = (slot: Slot): void => {
    slot.cancelWait = clock.after(backoff(slot.failures - 1, RELAY_BACKOFF_MS, random), () => {
      slot.cancelWait = undefined;
      fill();
    });
  };

  const askForList = async (): Promise<void> => {
    const { fetchRelays } = options;
    if (fetchRelays === undefined || !running) return;
    isListDue = true;
    if (listAsked !== undefined || cancelListRest !== undefined) return;
    isListDue = false;
    listAsked = new AbortController();
    const { signal } = listAsked;
    const cancelTimeout = clock.after(OPEN_TIMEOUT_MS, () => listAsked?.abort());
    const fetched = await fetchRelays(signal).catch(() => []);
    cancelTimeout();
    listAsked = undefined;
    // A host that restarts drops us first and answers a little later.
    isListDue ||= fetched.length === 0;
    listFailures = fetched.length === 0 ? listFailures + 1 : 0;
    cancelListRest = clock.after(
      backoff(Math.max(0, listFailures - 1), RELAY_LIST_BACKOFF_MS, random),
      () => {
        cancelListRest = undefined;
        if (isListDue || slots.every(({ state }) => state !== 'ready')) void askForList();
      },
    );
    if (!running || fetched.length === 0) return;
    setList(fetched);
    fill();
  };

  /** Keeps the slots whose address is still on the list: what the app's host names, then what the circle knows. */
  const setList = (announced: readonly RelayAddress[]): void => {
    const kept = new Map(slots.map((slot) => [slot.relay.address, slot]));
    const next = new Map<string, Slot>();
    unusable = [];
    for (const [at, address] of [...announced, ...options.relays].slice(0, MAX_RELAY_LIST).entries()) {
      const read = readRelayAddress(address);
      if (!read.ok || (options.secureOnly === true && !read.value.secure)) {
        unusable = [...unusable, read.ok ? read.value.address : read.fault.address];
        continue;
      }
      const relay = read.value;
      if (next.has(relay.address)) continue;
      const slot = kept.get(relay.address) ?? freshSlot(relay);
      slot.isAnnounced = at < announced.length;
      next.set(relay.address, slot);
      kept.delete(relay.address);
    }
    slots = [...next.values()];
    for (const gone of kept.values()) {
      gone.cancelWait?.();
      gone.drop?.('no longer on the list');
      gone.cancelWait?.();
    }
    changed();
  };

  dialler.onReservationLost((peerId) => {
    for (const slot of slots) {
      if (slot.relay.peerId === peerId && slot.state === 'ready') slot.drop?.('the reservation lapsed');
    }
  });

  return {
    start() {
      if (running) return;
      running = true;
      setList(options.announced ?? []);
      fill();
      void askForList();
    },
    wake() {
      for (const slot of slots) {
        slot.cancelWait?.();
        slot.cancelWait = undefined;
        slot.rendezvous?.pulse();
      }
      fill();
      if (!isListDue) return;
      cancelListRest?.();
      cancelListRest = undefined;
      listFailures = 0;
      void askForList();
    },
    setTags(next) {
      tags = next;
      for (const slot of slots) slot.rendezvous?.setTags(tags);
    },
    readyRelays: () => slots.filter(({ state }) => state === 'ready').map(({ relay }) => relay),
    listed: () => slots.map(({ relay }) => relay),
    states,
    stunServers: () =>
      slots.flatMap(({ relay, state, greeting }) => {
        if (state !== 'ready' || greeting === undefined || greeting.stunPort === 0) return [];
        const host = greeting.stunHost === '' ? relay.host : greeting.stunHost;
        return [`stun:${host.includes(':') ? `[${host}]` : host}:${greeting.stunPort}`];
      }),
    stop() {
      running = false;
      listAsked?.abort();
      for (const slot of slots) {
        slot.cancelWait?.();
        slot.cancelWait = undefined;
        slot.drop?.('stopped');
      }
    },
  };
}

const freshSlot = (relay: Relay): Slot => ({
  relay,
  isAnnounced: false,
  state: 'down',
  failures: 0,
  cancelWait: undefined,
  rendezvous: undefined,
  greeting: undefined,
  drop: undefined,
});
