/** A written book as a device finds it on its disk: one Yjs update of sealed entries and kept signatures. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bookName, openBookStore, type BookStore } from '../../packages/peer/src/core/bookStore.ts';
import { createMemoryDisk, type MemoryDisk } from '../../packages/peer/src/memoryDisk.ts';
import { openMemoryStore } from '../../packages/peer/src/memoryStore.ts';
import type { Book } from './book.ts';
import { sealBook, sealKeptSignatures, type Keys } from './sealedBook.ts';

const bookOn = (disk: MemoryDisk, name: string): Promise<BookStore> => {
  const store = openMemoryStore(disk, (length) => new Uint8Array(length));
  return openBookStore(store.docs, name, 1, (reason) => {
    throw new Error(reason);
  });
};
const NAME = 'book';

/** The whole book as one update, as compaction leaves it. */
export async function bookUpdate(book: Book, keys: Keys): Promise<Uint8Array> {
  const disk = createMemoryDisk();
  const store = await bookOn(disk, NAME);
  const sealed = await sealBook(book, keys);
  const signatures = await sealKeptSignatures(book, keys, book.entries);
  store.write({
    entries: sealed.map((item) => ({ id: item.entry.id, sealed: item.sealed })),
    signatures: [...signatures].map(([id, signature]) => ({ id, sealed: signature })),
    forget: [],
  });
  await store.close();
  const [update, ...more] = disk.docs.get(NAME)?.written ?? [];
  if (update === undefined || more.length > 0) throw new Error('one change is one update');
  return update;
}
/** A disk on which that book lies. */
export function diskWith(book: Pick<Book, 'founding'>, update: Uint8Array): MemoryDisk {
  const disk = createMemoryDisk();
  disk.docs.set(bookName(book.founding.id, 0), { written: [update], flushed: [update] });
  return disk;
}
/** The sealed values of an update, each with its id. */
export async function sealedIn(update: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const disk = createMemoryDisk();
  disk.docs.set(NAME, { written: [update], flushed: [update] });
  const store = await bookOn(disk, NAME);
  const values = new Map<string, Uint8Array>(store.all());
  await store.close();
  return values;
}

/** Hands an update from one process to another by a file in the system's folder for such. */
export function keepUpdate(update: Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'corridor-bench-')), 'book.update');
  writeFileSync(file, update);
  return file;
}
export const readUpdate = (file: string): Uint8Array => new Uint8Array(readFileSync(file));
