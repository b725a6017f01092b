/**
 * What `storeBrowser.test.ts` runs in a Chromium page: the store's contract over IndexedDB, and what only a
 * browser has (several connections, a wipe, Web Locks). The page's origin is a fresh one for each story.
 */
import { fromHex, toHex, type Id, type PublicKey, type Signature } from '@corridor/ledger';
import { openDB } from 'idb';
import { Doc } from 'yjs';
import { check, checkSame } from '../../testing/src/check.ts';
import { STORE_CONTRACT } from '../../testing/src/storeContract.ts';
import type { StoreLab } from '../../testing/src/storeLab.ts';
import { openIdbStore } from '../src/browser/idbStore.ts';
import { becomeWriter, whoWrites } from '../src/browser/oneWriter.ts';
import { wipeOrigin } from '../src/browser/wipeOrigin.ts';
import { nativeSeal } from '../src/hpke.ts';
import { lockRecord, unlockRecord } from '../src/passphrase.ts';
import type { JournalRow, Store } from '../src/ports.ts';
import { openEntries, sealEntries, sealSignature } from '../src/sealing.ts';
import { prepareBookKey } from '../src/sealingKey.ts';
import { refuseEach } from './refusalsInBrowser.ts';
import { createWebCipher } from '../src/webCipher.ts';

declare global {
  /** Told to the test: lifts the quota that the origin started with. */
  var liftQuota: () => Promise<void>;
  var stories: typeof STORIES;
}
const SOFT = { ed25519: false, x25519: false };
const FILLER_BYTES = 1 << 18;
const WRITER = 'corridor-writer';
const idOf = (number: number): Id => number.toString(16).padStart(64, '0') as Id;
const rowAt = (seq: number, id = idOf(seq + 1)): JournalRow => ({
  chain: 'c/0',
  seq,
  id,
  bytes: Uint8Array.of(seq),
  signature: 'aa' as Signature,
});

const unhandled: string[] = [];
globalThis.addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason)));

/** Fills the origin's quota to the last bytes, until not even one small record fits. */
const fillDisk = async (): Promise<void> => {
  const db = await openDB('filler', 1, {
    upgrade: (fresh) => void fresh.createObjectStore('filler', { autoIncrement: true }),
  });
  for (let size = FILLER_BYTES; size >= 1;) {
    const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 1 << 16)));
    const kept = await db.add('filler', bytes).then(
      () => true,
      () => false,
    );
    if (!kept) size >>= 1;
  }
  db.close();
};

const createLab = (features: typeof SOFT | undefined): StoreLab => ({
  open: () => openIdbStore(features === undefined ? {} : { features }),
  refuse: fillDisk,
  allow: () => globalThis.liftQuota(),
  async seal(to, secret, info) {
    const sealed = await nativeSeal(fromHex(to) ?? new Uint8Array(0), secret, info);
    check(sealed !== undefined, `${to} is a key`);
    return sealed;
  },
});

const runClause = async (title: string, soft: boolean): Promise<void> => {
  const clause = STORE_CONTRACT.find((one) => one.title === title);
  check(clause !== undefined, title);
  await clause.run(createLab(soft ? SOFT : undefined));
  // The engine reports an unhandled rejection after the task in which it happened.
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', resolve);
    port1.start();
    port2.postMessage(null);
  });
  checkSame(unhandled, []);
};

/** Two tabs that both believe they write: one of two appends is kept, the other told. */
const raceTwoConnections = async (): Promise<void> => {
  const [alice, bob] = await Promise.all([openIdbStore(), openIdbStore()]);
  for (let seq = 0; seq < 20; seq++) {
    const head = seq === 0 ? undefined : (await alice.journal.head('c/0'))?.id;
    const outcomes = await Promise.all(
      [alice, bob].map(({ journal }, who) =>
        journal.append('c/0', head, [rowAt(seq, idOf(seq * 2 + who + 1))]),
      ),
    );
    checkSame(outcomes.toSorted(), ['kept', 'stale-head']);
  }
  checkSame((await bob.journal.rows('c/0', 0)).length, 20);
};

