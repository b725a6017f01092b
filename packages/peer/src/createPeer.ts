/**
 * The composition root: a member's whole peer out of a store, a transport, a clock and randomness. The same in a
 * browser's worker, in Node as the always-on peer, and in the simulator.
 */
import { KIND, type Change, type DeviceKey, type Id } from '@corridor/ledger';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { PeerIntents, PeerView } from './view.ts';
import { createAlwaysOnDuty } from './core/alwaysOnDuty.ts';
import { createBeginning, type Begun } from './core/beginning.ts';
import { keepFirstBook, openCircle, type Circle } from './core/circle.ts';
import type { CircleEvents } from './core/circleEvents.ts';
import { wantedTextsOf } from './core/circleNews.ts';
import type { CircleRecord } from './core/circleRecord.ts';
import { createIntents } from './core/intents.ts';
import { invitedBy } from './core/joining.ts';
import { DISK_RETRY_MS, MAX_AVOIDED_DOORS, REJOIN_MS } from './core/limits.ts';
import type { Links } from './core/links.ts';
import { openNetwork, type Network, type NetworkEvents } from './core/network.ts';
import { peerView } from './core/peerView.ts';
import { createPeerState, type PeerOptions } from './core/peerState.ts';
import { forgetOldPresses } from './core/paying.ts';
import { createQueue } from './core/queue.ts';
import { createTakingNewKeys } from './core/takingNewKeys.ts';
import { createTelling } from './core/telling.ts';

export type { PeerOptions, PeerState } from './core/peerState.ts';
export interface Peer {
  readonly intents: PeerIntents;
  view(): PeerView;
  /** The open circle, for the status page, the benches and the simulator. */
  circle(): Circle | undefined;
  links(): Links | undefined;
  stop(): Promise<void>;
}

