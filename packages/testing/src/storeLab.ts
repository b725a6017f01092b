/** What a clause of the store contract is run on. */
import type { PublicKey } from '@corridor/ledger';
import type { Store } from '@corridor/peer';
import type { Doc } from 'yjs';

/** One disk of its own for each clause. */
export interface StoreLab {
  /** Opens the store; when one is open already, that one must have been closed. */
  open(): Promise<Store>;
  /** From now on the disk refuses writes, as a full one does. */
  refuse(): Promise<void>;
  /** The disk has room again. */
  allow(): Promise<void>;
  /** Seals a secret to a sealing key under `info`, as another device would. */
  seal(to: PublicKey, secret: Uint8Array, info: Uint8Array): Promise<Uint8Array>;
}
export interface StoreClause {
  readonly title: string;
  run(lab: StoreLab): Promise<void>;
}

export const text = (doc: Doc): string => JSON.stringify(doc.getMap('entries').toJSON());
export const noRefusal = (reason: string): never => {
  throw new Error(`a document was refused: ${reason}`);
};
/** Opens a store for one act and closes it again. */
export const during = async <T>(lab: StoreLab, act: (store: Store) => Promise<T>): Promise<T> => {
  const store = await lab.open();
  try {
    return await act(store);
  } finally {
    await store.close();
  }
};
