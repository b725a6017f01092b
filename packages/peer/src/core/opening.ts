/** From sealed items to decoded entries: the way into the gate for whatever comes from disk, peer or code. */
import {
  decodeWith,
  fail,
  ok,
  type Decoder,
  type Entry,
  type Id,
  type Result,
  type Signature,
} from '@corridor/ledger';
import type { Run as SealedRun, SealedItem } from '@corridor/sync';
import { openEntries, openKeptEntries, openSignatures, type BookKeys } from '../sealing.ts';

/** One feed's stretch, opened and decoded, with what it looked like sealed. */
export interface OpenRun {
  readonly entries: readonly Entry[];
  readonly signatures: ReadonlyMap<Id, Signature>;
  readonly sealed: ReadonlyMap<Id, { readonly entry: Uint8Array; readonly signature: Uint8Array | null }>;
}
export interface Opening {
  readonly keys: BookKeys;
  readonly decoder: Decoder;
}
/** One item, opened and decoded. */
export interface OpenItem {
  readonly entry: Entry;
  readonly signature: Signature | null;
}

/** Opens and decodes items, each with its own verdict, in order. `from`: our own book was checked when it was written. */
export async function openItems(
  { keys, decoder }: Opening,
  items: readonly SealedItem[],
  from: 'elsewhere' | 'own-book',
  signal?: AbortSignal,
): Promise<readonly Result<OpenItem, string>[]> {
  const sealed = items.map((item) => item.sealed);
  const opened = await (from === 'own-book' ? openKeptEntries : openEntries)(keys, sealed, signal);
  const results: Result<OpenItem, string>[] = [];
  const signed: { readonly at: number; readonly entry: Entry; readonly value: Uint8Array }[] = [];
  for (const [at, text] of opened.entries()) {
    const decoded = text.ok ? decodeWith(decoder, text.value) : undefined;
    if (decoded?.ok !== true) {
      const fault = decoded?.fault;
      results.push(fail(fault === undefined ? faultOf(text) : `${fault.code} in ${fault.field}`));
      continue;
    }
    const value = items[at]?.signature ?? null;
    results.push(ok({ entry: decoded.value, signature: null }));
    if (value !== null) signed.push({ at, entry: decoded.value, value });
  }
  if (signed.length === 0) return results;
  const bound = signed.map(({ entry, value }) => ({ subject: entry.id, value }));
  for (const [i, signature] of (await openSignatures(keys, bound, signal)).entries()) {
    const own = signed[i];
    if (own === undefined) continue;
    results[own.at] = signature.ok
      ? ok({ entry: own.entry, signature: signature.value })
      : fail('bad-seal of a signature');
  }
  return results;
}
const faultOf = (result: Result<unknown, string>): string => (result.ok ? '' : result.fault);

/**
 * Opens and decodes runs, each as far as we have the keys. One bad piece refuses the lot: its sender vouched for all of it.
 */
export async function openRuns(
  opening: Opening,
  runs: readonly Pick<SealedRun, 'items'>[],
  signal?: AbortSignal,
): Promise<Result<readonly OpenRun[], string>> {
  const opened = await openItems(
    opening,
    runs.flatMap((run) => run.items),
    'elsewhere',
    signal,
  );
  let next = 0;
  const openRun = (items: readonly SealedItem[]): Result<OpenRun, string> => {
    let isCut = false;
    const entries: Entry[] = [];
    const signatures = new Map<Id, Signature>();
    const sealed = new Map<Id, { readonly entry: Uint8Array; readonly signature: Uint8Array | null }>();
    for (const item of items) {
      const result = opened[next++];
      if (result === undefined) throw new Error('an item without an answer');
      // A key that came after ours: what is sealed with it is for later, and nobody's fault [S1].
      if (isCut || (!result.ok && result.fault === 'unknown-key')) {
        isCut = true;
        continue;
      }
      if (!result.ok) return result;
      const { entry, signature } = result.value;
      entries.push(entry);
      if (signature !== null) signatures.set(entry.id, signature);
      sealed.set(entry.id, { entry: item.sealed, signature: item.signature });
    }
    return ok({ entries, signatures, sealed });
  };
  const openRuns: OpenRun[] = [];
  for (const run of runs) {
    const one = openRun(run.items);
    if (!one.ok) return one;
    openRuns.push(one.value);
  }
  return ok(openRuns);
}

/** Puts entries in no order into chains: each result hangs together by its links, oldest first. */
export function chainsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const byDevice = new Map<string, Map<number, Entry[]>>();
  for (const entry of entries) {
    let lanes = byDevice.get(entry.device);
    if (lanes === undefined) byDevice.set(entry.device, (lanes = new Map<number, Entry[]>()));
    const list = lanes.get(entry.lane);
    if (list === undefined) lanes.set(entry.lane, [entry]);
    else list.push(entry);
  }
  const chains: Entry[][] = [];
  for (const lanes of byDevice.values())
    for (const list of lanes.values()) {
      // Where a closing cut a chain off, what goes on after it is followed first [C2].
      let rest = list.sort((a, b) => a.seq - b.seq || b.incarnation - a.incarnation);
      while (rest.length > 0) {
        const chain: Entry[] = [];
        const left: Entry[] = [];
        for (const entry of rest) {
          const last = chain[chain.length - 1];
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