/** Opens what the store holds. What hinders it is told as the stage `broken`; nothing is thrown. */
export async function createPeer(options: PeerOptions): Promise<Peer> {
  const { store, clock } = options;
  const state = createPeerState(options);
  const { failed } = state;
  const lifecycle = createQueue();
  /** Counts what ended: a network that comes too late is not for us. */
  let life = 0;
  let cancelRejoin: (() => void) | undefined;
  let cancelGoOn: (() => void) | undefined;
  let network: Network | undefined;

  const telling = createTelling(clock, () => {
    if (state.openingAnew === undefined) options.onView(peerView(state));
  });
  const { show, now: tell } = telling;
  const duty = createAlwaysOnDuty(options.offersToKeep === true, failed);
  const breakDown = (reason: string): void => {
    state.stage = 'broken';
    state.brokenBy = reason;
  };

  const circleEvents: CircleEvents = {
    onFailure: failed,
    onShelf() {
      state.links?.shelfChanged();
      if (state.circle !== undefined) state.links?.wantTexts(wantedTextsOf(state.circle));
    },
    onChange(changes, runs, source) {
      const { circle, links, doors } = state;
      if (circle === undefined) return;
      const concerned = new Set<DeviceKey>();
      for (const change of changes) {
        const body = change.type === 'kept' ? change.stored.entry.body : undefined;
        if (body !== undefined && 'to' in body && body.to.type === 'device') concerned.add(body.to.device);
      }
      if (runs.length > 0) links?.push(runs, source, concerned);
      if (changes.some((c) => c.type === 'decided')) {
        doors?.logGrew();
        circle.again.work().catch(failed);
      }
      judge(circle).catch(failed);
      if (isClosed(circle)) goOn(circle).catch(failed);
      else if (changes.some((c) => c.type === 'decided' || isKeyDrop(c))) takeNewKeys(circle).catch(failed);
      duty.handBack(circle, changes).catch(failed);
      circle.keeping.work().catch(failed);
      if (circle.handed.waiting().length > 0) circle.handed.retry().catch(failed);
      if (runs.length > 0) links?.wantTexts(circle.texts.wanted());
      duty.offer(circle);
      show();
    },
  };
  /** The book is closed: the circle goes on in the next one, while links and screen stay as they are [B1]. */
  const goOn = (circle: Circle): Promise<void> => {
    state.goingOn ??= lifecycle(() => cross(circle)).finally(() => {
      state.goingOn = undefined;
    });
    return state.goingOn;
  };
  const cross = async (circle: Circle): Promise<void> => {
    const { record } = state;
    if (state.circle !== circle || record === undefined || !isClosed(circle)) return;
    // What the next book says hangs on this one; and there nobody looks for the decision again.
    if (circle.provenance.look() === 'linked') await circle.provenance.settle();
    if (isOnTrial(circle)) return letGo(circle);
    const fresh = await circle.turning.found();
    const next = { ...record, bookKeys: [...record.bookKeys, ...fresh] };
    const saved = fresh.length === 0 || (await state.vault.save(next));
    await circle.rest();
    const gone = saved ? await circle.goOn(next) : NOT_SAVED;
    if (!gone.ok) {
      // The key may still come; a disk has to be asked again.
      if (gone.fault !== 'storage-refused') return;
      circle.trouble.note('border', 'refused');
      cancelGoOn = clock.after(DISK_RETRY_MS, () => void goOn(circle).catch(failed));
      return;
    }
    state.record = next;
    begin(gone.value);
    network?.renew();
    state.links?.shelfChanged();
    state.links?.wantTexts(gone.value.texts.wanted());
    show();
  };
  /** Opens the circle again under what has changed of its record; the screen keeps what it shows meanwhile. */
  const openAnew = (next: () => Promise<CircleRecord | undefined>): Promise<boolean> => {
    const work = async (): Promise<boolean> => {
      await halt();
      const record = await next();
      state.record = record ?? state.record;
      await run();
      // What was paid there is on the screen from the start, or it would look as if it had just come in.
      await state.circle?.openBefore();
      return record !== undefined;
    };
    state.openingAnew = work().finally(() => {
      state.openingAnew = undefined;
      show();
    });
    return state.openingAnew;
  };
  const takeNewKeys = createTakingNewKeys(state, lifecycle, (next) => openAnew(() => Promise.resolve(next)));
  const openBook = async (record: CircleRecord): Promise<void> => {
    const ports = { ...options, ...state.asking.opened() };
    const opened = await openCircle(record, ports, circleEvents);
    if (!opened.ok) return breakDown(opened.fault);
    begin(opened.value);
  };
  /** The circle is open: what it owes and what waits goes on. */
  const begin = (circle: Circle): void => {
    state.circle = circle;
    if (isClosed(circle)) goOn(circle).catch(failed);
    circle.announcing.work().catch(failed);
    circle.keeping.work().catch(failed);
    circle.handed.retry().catch(failed);
    forgetOldPresses(circle, store).catch(failed);
    lookBack(circle).catch(failed);
    watch(circle);
    takeNewKeys(circle).catch(failed);
    duty.offer(circle);
  };

  /** The book before this one, once the screen shows this one; and what it left to be signed again here. */
  const lookBack = async (circle: Circle): Promise<void> => {
    await circle.openBefore();
    await circle.handed.retry();
    await circle.again.work();
    await circle.carrying.work();
    await circle.closed.keep(state.settings.keptBooks);
    if (state.circle !== circle) return;
    state.links?.shelfChanged();
    show();
    await circle.fetching.work();
  };

  /** The door that gave us our keys, and those whose keys led nowhere. */
  let openedBy: string | undefined;
  const avoidedDoors = new Set<string>();
  const avoidDoor = (): void => {
    if (openedBy !== undefined && avoidedDoors.size < MAX_AVOIDED_DOORS) avoidedDoors.add(openedBy);
  };
  const networkEvents: NetworkEvents = {
    show,
    begin: (record, runs, source, device) =>
      lifecycle(async () => {
        if (state.circle !== undefined) return runs;
        if (state.record?.circle !== record.circle || state.record.founding !== null) return [];
        const begun = await state.beginning?.take(runs, source, device);
        return begun !== undefined && (await beginWith(begun)) ? begun.runs : [];
      }),
    avoidedDoors,
    admitted: (record, bookKeys, door) =>
      void lifecycle(() => admittedTo(record, bookKeys, door)).catch(failed),
  };
  /** The first book: what it stands on is kept before the record says that there is one [B2]. */
  const beginWith = async (begun: Begun): Promise<boolean> => {
    const { record } = state;
    if (record === undefined || record.founding !== null) return false;
    const next = { ...record, founding: begun.founding };
    const isKept = (await keepFirstBook(next, options, begun)) && (await state.vault.save(next));
    state.joinTrouble = isKept ? null : 'storage-refused';
    cancelRejoin?.();
    if (!isKept) {
      // Sessions bring it once: it waits here for the disk.
      cancelRejoin = clock.after(DISK_RETRY_MS, () => void lifecycle(() => beginWith(begun)).catch(failed));
      show();
      return false;
    }
    state.record = next;
    state.beginning?.stop();
    state.beginning = undefined;
    await openBook(next);
    state.links?.shelfChanged();
    show();
    return true;
  };
  /** A first book proves itself, or it is let go and another one is looked for. */
  const judge = async (circle: Circle): Promise<void> => {
    switch (circle.provenance.look()) {
      case 'proven':
        return circle.provenance.settle();
      case 'refuted':
        return lifecycle(() => letGo(circle));
      case 'linked':
      case 'open':
    }
  };
  /** Who is linked and hears no more of a book on trial was begun with has the wrong one. */
  const watch = (circle: Circle): void => {
    if (!isOnTrial(circle)) return;
    const { size } = circle.replica.ledger.entries;
    cancelRejoin = clock.after(REJOIN_MS, () => {
      const isLive = state.links?.connections().some(({ live }) => live) === true;
      const isStill = circle.replica.ledger.entries.size === size && isOnTrial(circle);
      if (isLive && isStill) lifecycle(() => letGo(circle)).catch(failed);
      else if (state.circle === circle) watch(circle);
    });
  };
  const letGo = async (circle: Circle): Promise<void> => {
    const { record } = state;
    if (state.circle !== circle || record === undefined || !isOnTrial(circle)) return;
    const next = { ...record, founding: null, bookKeys: [] };
    if (!(await state.vault.save(next))) return watch(circle);
    avoidDoor();
    refuted.add(circle.replica.ledger.log.from.id);
    state.record = next;
    await halt();
    await circle.provenance.forget();
    await run();
    show();
  };
  /** First books that were let go, by the decisions they stand on. */
  const refuted = new Set<Id>();
  const admittedTo = async (
    record: CircleRecord,
    bookKeys: CircleRecord['bookKeys'],
    door: string,
  ): Promise<void> => {
    if (state.record?.circle !== record.circle || state.record.bookKeys.length > 0) return;
    const next = { ...state.record, bookKeys };
    if (!(await state.vault.save(next))) {
      // The door gives them again to whoever asks again.
      state.joinTrouble = 'storage-refused';
      await halt();
      cancelRejoin = clock.after(REJOIN_MS, () => void lifecycle(run).catch(failed));
      return show();
    }
    state.joinTrouble = null;
    state.record = next;
    openedBy = door;
    await halt();
    await run();
  };
  /** Keys that open nothing for a while may be no keys: anybody at the door could have made them up. */
  const rejoin = async (): Promise<void> => {
    if (state.record === undefined || state.record.founding !== null || state.record.joining === null) return;
    avoidDoor();
    state.record = { ...state.record, bookKeys: [] };
    await halt();
    await run();
    show();
  };
  /** Opens what there is of the circle: all of it, or the network to get the rest. */
  const run = async (): Promise<void> => {
    const { record } = state;
    if (record === undefined) return;
    if (record.founding !== null) await openBook(record);
    if (state.stage === 'broken') return;
    if (state.circle !== undefined) tell();
    if (record.founding === null && record.bookKeys.length > 0) {
      cancelRejoin = clock.after(REJOIN_MS, () => void lifecycle(rejoin).catch(failed));
      state.beginning = createBeginning({
        record,
        ports: options,
        invite: invitedBy(record),
        refuted,
        clock,
        onTarget: () => state.links?.shelfChanged(),
        onAlone: (begun) => void lifecycle(() => beginWith(begun)).catch(failed),
      });
    }
    joinNetwork(record).catch(failed);
  };
  /** The network comes when it comes: the book opens, shows and pays nearby without it. */
  const joinNetwork = async (record: CircleRecord): Promise<void> => {
    const mine = life;
    const relays = [...new Set([...(options.relays ?? []), ...record.relays])];
    const transport = await options.openTransport(hexToBytes(record.networkSeed), relays);
    // Locked, wiped or let in meanwhile: another life has its own network.
    if (mine !== life || state.record === undefined) return transport.stop();
    network = openNetwork(state, transport, state.record, networkEvents);
    show();
  };
  /** Closes circle and network; what is on disk stays. */
  const halt = async (): Promise<void> => {
    life++;
    state.asking.closed();
    cancelRejoin?.();
    cancelGoOn?.();
    network?.stop();
    network = undefined;
    const { transport, circle, joining, doors, links } = state;
    joining?.stop();
    doors?.stop();
    links?.stop();
    state.joining = undefined;
    state.beginning?.stop();
    state.beginning = undefined;
    state.doors = undefined;
    state.links = undefined;
    state.transport = undefined;
    state.circle = undefined;
    state.relays = [];
    duty.forget();
    await Promise.all([transport?.stop(), circle?.close()]);
  };

  const enter = async (record: CircleRecord): Promise<void> => {
    state.record = record;
    state.stage = 'running';
    try {
      await run();
    } catch (error) {
      breakDown(reasonOf(error));
    }
    tell();
  };
  const start = async (): Promise<void> => {
    state.settings = await state.vault.settings();
    const vault = await state.vault.open();
    state.asking.begin();
    switch (vault.type) {
      case 'empty':
        state.stage = 'none';
        return tell();
      case 'locked':
        state.stage = 'locked';
        return tell();
      case 'damaged':
        breakDown('record');
        return tell();
      case 'open':
        return enter(vault.record);
    }
  };
  await lifecycle(start).catch((error: unknown) => {
    breakDown(reasonOf(error));
    tell();
  });

  const intents = createIntents(state, {
    show,
    exclusive: lifecycle,
    enter,
    openAnew: (next) => lifecycle(() => openAnew(next)),
    async leave(stage) {
      await halt();
      state.record = undefined;
      state.joinTrouble = null;
      state.stage = stage;
      tell();
    },
  });
  return {
    intents,
    view: () => peerView(state),
    circle: () => state.circle,
    links: () => state.links,
    stop: () =>
      lifecycle(async () => {
        telling.stop();
        await halt();
        await store.close();
      }),
  };
}
const isOnTrial = ({ provenance }: Circle): boolean => provenance.look() !== 'proven';
const NOT_SAVED = { ok: false, fault: 'storage-refused' } as const;
const isClosed = ({ replica }: Circle): boolean => replica.ledger.log.closed !== null;
const isKeyDrop = (change: Change): boolean =>
  change.type === 'kept' && change.stored.entry.body.kind === KIND.bookKeys;
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
