/**
 * What the books of a circle began with, as it lies on disk [B1]: sealed, in pieces, and there once the last of its
 * records is. That record alone says which book this device is in: the circle has gone on when it is written.
 */
import {
  checkStatement,
  concatBytes,
  type ClosingStatement,
  type Entry,
  type FoundBody,
  type Sha256,
} from '@corridor/ledger';
import { MAX_BOOK } from '@corridor/sync';
import type { SealedRecords } from './sealedRecords.ts';

const PREFIX = 'opening/';
/** Bytes of one piece: what a seal takes. */
const PIECE_BYTES = 4000;

export interface Openings {
  /** The newest that can be read; null: the circle is in its first book. */
  newest(): Promise<ClosingStatement | null>;
  /** undefined: not here. */
  of(book: number): Promise<ClosingStatement | undefined>;
  /** The statement's bytes, to be handed on. */
  bytesOf(book: number): Promise<Uint8Array | undefined>;
  /** Strictly. False: the disk refused, and nothing has changed. */
  keep(book: number, statement: Uint8Array): Promise<boolean>;
  forget(book: number): Promise<void>;
}
export function createOpenings(
  records: SealedRecords,
  founding: Pick<Entry<FoundBody>, 'id' | 'device'>,
  sha256: Sha256,
): Openings {
  const headName = (book: number): string => `${PREFIX}${book}`;
  const pieceName = (book: number, piece: number): string => `${PREFIX}${book}/${piece}`;
  const bytesOf: Openings['bytesOf'] = async (book) => {
    const head = await records.get(headName(book));
    if (head?.length !== 4) return undefined;
    const pieces: Uint8Array[] = [];
    const count = new DataView(head.buffer, head.byteOffset).getUint32(0);
    for (let piece = 0; piece < count; piece++) {
      const bytes = await records.get(pieceName(book, piece));
      if (bytes === undefined) return undefined;
      pieces.push(bytes);
    }
    return concatBytes(...pieces);
  };
  const of: Openings['of'] = async (book) => {
    const bytes = await bytesOf(book);
    const checked = bytes && checkStatement(bytes, founding, sha256);
    return checked?.ok === true && checked.value.opening.book === book ? checked.value : undefined;
  };
  return {
    async newest() {
      const names = await records.names(PREFIX);
      const books = names.map((name) => Number(name.slice(PREFIX.length)));
      const begun = books.filter((book) => Number.isInteger(book) && book > 0 && book <= MAX_BOOK);
      for (const book of begun.sort((a, b) => b - a)) {
        const statement = await of(book);
        // A damaged one is as good as none: the book before closes once more.
        if (statement !== undefined) return statement;
      }
      return null;
    },
    of,
    bytesOf,
    async keep(book, statement) {
      let piece = 0;
      for (let from = 0; from < statement.length; from += PIECE_BYTES)
        if (!(await records.put(pieceName(book, piece++), statement.slice(from, from + PIECE_BYTES))))
          return false;
      const head = new Uint8Array(4);
      new DataView(head.buffer).setUint32(0, piece);
      return records.put(headName(book), head);
    },
    async forget(book) {
      await records.remove(headName(book));
      for (const name of await records.names(`${PREFIX}${book}/`)) await records.remove(name);
    },
  };
}
