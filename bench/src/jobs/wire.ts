/** Two replicas of one book, one of which lacks the newest entries, meet; every message is counted. */
import { sessionSecret } from '@corridor/sync';
import { createSignatureChecker } from '../../../packages/peer/src/signatureChecker.ts';
import { writeBook } from '../book.ts';
import { answerJob } from '../job.ts';
import { meet, type Meeting } from '../link.ts';
import { BENCH_BOOK_KEY, benchKeys, openReplicaOf, sealBook, sealKeptSignatures } from '../sealedBook.ts';

export interface WireQuestion {
  readonly entries: number;
  readonly feeds: number;
  readonly missing: readonly number[];
}
export interface WireAnswer {
  readonly missing: number;
  readonly sent: Meeting['sent'];
  /** Feeds that hold something, in both replicas. */
  readonly feeds: number;
  /** Bytes of the missing entries, sealed. */
  readonly entryBytes: number;
  /** Bytes of the signatures beside them that a replica keeps, sealed. */
  readonly signatureBytes: number;
  readonly arrived: number;
}

answerJob(async ({ entries, feeds, missing }: WireQuestion): Promise<readonly WireAnswer[]> => {
  const book = await writeBook({ entries, feeds });
  const keys = await benchKeys(book);
  const all = await sealBook(book, keys);
  const checker = await createSignatureChecker();
  const kept = await sealKeptSignatures(book, keys, book.entries);
  const answers: WireAnswer[] = [];
  for (const count of missing) {
    const whole = await openReplicaOf({ book, keys, checker, owner: 0 }, all, all.length);
    const behind = await openReplicaOf({ book, keys, checker, owner: 1 }, all, all.length - count);
    const before = behind.ledger.entries.size;
    const { sent } = await meet(behind, whole, {
      circle: book.founding.id,
      secret: sessionSecret(BENCH_BOOK_KEY),
    });
    const lost = all.slice(all.length - count);
    answers.push({
      missing: count,
      sent,
      feeds: whole.shelf.heads().length,
      entryBytes: lost.reduce((sum, item) => sum + item.sealed.length, 0),
      signatureBytes: lost.reduce((sum, { entry }) => sum + (kept.get(entry.id)?.length ?? 0), 0),
      arrived: behind.ledger.entries.size - before,
    });
  }
  return answers;
});
