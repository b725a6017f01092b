/**
 * Each write of the store over IndexedDB, refused at each of its steps: in transactions, requests, opening, deleting. The
 * list of steps makes itself: each write is done once on a disk that takes everything, and what comes by is refused.
 */
import { fromHex, toHex, type Id, type PublicKey, type Signature } from '@corridor/ledger';
import { Doc } from 'yjs';
import { check, checkSame } from '../../testing/src/check.ts';
import { openIdbStore } from '../src/browser/idbStore.ts';
import { nativeSeal } from '../src/hpke.ts';
import type { AttachedDoc, JournalRow, Store } from '../src/ports.ts';
import { StorageRefused } from '../src/storageRefused.ts';
import { COMPACT_AFTER_UPDATES } from '../src/storageLimits.ts';

/** 'at once': the request fails, and the transaction with it; 'at the end': the request is done, and then it fails. */
const WAYS = ['at once', 'at the end', 'at once, and ever after'] as const;
type Way = (typeof WAYS)[number];
interface Gate {
  /** Steps seen since it was set. */
  seen: number;
  /** The step to refuse, and how. */
  refuse: { readonly step: number; readonly way: Way } | undefined;
}
const gate: Gate = { seen: 0, refuse: undefined };
const set = (refuse: Gate['refuse']): void => {
  gate.seen = 0;
  gate.refuse = refuse;
};
/** How this step is refused; undefined: it is not. */
const pass = (): Way | undefined => {
  const { refuse } = gate;
  const step = gate.seen++;
  if (refuse === undefined || step < refuse.step) return undefined;
  return step === refuse.step || refuse.way === 'at once, and ever after' ? refuse.way : undefined;
};
const abort = (tx: IDBTransaction): void => {
  try {
    tx.abort();
  } catch {
    // It has ended by itself already.
  }
};
/** A request as a disk answers it that does not open, or does not delete. */
const failed = (): IDBOpenDBRequest => {
  const request = Object.assign(new EventTarget(), {
    error: new DOMException('planted', 'QuotaExceededError'),
  });
  queueMicrotask(() => {
    const event = new Event('error');
    request.dispatchEvent(event);
    (request as unknown as IDBOpenDBRequest).onerror?.(event);
  });
  return request as unknown as IDBOpenDBRequest;
};
const plant = (): void => {
  const refused = <R extends IDBRequest>(store: IDBObjectStore, way: Way | undefined, request: R): R => {
    const { transaction } = store;
    if (way === 'at the end') request.addEventListener('success', () => abort(transaction));
    else if (way !== undefined) queueMicrotask(() => abort(transaction));
    return request;
  };
  const { add, put, clear } = IDBObjectStore.prototype;
  const erase = IDBObjectStore.prototype.delete;
  Object.assign(IDBObjectStore.prototype, {
    add(this: IDBObjectStore, ...args: Parameters<typeof add>) {
      return refused(this, pass(), add.apply(this, args));
    },
    put(this: IDBObjectStore, ...args: Parameters<typeof put>) {
      return refused(this, pass(), put.apply(this, args));
    },
    clear(this: IDBObjectStore) {
      return refused(this, pass(), clear.call(this));
    },
    delete(this: IDBObjectStore, ...args: Parameters<typeof erase>) {
      return refused(this, pass(), erase.apply(this, args));
    },
  });
  const eraseHere = IDBCursor.prototype.delete;
  IDBCursor.prototype.delete = function (this: IDBCursor) {
    const store = this.source instanceof IDBIndex ? this.source.objectStore : this.source;
    return refused(store, pass(), eraseHere.call(this));
  };
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
    if (args[1] === 'readwrite' && pass() !== undefined)
      throw new DOMException('planted', 'InvalidStateError');
    return transaction.apply(this, args);
  };
  const { open, deleteDatabase } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (this: IDBFactory, ...args: Parameters<typeof open>) {
    return pass() === undefined ? open.apply(this, args) : failed();
  };
  IDBFactory.prototype.deleteDatabase = function (this: IDBFactory, name: string) {
    return pass() === undefined ? deleteDatabase.call(this, name) : failed();
  };
};

