import type { Page } from '@playwright/test';
import { fromHex, toHex, type PublicKey } from '../../packages/ledger/src/index.ts';
import { sealBookKey } from '../../packages/peer/src/bookKeys.ts';
import { bookName, openBookStore } from '../../packages/peer/src/core/bookStore.ts';
import { encodeRecord } from '../../packages/peer/src/core/circleRecord.ts';
import { createNodeCipher, createSha256 } from '../../packages/peer/src/node/index.ts';
import { sealEntries, sealSignatures } from '../../packages/peer/src/sealing.ts';
import { prepareBookKey } from '../../packages/peer/src/sealingKey.ts';
import { softPublicKey } from '../../packages/peer/src/softHpke.ts';
import type { WrittenBook } from '../../packages/testing/src/writtenBook.ts';
import type { Phone } from './phone.ts';

const EMPTY = new Uint8Array(0);
const BOOK_KEY = new Uint8Array(32).fill(7);
const SEALING_SECRET = new Uint8Array(32).fill(8);
/** PKCS #8 before the 32 bytes of the secret. */
const ED25519 = '302e020100300506032b657004220420';
const X25519 = '302e020100300506032b656e04220420';

/** A page of the app's origin without the app in it: it sees the same storage from outside. */
export const outsideTheApp = async ({ context, url }: Pick<Phone, 'context' | 'url'>): Promise<Page> => {
  const address = `${url}/outside`;
  await context.route(address, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>outside</title>' }),
  );
  const page = await context.newPage();
  await page.goto(address);
  return page;
};

/**
 * Puts a whole circle on a phone that has none, as the app of one of its people would keep it, so that no story has to
 * press ten thousand buttons. `page`: one of the app's origin in which the app is not open.
 */
export const plantBook = async (
  page: Page,
  { founding, entries, signatures, ledger, people }: WrittenBook,
  name: string,
): Promise<void> => {
  const owner = people.find((one) => one.name === name);
  if (owner === undefined) throw new Error(`nobody called ${name} in this book`);
  const key = await prepareBookKey(BOOK_KEY, createNodeCipher(), await createSha256());
  const all = [founding, ...entries];
  const sealed = await sealEntries(
    key,
    all.map(({ bytes }) => bytes),
  );
  const bound = [...signatures].map(([subject, value]) => ({ subject, value }));
  const sealedSignatures = await sealSignatures(key, bound);
  const updates: Uint8Array[] = [];
  const book = await openBookStore(
    {
      async attach(_name, doc) {
        doc.on('update', (update: Uint8Array) => updates.push(update));
        return { flush: async () => true, forget: async () => true, close: async () => undefined };
      },
      remove: async () => undefined,
    },
    bookName(ledger.circle, 0),
    1,
    () => undefined,
  );
  book.write({
    entries: all.map(({ id }, at) => ({ id, sealed: sealed[at] ?? EMPTY })),
    signatures: bound.map(({ subject }, at) => ({ id: subject, sealed: sealedSignatures[at] ?? EMPTY })),
    forget: [],
  });
  await book.close();
  const sealing = toHex(softPublicKey(SEALING_SECRET)) as PublicKey;
  const { circle } = ledger;
  const bookKey = await sealBookKey(sealing, BOOK_KEY, { circle, book: 0, epoch: 0, device: owner.device });
  const signature = signatures.get(founding.id);
  if (bookKey === undefined || signature === undefined) throw new Error('an owner with her keys');
  const record = encodeRecord({
    version: 1,
    circle,
    device: owner.device,
    sealing,
    myName: { salt: '00'.repeat(16), text: owner.name },
    sealedKeys: [{ epoch: 0, sealed: toHex(bookKey) }],
    founding: { bytes: toHex(founding.bytes), signature },
    networkSeed: '09'.repeat(32),
    clientId: 1,
    relays: [],
    joining: null,
  });
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  await page.evaluate(plant, {
    doc: `corridor/doc/${bookName(circle, 0)}`,
    updates: updates.map(base64),
    records: { circle: base64(record), settings: base64(new TextEncoder().encode('{"relayOnly":false}')) },
    keys: [
      { name: owner.device, purpose: 'device', secret: base64(der(ED25519, owner.seed)) },
      { name: owner.witness, purpose: 'witness', secret: base64(der(ED25519, owner.witnessSeed)) },
      { name: sealing, purpose: 'sealing', secret: base64(der(X25519, SEALING_SECRET)) },
    ],
  });
};

const der = (form: string, secret: Uint8Array): Uint8Array => fromHex(form + toHex(secret)) ?? EMPTY;

interface Planting {
  readonly doc: string;
  readonly updates: readonly string[];
  readonly records: Readonly<Record<string, string>>;
  readonly keys: readonly { readonly name: string; readonly purpose: string; readonly secret: string }[];
}
/** Runs in the page. */
async function plant({ doc, updates, records, keys }: Planting): Promise<void> {
  const bytes = (base64: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const open = (name: string, make: (db: IDBDatabase) => void): Promise<IDBDatabase> =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => make(request.result);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(`${name} not opened`));
    });
  const written = (tx: IDBTransaction): Promise<void> =>
    new Promise((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(new Error('not written'));
    });
  const rows = await Promise.all(
    keys.map(async ({ name, purpose, secret }) => {
      const isSealing = purpose === 'sealing';
      const algorithm = { name: isSealing ? 'X25519' : 'Ed25519' };
      const raw = Uint8Array.from(name.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      return {
        name,
        row: {
          form: 'native',
          purpose,
          private: await crypto.subtle.importKey('pkcs8', bytes(secret), algorithm, false, [
            isSealing ? 'deriveBits' : 'sign',
          ]),
          public: await crypto.subtle.importKey('raw', raw, algorithm, true, isSealing ? [] : ['verify']),
        },
      };
    }),
  );
  const main = await open('corridor', (db) => {
    for (const name of ['keys', 'wrapping', 'heads', 'rows', 'records']) db.createObjectStore(name);
  });
  const writing = main.transaction(['keys', 'records'], 'readwrite');
  for (const { name, row } of rows) writing.objectStore('keys').put(row, name);
  for (const [name, value] of Object.entries(records)) writing.objectStore('records').put(bytes(value), name);
  await written(writing);
  main.close();
  const book = await open(doc, (db) => {
    db.createObjectStore('updates', { autoIncrement: true });
    db.createObjectStore('custom');
  });
  const adding = book.transaction('updates', 'readwrite');
  for (const update of updates) adding.objectStore('updates').add(bytes(update));
  await written(adding);
  book.close();
}
