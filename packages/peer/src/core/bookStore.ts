/**
 * The book as it lies in Yjs: an add-only map from entry id to sealed bytes, one of kept signatures, one of texts.
 * Only the gate writes here, after decode, verify and apply; no update of another person is ever applied (§5).
 */
import { isAnchor, KIND, LANE, type Id, type Lane, type Stored, type TextHash } from '@corridor/ledger';
import * as Y from 'yjs';
import type { AttachedDoc, DocShelf } from '../ports.ts';

/** What goes into the document together. */
export interface BookChange {
  readonly entries: readonly { readonly id: Id; readonly sealed: Uint8Array }[];
  readonly signatures: readonly { readonly id: Id; readonly sealed: Uint8Array }[];
  readonly forget: readonly Id[];
}
export interface BookStore {
  readonly doc: Y.Doc;
  sealed(id: Id): Uint8Array | undefined;
  signature(id: Id): Uint8Array | undefined;
  text(hash: TextHash): Uint8Array | undefined;
  all(): Iterable<[Id, Uint8Array]>;
  size(): number;
  write(change: BookChange): void;
  dropSignatures(ids: readonly Id[]): void;
  writeTexts(texts: readonly { readonly hash: TextHash; readonly sealed: Uint8Array }[]): void;
  /** Leaves the mark of what was erased on purpose in a text's place; true when the disk has forgotten it too [E6]. */
  eraseText(hash: TextHash): Promise<boolean>;
  /** True when the disk has everything so far. */
  flush(signal?: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

export const bookName = (circle: Id, book: number): string => `${circle}/${book}`;
/**
 * Where this device's own entries of a book stand in the journal. What a closing left out has followers of its own
 * there [C2], so each incarnation of an account has a chain. The first book's names are older than books.
 */
export const chainName = (circle: Id, book: number, lane: Lane, incarnation: number): string =>
  `${book === 0 ? circle : bookName(circle, book)}/${lane}${incarnation === 0 ? '' : `.${incarnation}`}`;

export async function openBookStore(
  shelf: DocShelf,
  name: string,
  clientId: number,
  onRefused: (reason: string) => void,
  signal?: AbortSignal,
): Promise<BookStore> {
  const doc = new Y.Doc({ gc: true });
  const entries = doc.getMap<Uint8Array>('entries');
  const signatures = doc.getMap<Uint8Array>('signatures');
  const texts = doc.getMap<Uint8Array>('texts');
  const attached: AttachedDoc = await shelf.attach(name, doc, onRefused, signal);
  // Pinned only now: Yjs takes another id when it loads updates under its own. Unpinned, every start would grow the
  // state vector.
  doc.clientID = clientId;
  return {
    doc,
    sealed: (id) => entries.get(id),
    signature: (id) => signatures.get(id),
    text: (hash) => texts.get(hash),
    all: () => entries.entries() as IterableIterator<[Id, Uint8Array]>,
    size: () => entries.size,
    write(change) {
      doc.transact(() => {
        for (const { id, sealed } of change.entries) if (!entries.has(id)) entries.set(id, sealed);
        for (const { id, sealed } of change.signatures) if (!signatures.has(id)) signatures.set(id, sealed);
        for (const id of change.forget) {
          entries.delete(id);
          signatures.delete(id);
        }
      });
    },
    dropSignatures(ids) {
      if (ids.length === 0) return;
      doc.transact(() => {
        for (const id of ids) signatures.delete(id);
      });
    },
    writeTexts(more) {
      doc.transact(() => {
        for (const { hash, sealed } of more) if (!texts.has(hash)) texts.set(hash, sealed);
      });
    },
    eraseText(hash) {
      if (texts.get(hash)?.length !== 0) texts.set(hash, new Uint8Array(0));
      return attached.forget();
    },
    flush: (signal_) => attached.flush(signal_),
    async close() {
      await attached.close();
      doc.destroy();
    },
  };
}

/**
 * Whether an entry's signature is kept for good: anchors, both sides of a fork, and the last entry of a witness's
 * term, after which another key signs. Besides these, a feed's newest is kept until a newer one is [S1].
 */
export function keepsSignature(stored: Stored): boolean {
  const { entry, feed } = stored;
  if (isAnchor(entry.seq) || feed.forked || entry.lane === LANE.founding) return true;
  return entry.body.kind === KIND.propose && entry.body.decision.act.type === 'keeper';
}