const idOf = (number: number): Id => number.toString(16).padStart(64, '0') as Id;
const rowAt = (seq: number): JournalRow => ({
  chain: 'c/0',
  seq,
  id: idOf(seq + 1),
  bytes: Uint8Array.of(seq),
  signature: 'aa' as Signature,
});
const SOFT = { ed25519: false, x25519: false };
/** Whether the disk took it; what was refused in another way than a store may refuse is thrown. */
const taken = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    (error: unknown) => {
      if (error instanceof StorageRefused) return false;
      throw error;
    },
  );
const fill = (doc: Doc, count: number): void => {
  for (let at = 0; at < count; at++) doc.getMap('entries').set(`entry ${at}`, at);
};
const countOf = async ({ docs }: Store, name: string): Promise<number> => {
  const doc = new Doc();
  const attached = await docs.attach(name, doc, () => undefined);
  await attached.close();
  return doc.getMap('entries').size;
};

/** A write: what is there before, the write itself, and what the disk has of it. */
interface Site {
  readonly title: string;
  readonly soft?: boolean;
  readonly before?: (store: Store) => Promise<unknown>;
  /** True: said to be kept. */
  readonly write: (store: Store) => Promise<boolean>;
  readonly found: (store: Store) => Promise<unknown>;
  /** What is found once it is written. */
  readonly done: unknown;
  /** Refused, it may come to the disk later, or in part: a document pays what it owes by itself. */
  readonly isOwed?: boolean;
}
let made: PublicKey | undefined;
const makes = async (key: Promise<PublicKey>): Promise<boolean> => {
  made = undefined;
  return taken(
    key.then((name) => {
      made = name;
    }),
  );
};
const signs = async ({ keys }: Store): Promise<boolean> =>
  made !== undefined && (await keys.sign(made, Uint8Array.of(1))) !== undefined;
