/** From sealed items to decoded entries: the way into the gate for whatever comes from disk, peer or code. */
import {
  decodeEntry,
  fail,
  ok,
  type Entry,
  type Id,
  type Result,
  type Sha256,
  type Signature,
} from '@corridor/ledger';
import type { Run as SealedRun } from '@corridor/sync';
import { openEntries, openSignatures, type BookKeys } from '../sealing.ts';

/** One feed's stretch, opened and decoded, with what it looked like sealed. */
export interface OpenRun {
  readonly entries: readonly Entry[];
  readonly signatures: ReadonlyMap<Id, Signature>;
  readonly sealed: ReadonlyMap<Id, { readonly entry: Uint8Array; readonly signature: Uint8Array | null }>;
}
export interface OpeningKeys {
  readonly circle: Id;
  readonly keys: BookKeys;
  readonly sha256: Sha256;
}

/** Opens and decodes runs. One bad piece refuses the lot: its sender vouched for all of it. */
export async function openRuns(
  { circle, keys, sha256 }: OpeningKeys,
  runs: readonly Pick<SealedRun, 'items'>[],
  signal?: AbortSignal,
): Promise<Result<readonly OpenRun[], string>> {
  const items = runs.flatMap((run) => run.items);
  const opened = await openEntries(
    keys,
    items.map((item) => item.sealed),
    signal,
  );
  const entries: Entry[] = [];
  for (const result of opened) {
    if (!result.ok) return fail(result.fault);
    const decoded = decodeEntry(result.value, circle, sha256);
    if (!decoded.ok) return fail(`${decoded.fault.code} in ${decoded.fault.field}`);
    entries.push(decoded.value);
  }
  const signed = entries.flatMap((entry, i) => {
    const signature = items[i]?.signature;
    return signature ? [{ subject: entry.id, value: signature }] : [];
  });
  const signatures = await openSignatures(keys, signed, signal);
  const byId = new Map<Id, Signature>();
  for (const [i, result] of signatures.entries()) {
    const subject = signed[i]?.subject;
    if (!result.ok || subject === undefined) return fail('bad-seal of a signature');
    byId.set(subject, result.value);
  }
  let next = 0;
  return ok(
    runs.map((run): OpenRun => {
      const own = entries.slice(next, next + run.items.length);
      next += run.items.length;
      const ids = own.map((entry, i) => [entry.id, run.items[i]] as const);
      return {
        entries: own,
        signatures: new Map(own.flatMap(({ id }) => (byId.has(id) ? [[id, byId.get(id) as Signature]] : []))),
        sealed: new Map(
          ids.map(([id, item]) => [
            id,
            { entry: item?.sealed ?? new Uint8Array(0), signature: item?.signature ?? null },
          ]),
        ),
      };
    }),
  );
}

/** Puts entries in no order into chains: each result hangs together by its links, oldest first. */
export function chainsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const byFeed = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = `${entry.device}/${entry.lane}`;
    const list = byFeed.get(name);
    if (list === undefined) byFeed.set(name, [entry]);
    else list.push(entry);
  }
  const chains: Entry[][] = [];
  for (const list of byFeed.values()) {
    let rest = list.sort((a, b) => a.seq - b.seq);
    while (rest.length > 0) {
      const chain: Entry[] = [];
      const left: Entry[] = [];
      for (const entry of rest) {
        const last = chain.at(-1);
        if (last === undefined || (entry.seq === last.seq + 1 && entry.prev === last.id)) chain.push(entry);
        else left.push(entry);
      }
      chains.push(chain);
      rest = left;
    }
  }
  // The log's lanes first: they say who the others are.
  return chains.sort((a, b) => laneOrder(a) - laneOrder(b));
}
const laneOrder = (chain: readonly Entry[]): number => -(chain[0]?.lane ?? 0);
