/** A written book as a device finds it on its disk: one Yjs update of sealed entries and kept signatures. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Y from 'yjs';
import { bookName } from '../../packages/peer/src/core/bookStore.ts';
import { createMemoryDisk, type MemoryDisk } from '../../packages/peer/src/memoryDisk.ts';
import type { Book } from './book.ts';
import { sealBook, sealKeptSignatures, type Keys } from './sealedBook.ts';

/** The whole book as one update, as compaction leaves it. */
export async function bookUpdate(book: Book, keys: Keys): Promise<Uint8Array> {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const entries = doc.getMap<Uint8Array>('entries');
  const signatures = doc.getMap<Uint8Array>('signatures');
  const sealed = await sealBook(book, keys);
  const kept = await sealKeptSignatures(book, keys, book.entries);
  doc.transact(() => {
    for (const item of sealed) entries.set(item.entry.id, item.sealed);
    for (const [id, signature] of kept) signatures.set(id, signature);
  });
  return Y.encodeStateAsUpdate(doc);
}
/** A disk on which that book lies. */
export function diskWith(book: Pick<Book, 'founding'>, update: Uint8Array): MemoryDisk {
  const disk = createMemoryDisk();
  disk.docs.set(bookName(book.founding.id, 0), { written: [update], flushed: [update] });
  return disk;
}
/** The sealed values of an update, each with its id. */
export function sealedIn(update: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return new Map(doc.getMap<Uint8Array>('entries').entries());
}

/** Hands an update from one process to another by a file in the system's folder for such. */
export function keepUpdate(update: Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'corridor-bench-')), 'book.update');
  writeFileSync(file, update);
  return file;
}
export const readUpdate = (file: string): Uint8Array => new Uint8Array(readFileSync(file));
