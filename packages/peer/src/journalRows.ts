import type { Id } from '@corridor/ledger';
import type { JournalRow } from './ports.ts';

/** A chain's newest row as a journal remembers it, also after the rows themselves were trimmed. */
export interface ChainHead {
  readonly seq: number;
  readonly id: Id;
}

/**
 * The head that these rows lead to, or undefined when there are none. Throws if they do not follow each
 * other and the head without a gap [I7]: that would be a fault of ours, not of the disk.
 */
export const headAfter = (
  chain: string,
  head: ChainHead | undefined,
  rows: readonly JournalRow[],
): ChainHead | undefined => {
  let before = head?.seq;
  for (const row of rows) {
    if (row.chain !== chain) throw new RangeError(`a row of ${row.chain} does not belong to ${chain}`);
    if (before !== undefined && row.seq !== before + 1)
      throw new RangeError(`row ${row.seq} does not follow row ${before} of ${chain}`);
    before = row.seq;
  }
  const newest = rows.at(-1);
  return newest === undefined ? undefined : { seq: newest.seq, id: newest.id };
};
