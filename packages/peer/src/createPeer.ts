/**
 * The composition root: a member's whole peer out of a store, a transport, a clock and randomness. The same in a
 * browser's worker, in Node as the always-on peer, and in the simulator.
 */
import { decodeInvite, fromBase64url, type DeviceKey, type Sha256 } from '@corridor/ledger';
import { sessionSecret } from '@corridor/sync';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Cipher } from './cipher.ts';
import type {
  Clock,
  Presence,
  RandomBytes,
  RelayState,
  SignatureChecker,
  Store,
  Transport,
} from './ports.ts';
import { doorTags, memberTags } from './tags.ts';
import type { PeerIntents, PeerView } from './view.ts';
import { EMPTY_SHELF, foundingAmong } from './core/bootstrap.ts';
import { openCircle, type Circle } from './core/circle.ts';
import type { CircleRecord, PeerSettings } from './core/circleRecord.ts';
import { circleView } from './core/circleView.ts';
import { createDoors, type Doors, type SealKey } from './core/door.ts';
import { createIntents } from './core/intents.ts';
import { createJoining, type Joining } from './core/joining.ts';
import { createLinks, type Links } from './core/links.ts';
import { VIEW_MS } from './core/limits.ts';
import { createQueue } from './core/queue.ts';
import { inviteView } from './core/reading.ts';
import type { RuleOptions } from './core/replica.ts';
import { createVault, type Vault } from './core/vault.ts';

export interface PeerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly sha256: Sha256;
  readonly cipher: Cipher;
  readonly checker: SignatureChecker;
  /** Opens the network for one circle under its own random identity [S3]. */
  readonly openTransport: (seed: Uint8Array, relays: readonly string[]) => Promise<Transport>;
  /** Where the app is served: what links begin with. */
  readonly appUrl: string;
  /** Relays to meet at besides those the circle's invite names. */
  readonly relays?: readonly string[];
  readonly onView: (view: PeerView) => void;
  /** A broken invariant in work that nobody waits for. By default it is thrown where the host's last resort sees it. */
  readonly onFailure?: (error: unknown) => void;
  /** An always-on peer offers to keep the book as soon as it is in. */
  readonly offersToKeep?: boolean;
  /** For simulations and mutation tests: a seal that replays, a ledger with a rule left out. */
  readonly sealKey?: SealKey;
  readonly rules?: RuleOptions;
}
export interface Peer {
  readonly intents: PeerIntents;
  view(): PeerView;
  /** The open circle, for the status page, the benches and the simulator. */
  circle(): Circle | undefined;
  links(): Links | undefined;
  stop(): Promise<void>;
}
/** What intents may use and change of the running peer. */
export interface PeerState {
  readonly options: PeerOptions;
  readonly vault: Vault;
  record: CircleRecord | undefined;
  settings: PeerSettings;
  circle: Circle | undefined;
  transport: Transport | undefined;
  links: Links | undefined;
  doors: Doors | undefined;
  joining: Joining | undefined;
  relays: readonly RelayState[];
  stage: 'starting' | 'locked' | 'none' | 'running' | 'broken';
  brokenBy: string;
}
const DAY_MS = 24 * 3600 * 1000;
/** lastHeardAt goes to disk at most this often, seconds. */
const HEARD_STEP = 60;