const unseals = async ({ keys }: Store): Promise<boolean> => {
  if (made === undefined) return false;
  const info = Uint8Array.of(2);
  const sealed = await nativeSeal(fromHex(made) ?? new Uint8Array(0), Uint8Array.of(1), info);
  return sealed !== undefined && (await keys.unseal(made, sealed, info))?.[0] === 1;
};
let attached: AttachedDoc | undefined;
let doc = new Doc();
const attach = async ({ docs }: Store): Promise<void> => {
  doc = new Doc();
  attached = await docs.attach('book-0', doc, () => undefined);
};
const rowsIn = async ({ journal }: Store): Promise<unknown> => [
  (await journal.head('c/0'))?.seq,
  (await journal.rows('c/0', 0)).map(({ seq }) => seq),
];
const recordIn = async ({ records }: Store): Promise<unknown> => {
  const value = await records.get('settings');
  return value === undefined ? null : toHex(value);
};
const SITES: readonly Site[] = [
  { title: 'a device key', write: ({ keys }) => makes(keys.create('device')), found: signs, done: true },
  { title: 'a witness key', write: ({ keys }) => makes(keys.create('witness')), found: signs, done: true },
  {
    title: 'a sealing key',
    write: ({ keys }) => makes(keys.createSealing()),
    found: unseals,
    done: true,
  },
  {
    title: 'a device key, wrapped',
    soft: true,
    write: ({ keys }) => makes(keys.create('device')),
    found: signs,
    done: true,
  },
  {
    title: 'a sealing key, wrapped',
    soft: true,
    write: ({ keys }) => makes(keys.createSealing()),
    found: unseals,
    done: true,
  },
  {
    title: 'witness keys erased',
    before: ({ keys }) => keys.create('witness').then((name) => void (made = name)),
    write: ({ keys }) => keys.eraseWitnessKeys(new Set(made === undefined ? [] : [made])),
    found: signs,
    done: false,
  },
  {
    title: 'the first rows of a journal',
    write: async ({ journal }) => (await journal.append('c/0', undefined, [rowAt(0), rowAt(1)])) === 'kept',
    found: rowsIn,
    done: [1, [0, 1]],
  },
  {
    title: 'the next rows of a journal',
    before: ({ journal }) => journal.append('c/0', undefined, [rowAt(0)]),
    write: async ({ journal }) => (await journal.append('c/0', idOf(1), [rowAt(1), rowAt(2)])) === 'kept',
    found: rowsIn,
    done: [2, [0, 1, 2]],
  },
  {
    title: 'a journal trimmed',
    before: ({ journal }) => journal.append('c/0', undefined, [rowAt(0), rowAt(1), rowAt(2)]),
    write: ({ journal }) => taken(journal.trim('c/0', 2)),
    found: rowsIn,
    done: [2, [2]],
  },
  {
    title: 'a new record',
    write: ({ records }) => records.put('settings', Uint8Array.of(1)),
    found: recordIn,
    done: '01',
  },
  {
    title: 'a record over an older one',
    before: ({ records }) => records.put('settings', Uint8Array.of(1)),
    write: ({ records }) => records.put('settings', Uint8Array.of(2)),
    found: recordIn,
    done: '02',
  },
  {
    title: 'a record let go',
    before: ({ records }) => records.put('settings', Uint8Array.of(1)),
    write: ({ records }) => taken(records.remove('settings')),
    found: recordIn,
    done: null,
  },
  {
    title: 'a document opened and written',
    isOwed: true,
    async write(store) {
      await attach(store);
      fill(doc, 3);
      return (await attached?.flush()) === true;
    },
    found: (store) => countOf(store, 'book-0'),
    done: 3,
  },
  {
    title: 'a document put together anew',
    isOwed: true,
    async before(store) {
      await attach(store);
      fill(doc, COMPACT_AFTER_UPDATES - 1);
      await attached?.flush();
    },
    async write() {
      doc.getMap('entries').set('one more', 1);
      return (await attached?.flush()) === true;
    },
    found: (store) => countOf(store, 'book-0'),
    done: COMPACT_AFTER_UPDATES,
  },
  {
    title: 'a document let go',
    isOwed: true,
    async before(store) {
      await attach(store);
      fill(doc, 3);
      await attached?.close();
    },
    write: ({ docs }) => taken(docs.remove('book-0')),
    found: (store) => countOf(store, 'book-0'),
    done: 0,
  },
];

let databases = 0;
/** The write with that refusal, what the disk has of it then, and once there is room; and how many steps it took. */
const live = async (site: Site, refuse: Gate['refuse']): Promise<number> => {
  const database = `refusals-${databases++}`;
  const open = (): Promise<Store> =>
    openIdbStore(site.soft === true ? { database, features: SOFT } : { database });
  set(undefined);
  let store = await open();
  made = undefined;
  await site.before?.(store);
  const before = await site.found(store);
  set(refuse);
  const isKept = await site.write(store);
  const steps = gate.seen;
  set(undefined);
  const what = `${site.title}, step ${refuse?.step ?? '-'} ${refuse?.way ?? ''}`;
  if (refuse === undefined) check(isKept, `${what}: kept`);
  else check(steps > refuse.step, `${what}: refused`);
  if (isKept || site.isOwed !== true) checkSame(await site.found(store), isKept ? site.done : before, what);
  // And there is room again.
  if (!isKept) check(await site.write(store), `${what}: kept once there is room`);
  await attached?.close();
  attached = undefined;
  await store.close();
  store = await open();
  checkSame(await site.found(store), site.done, `${what}: there in the end`);
  await store.close();
  return steps;
};
export const REFUSED_WRITES = SITES.map(({ title }) => title);
/** One of these writes, refused at each of its steps in each way; and how many steps it has. */
export const refuseEach = async (title: string): Promise<number> => {
  const site = SITES.find((one) => one.title === title);
  check(site !== undefined, title);
  const unhandled: string[] = [];
  globalThis.addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason)));
  plant();
  const steps = await live(site, undefined);
  for (let step = 0; step < steps; step++) for (const way of WAYS) await live(site, { step, way });
  checkSame(unhandled, []);
  return steps;
};
