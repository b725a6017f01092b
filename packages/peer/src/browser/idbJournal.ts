import { headAfter } from '../journalRows.ts';
import { ownBytes } from '../plainBytes.ts';
import type { Journal, JournalOutcome } from '../ports.ts';
import { StorageRefused } from '../storageRefused.ts';
import { writeStrictly, type CorridorDb } from './idbDatabase.ts';

/** The journal in IndexedDB: what is kept has survived a strict flush [P6], and one head has one successor. */
export const createIdbJournal = (db: CorridorDb): Journal => ({
  async append(chain, expectedHead, rows, signal): Promise<JournalOutcome> {
    signal?.throwIfAborted(); // once begun it is not called off: kept or not must stay one answer
    const written = await writeStrictly(db, ['heads', 'rows'], async (tx) => {
      const heads = tx.objectStore('heads');
      const before = await heads.get(chain);
      if (before?.id !== expectedHead) return 'stale-head';
      const after = headAfter(chain, before, rows);
      if (after === undefined) return 'kept';
      const store = tx.objectStore('rows');
      await Promise.all([
        ...rows.map((row) => store.add({ ...row, bytes: ownBytes(row.bytes) }, [chain, row.seq])),
        heads.put(after, chain),
      ]);
      return 'kept';
    });
    return written.ok ? written.value : 'refused';
  },
  async head(chain, signal) {
    signal?.throwIfAborted();
    return db.get('heads', chain);
  },
  async rows(chain, fromSeq, signal) {
    signal?.throwIfAborted();
    return db.getAll('rows', IDBKeyRange.bound([chain, fromSeq], [chain, Infinity]));
  },
  async trim(chain, belowSeq, signal) {
    signal?.throwIfAborted();
    const trimmed = await writeStrictly(db, ['rows'], (tx) =>
      tx.objectStore('rows').delete(IDBKeyRange.bound([chain, -Infinity], [chain, belowSeq], false, true)),
    );
    if (!trimmed.ok) throw new StorageRefused(trimmed.fault);
  },
});