export async function createPeer(options: PeerOptions): Promise<Peer> {
  const { store, clock } = options;
  const state: PeerState = {
    options,
    vault: createVault(store.records),
    record: undefined,
    settings: { relayOnly: false, lastHeardAt: null },
    circle: undefined,
    transport: undefined,
    links: undefined,
    doors: undefined,
    joining: undefined,
    relays: [],
    stage: 'starting',
    brokenBy: '',
  };
  const lifecycle = createQueue();
  const failed =
    options.onFailure ??
    ((error: unknown): void =>
      queueMicrotask(() => {
        throw error;
      }));
  /** Counts what ended: a network that comes too late is not for us. */
  let life = 0;
  let cancelView: (() => void) | undefined;
  let stopped = false;

  const view = (): PeerView => {
    const { circle, record } = state;
    if (state.stage === 'starting' || state.stage === 'locked' || state.stage === 'none')
      return { stage: state.stage };
    if (state.stage === 'broken') return { stage: 'broken', reason: state.brokenBy };
    const inside = circle?.replica.ledger.log.devices.has(circle.record.device) === true;
    if (circle !== undefined && inside) {
      const connections = state.links?.connections() ?? [];
      return {
        stage: 'circle',
        view: circleView(circle, { connections, relays: state.relays, settings: state.settings }),
      };
    }
    const invite = invited(record);
    if (invite === undefined) return { stage: 'broken', reason: 'record' };
    return {
      stage: 'joining',
      invite: inviteView(invite),
      progress: state.joining?.progress() ?? 'admitted',
      refused: state.joining?.refused() ?? null,
    };
  };
  const show = (): void => {
    if (stopped || cancelView !== undefined) return;
    cancelView = clock.after(VIEW_MS, () => {
      cancelView = undefined;
      if (!stopped) options.onView(view());
    });
  };
  const heard = (): void => {
    if (state.links?.connections().some((c) => c.live) !== true) return;
    const now = Math.floor(clock.now() / 1000);
    const before = state.settings.lastHeardAt;
    state.settings = { ...state.settings, lastHeardAt: now };
    if (before === null || now - before >= HEARD_STEP || now < before)
      state.vault.saveSettings(state.settings).catch(failed);
  };
  const today = (): number =>
    state.relays.find((r) => r.day !== undefined)?.day ?? Math.max(1, Math.floor(clock.now() / DAY_MS));
  let announced = -1;
  const announce = (): void => {
    const { transport, record } = state;
    if (transport === undefined || record === undefined) return;
    announced = today();
    transport.setPresence(presenceOf(record, announced));
  };

  /** Opens what there is of the circle: all of it, or the network to get the rest. */
  const run = async (): Promise<void> => {
    const { record } = state;
    if (record === undefined) return;
    if (record.founding !== null) await openBook(record);
    if (state.stage === 'broken') return;
    if (state.circle !== undefined) options.onView(view());
    openNetwork(record).catch(failed);
  };
  /** The network comes when it comes: the book opens, shows and pays nearby without it. */
  const openNetwork = async (record: CircleRecord): Promise<void> => {
    const mine = life;
    const relays = [...new Set([...(options.relays ?? []), ...record.relays])];
    const transport = await options.openTransport(hexToBytes(record.networkSeed), relays);
    // Locked, wiped or let in meanwhile: another life has its own network.
    if (mine !== life || state.record === undefined) return transport.stop();
    state.transport = transport;
    transport.setRelayOnly(state.settings.relayOnly);
    connect(transport, state.record);
    announce();
    show();
  };
  const openBook = async (record: CircleRecord): Promise<void> => {
    const opened = await openCircle(record, options, {
      onChange(changes, runs, source) {
        const { circle, links } = state;
        if (circle === undefined) return;
        const concerned = new Set<DeviceKey>();
        for (const change of changes)
          if (
            change.type === 'kept' &&
            'to' in change.stored.entry.body &&
            change.stored.entry.body.to.type === 'device'
          )
            concerned.add(change.stored.entry.body.to.device);
        if (runs.length > 0) links?.push(runs, source, concerned);
        if (changes.some((c) => c.type === 'decided')) state.doors?.logGrew();
        circle.keeping.work().catch(failed);
        if (circle.handed.waiting().length > 0) circle.handed.retry().catch(failed);
        if (runs.length > 0) links?.wantTexts(circle.texts.wanted());
        offer(circle);
        show();
      },
    });
    if (!opened.ok) {
      state.stage = 'broken';
      state.brokenBy = opened.fault;
      return;
    }
    state.circle = opened.value;
    opened.value.keeping.work().catch(failed);
    opened.value.handed.retry().catch(failed);
    offer(opened.value);
  };
  let offered = false;
  const offer = (circle: Circle): void => {
    if (
      options.offersToKeep !== true ||
      offered ||
      !circle.replica.ledger.log.devices.has(circle.record.device)
    )
      return;
    offered = true;
    circle.offerKeeping().catch(failed);
  };

  const connect = (transport: Transport, record: CircleRecord): void => {
    const { checker, random, sha256 } = options;
    if (record.bookKeys.length === 0) {
      const invite = invited(record);
      if (invite === undefined) return;
      state.joining = createJoining({
        invite,
        record,
        transport,
        keys: store.keys,
        clock,
        sha256,
        onChange: show,
        onAdmitted: (bookKeys) => void lifecycle(() => admittedTo(record, bookKeys)),
      });
    } else {
      state.links = createLinks({
        host: hostOf(record),
        transport,
        keys: store.keys,
        checker,
        clock,
        random,
      });
      state.doors = createDoors({
        circle: () => state.circle,
        transport,
        checker,
        clock,
        random,
        sha256,
        sealKey: options.sealKey,
      });
    }
    const links = state.links;
    const protocols = new Map<string, 'sync' | 'join'>();
    transport.listen((event) => {
      switch (event.type) {
        case 'open':
          protocols.set(event.link.id, event.link.protocol);
          if (event.link.protocol === 'sync') {
            if (links === undefined) transport.close(event.link.id, 'not a member yet');
            else links.open(event.link);
          } else if (event.link.outgoing) state.joining?.open(event.link);
          else if (state.doors === undefined) transport.close(event.link.id, 'no door');
          else state.doors.open(event.link);
          return;
        case 'message':
          if (protocols.get(event.link) === 'sync') links?.receive(event.link, event.bytes);
          else {
            state.joining?.receive(event.link, event.bytes);
            state.doors?.receive(event.link, event.bytes);
          }
          return;
        case 'path':
          return links?.pathChanged(event.link, event.path);
        case 'close':
          if (protocols.get(event.link) === 'sync') links?.closed(event.link);
          else {
            state.joining?.closed(event.link);
            state.doors?.closed(event.link);
          }
          protocols.delete(event.link);
          return;
        case 'relays':
          state.relays = event.relays;
          if (today() !== announced) announce();
          return show();
      }
    });
  };
  const hostOf = (record: CircleRecord) => {
    const shelf = () => state.circle?.replica.shelf ?? EMPTY_SHELF;
    return {
      circle: record.circle,
      device: record.device,
      secrets: record.bookKeys.map(({ key }) => sessionSecret(hexToBytes(key))).reverse(),
      shelf: {
        heads: () => shelf().heads(),
        head: (feed) => shelf().head(feed),
        idAt: (feed, seq) => shelf().idAt(feed, seq),
        read: (feed, from, bytes) => shelf().read(feed, from, bytes),
        text: (hash) => shelf().text(hash),
        proofs: (feed) => shelf().proofs(feed),
      },
      standing: (device) => state.circle?.standing(device) ?? 'unknown',
      isWitness: (device) =>
        state.circle?.replica.ledger.log.terms.some((t) => t.device === device && t.toSeq === null) === true,
      async take(runs, budget, source) {
        if (state.circle === undefined) await lifecycle(() => bootstrap(record, runs));
        return state.circle?.replica.takeSealed(runs, budget, source) ?? { type: 'settled' };
      },
      async takeTexts(texts) {
        if ((await state.circle?.texts.take(texts)) === true) show();
      },
      wantedTexts: () => state.circle?.texts.wanted() ?? [],
      onPresence() {
        heard();
        show();
      },
    } satisfies Parameters<typeof createLinks>[0]['host'];
  };
  const bootstrap = async (
    record: CircleRecord,
    runs: Parameters<typeof foundingAmong>[0],
  ): Promise<void> => {
    if (state.circle !== undefined || state.record === undefined) return;
    const founding = await foundingAmong(runs, record, options);
    if (founding === undefined) return;
    const next = { ...state.record, founding };
    if (!(await state.vault.save(next))) return;
    state.record = next;
    await openBook(next);
    show();
  };
  const admittedTo = async (record: CircleRecord, bookKeys: CircleRecord['bookKeys']): Promise<void> => {
    if (state.record?.circle !== record.circle || state.record.bookKeys.length > 0) return;
    const next = { ...record, bookKeys };
    if (!(await state.vault.save(next))) return;
    state.record = next;
    await halt();
    await run();
  };
  /** Closes circle and network; what is on disk stays. */
  const halt = async (): Promise<void> => {
    life++;
    state.joining?.stop();
    state.doors?.stop();
    state.links?.stop();
    state.joining = undefined;
    state.doors = undefined;
    state.links = undefined;
    const { transport, circle } = state;
    state.transport = undefined;
    state.circle = undefined;
    state.relays = [];
    await transport?.stop();
    await circle?.close();
  };
  const start = async (): Promise<void> => {
    state.settings = await state.vault.settings();
    const vault = await state.vault.open();
    switch (vault.type) {
      case 'empty':
        state.stage = 'none';
        break;
      case 'locked':
        state.stage = 'locked';
        break;
      case 'damaged':
        state.stage = 'broken';
        state.brokenBy = 'record';
        break;
      case 'open':
        state.record = vault.record;
        state.stage = 'running';
        await run();
    }
    options.onView(view());
  };
  await lifecycle(start);

  const intents = createIntents(state, {
    show,
    begin: (record) =>
      lifecycle(async () => {
        if (!(await state.vault.save(record))) return false;
        state.record = record;
        state.stage = 'running';
        await run();
        options.onView(view());
        return true;
      }),
    unlocked: (record) =>
      lifecycle(async () => {
        state.record = record;
        state.stage = 'running';
        await run();
        options.onView(view());
      }),
    end: (stage) =>
      lifecycle(async () => {
        await halt();
        state.record = undefined;
        state.stage = stage;
        options.onView(view());
      }),
  });
  return {
    intents,
    view,
    circle: () => state.circle,
    links: () => state.links,
    stop: () =>
      lifecycle(async () => {
        stopped = true;
        cancelView?.();
        await halt();
        await store.close();
      }),
  };
}

function invited(record: CircleRecord | undefined) {
  const bytes = record?.joining == null ? undefined : fromBase64url(record.joining.invite);
  const invite = bytes && decodeInvite(bytes);
  return invite?.ok === true ? invite.value : undefined;
}
/** Under which tags we can be met, and at whose we look [S3]. */
function presenceOf(record: CircleRecord, day: number): readonly Presence[] {
  const { circle } = record;
  const door = doorTags(circle, day);
  const newest = record.bookKeys.at(-1);
  if (newest === undefined) return [{ circle, register: [], meet: door, protocol: 'join' }];
  const members = memberTags(hexToBytes(newest.key), day);
  return [
    { circle, register: members, meet: members, protocol: 'sync' },
    { circle, register: door, meet: [], protocol: 'join' },
  ];
}
