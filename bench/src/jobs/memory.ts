/** What a book takes in memory: as an open replica, or as a plain Map of the same sealed bytes. */
import { setImmediate } from 'node:timers/promises';
import { createSignatureChecker } from '../../../packages/peer/src/signatureChecker.ts';
import { foundCircle } from '../book.ts';
import { answerJob } from '../job.ts';
import { collect, costOf } from '../measure.ts';
import { openMemberReplica } from '../memberReplica.ts';
import { benchKeys } from '../sealedBook.ts';
import { diskWith, readUpdate, sealedIn } from '../sealedDisk.ts';

export interface MemoryQuestion {
  readonly file: string;
  readonly feeds: number;
  readonly form: 'replica' | 'map';
}
export interface MemoryAnswer {
  readonly entries: number;
  /** Heap and buffers together, more than before it was loaded. Bytes. */
  readonly bytes: number;
  readonly openSeconds: number;
}

/** Live bytes: the JavaScript heap and the buffers outside it. */
async function liveBytes(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    collect();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

answerJob(async ({ file, feeds, form }: MemoryQuestion): Promise<MemoryAnswer> => {
  const circle = await foundCircle(Math.max(2, Math.floor((feeds - 2) / 2)));
  if (form === 'map') {
    const before = await liveBytes();
    const held = new Map<string, Uint8Array>();
    for (const [id, sealed] of await sealedIn(readUpdate(file))) held.set(id, sealed.slice());
    const bytes = (await liveBytes()) - before;
    return { entries: held.size, bytes, openSeconds: 0 };
  }
  const keys = await benchKeys(circle);
  const checker = await createSignatureChecker();
  const before = await liveBytes();
  const disk = diskWith(circle, readUpdate(file));
  let opened: Awaited<ReturnType<typeof openMemberReplica>> | undefined;
  const { wall } = await costOf(async () => {
    opened = await openMemberReplica({ book: circle, keys, checker, owner: 0, disk });
  });
  // What lies on the disk is no part of the replica, though here both are in memory.
  disk.erase();
  const bytes = (await liveBytes()) - before;
  return { entries: (opened?.ledger.entries.size ?? 1) - 1, bytes, openSeconds: wall };
});