/** A store with something in each of its shelves, and the caches and choices beside it. */
const fillOrigin = async (): Promise<Store> => {
  const store = await openIdbStore();
  await store.keys.create('device');
  await store.journal.append('c/0', undefined, [rowAt(0)]);
  await store.records.put('settings', Uint8Array.of(1));
  const doc = new Doc();
  const attached = await store.docs.attach('book-0', doc, () => undefined);
  doc.getMap('entries').set('entry', 1);
  await attached.flush();
  await (await caches.open('app')).put('/cached', new Response('page'));
  localStorage.setItem('language', 'es');
  return store;
};
const countsOf = (db: Awaited<ReturnType<typeof openDB>>): Promise<readonly number[]> =>
  Promise.all([...db.objectStoreNames].map((name) => db.count(name)));

/** How long a wipe takes, and what is left, when another tab holds the database and does not let go. */
const wipeWhileHeld = async (): Promise<{ milliseconds: number; left: readonly number[] }> => {
  await fillOrigin();
  const stubborn = await openDB('corridor');
  const stubbornDoc = await openDB('corridor/doc/book-0');

  const start = performance.now();
  checkSame(await wipeOrigin(), []);
  const milliseconds = performance.now() - start;

  const left = [
    ...(await countsOf(stubborn)),
    ...(await countsOf(stubbornDoc)),
    (await caches.keys()).length,
    localStorage.length,
  ];
  stubborn.close();
  stubbornDoc.close();
  return { milliseconds, left };
};

/** What a page can see of a wipe that came no further than its first step. */
const wipeCutShort = async (): Promise<{ signing: readonly number[]; book: readonly number[] }> => {
  await fillOrigin();
  const main = await openDB('corridor');
  const doc = await openDB('corridor/doc/book-0');
  // The browser is asked which documents there are once what signs is gone; here it never answers.
  const asked = new Promise<void>((resolve) => {
    indexedDB.databases = () => {
      resolve();
      return new Promise(() => undefined);
    };
  });
  void wipeOrigin();
  await asked;
  return { signing: await countsOf(main), book: await countsOf(doc) };
};

const abortOnce = (transaction: IDBTransaction): void => {
  try {
    transaction.abort();
  } catch {
    // Its other stores have asked for it already.
  }
};
/** A disk that refuses, told step by step: what is said to be left is what is left. */
const wipeRefused = async (): Promise<readonly (readonly string[])[]> => {
  const { clear } = IDBObjectStore.prototype;
  const deleting = indexedDB.deleteDatabase.bind(indexedDB);
  const refuse = (wanted: (name: string) => boolean): void => {
    IDBObjectStore.prototype.clear = function (this: IDBObjectStore) {
      // As a disk does it: the request is taken, and the transaction fails.
      const { transaction } = this;
      if (wanted(transaction.db.name)) queueMicrotask(() => abortOnce(transaction));
      return clear.call(this);
    };
    // A name that is not there fails as a refusing disk would: an error event, and nothing done.
    indexedDB.deleteDatabase = (name) => {
      if (!wanted(name)) return deleting(name);
      const request = new EventTarget() as IDBOpenDBRequest;
      queueMicrotask(() => request.onerror?.(new Event('error')));
      return request;
    };
  };
  await (await fillOrigin()).close();
  refuse(() => true);
  const nothing = await wipeOrigin();
  refuse((name) => name !== 'corridor');
  const rest = await wipeOrigin();
  refuse(() => false);
  return [nothing, rest, await wipeOrigin(), (await indexedDB.databases()).map(({ name = '' }) => name)];
};

/** A store whose database another tab wipes refuses, and says so of its documents. */
const wipedByAnother = async (): Promise<void> => {
  const alice = await openIdbStore();
  const refusals: string[] = [];
  const doc = new Doc();
  const attached = await alice.docs.attach('book-0', doc, (reason) => refusals.push(reason));
  await alice.records.put('settings', Uint8Array.of(1));
  const bob = await openIdbStore();
  await bob.wipe();
  checkSame(await alice.journal.append('c/0', undefined, [rowAt(0)]), 'refused');
  check(!(await alice.records.put('late', Uint8Array.of(1))), 'put after the wipe');
  doc.getMap('entries').set('late', 1);
  check(!(await attached.flush()), 'flush after the wipe');
  checkSame(refusals.length, 1);
  const listed = await indexedDB.databases();
  checkSame(
    listed.map(({ name }) => name),
    [],
  );
  checkSame(unhandled, []);
};

/** A device key in IndexedDB is a handle: there is nothing in it that a script could carry away. */
const keyIsAHandle = async (): Promise<readonly unknown[]> => {
  const { keys } = await openIdbStore();
  const device = await keys.create('device');
  const sealing = await keys.createSealing();
  const db = await openDB('corridor');
  const found: unknown[] = [];
  for (const name of [device, sealing]) {
    const row = (await db.get('keys', name)) as { private: CryptoKey };
    found.push(row.private.extractable);
    found.push(
      await crypto.subtle.exportKey('pkcs8', row.private).then(
        () => 'exported',
        (error: unknown) => (error as Error).name,
      ),
    );
  }
  return found;
};

/** Without key handles the row has no secret in clear, and another name's row does not open. */
const wrappedKeysAreSealed = async (): Promise<void> => {
  const { keys } = await openIdbStore({ features: SOFT });
  const [alice, bob] = [await keys.create('device'), await keys.create('device')];
  const db = await openDB('corridor');
  const row = (await db.get('keys', alice)) as { form: string; sealed: Uint8Array };
  checkSame(row.form, 'wrapped');
  checkSame(row.sealed.length, 32 + 16);
  await db.put('keys', row, bob);
  const again = await openIdbStore({ features: SOFT });
  check((await again.keys.sign(alice, Uint8Array.of(1))) !== undefined, 'its own row opens');
  const swapped = await again.keys.sign(bob, Uint8Array.of(1)).catch(() => 'refused');
  checkSame(swapped, 'refused');
};

/** Leaves something to be found after the page, or the whole browser, is gone. */
const leave = async (): Promise<{ device: PublicKey; sealing: PublicKey }> => {
  const store: Store = await openIdbStore();
  const device = await store.keys.create('device');
  const sealing = await store.keys.createSealing();
  checkSame(await store.journal.append('c/0', undefined, [rowAt(0)]), 'kept');
  const doc = new Doc();
  const attached = await store.docs.attach('book-0', doc, () => undefined);
  doc.getMap('entries').set('entry', 1);
  check(await attached.flush(), 'flushed');
  return { device, sealing };
};
const find = async (device: PublicKey): Promise<readonly unknown[]> => {
  const store = await openIdbStore();
  const doc = new Doc();
  await store.docs.attach('book-0', doc, () => undefined);
  return [
    await store.journal.head('c/0'),
    doc.getMap('entries').toJSON(),
    (await store.keys.sign(device, Uint8Array.of(1)))?.length,
  ];
};

let held: { release(): void } | undefined;
/** Web Locks: whether this tab came to write within the turn it was given. */
const write = async (): Promise<void> => {
  held = await becomeWriter(WRITER);
};
const stopWriting = (): void => held?.release();
const giveUpWaiting = async (): Promise<string> => {
  const waiting = new AbortController();
  const lock = becomeWriter(WRITER, waiting.signal);
  waiting.abort();
  return lock.then(
    () => 'wrote',
    (error: unknown) => (error as Error).name,
  );
};
const writers = () => whoWrites(WRITER);

/** Sealed here as hex, to be compared with what Node seals; and opened again. */
const seal = async (raw: readonly number[], entry: readonly number[], id: Id, signature: Signature) => {
  const key = await prepareBookKey(Uint8Array.from(raw), createWebCipher());
  const many = Array.from({ length: 1000 }, () => Uint8Array.from(entry));
  const sealed = await sealEntries(key, many);
  const opened = await openEntries(new Map([[key.id, key]]), sealed);
  check(
    opened.every((one) => one.ok && toHex(one.value) === toHex(Uint8Array.from(entry))),
    'all open',
  );
  return {
    entry: toHex(sealed[999] ?? new Uint8Array(0)),
    signature: toHex(await sealSignature(key, id, signature)),
  };
};

/** The app lock under the policy the app is served with. */
const lock = async (record: readonly number[]): Promise<readonly unknown[]> => {
  const own = await lockRecord('correct horse', Uint8Array.of(1, 2, 3));
  const opened = await unlockRecord('correct horse', own);
  const foreign = await unlockRecord('correct horse', Uint8Array.from(record));
  const wrong = await unlockRecord('wrong', own);
  return [opened.ok && [...opened.value], foreign.ok && [...foreign.value], wrong.ok || wrong.fault];
};

const STORIES = {
  refuseEach,
  runClause,
  raceTwoConnections,
  wipeWhileHeld,
  wipeCutShort,
  wipeRefused,
  wipedByAnother,
  keyIsAHandle,
  wrappedKeysAreSealed,
  leave,
  find,
  write,
  stopWriting,
  giveUpWaiting,
  writers,
  seal,
  lock,
};
globalThis.stories = STORIES;
