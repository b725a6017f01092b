/** The promises that a witness owes: to vote no more where an approved act needs an account closed [C1]. */
import { KIND, LANE, type EntryDraft, type StopBody, type StopReport } from './entry.ts';
import { draftNext } from './draft.ts';
import type { DeviceKey, Id } from './ids.ts';
import { slotOf, type Ledger } from './ledger.ts';
import { MAX_REPORTS } from './limits.ts';
import { currentTerm, isSealed, safetyFigures, type DeviceRecord } from './log.ts';
import { stopsOn } from './close.ts';
import { hasPromised } from './promises.ts';
import { accountsOnceWanted, accountsWantedClosed } from './wishes.ts';
import { witnessIndex } from './witnessLane.ts';

/** The next stop entry of this witness, or undefined when none is owed. */
export function draftStops(
  ledger: Ledger,
  device: DeviceKey,
  held?: ReadonlySet<Id>,
): EntryDraft<StopBody> | undefined {
  const term = currentTerm(ledger.log, device);
  if (term === undefined || ledger.halt !== null || ledger.log.closed !== null) return undefined;
  const owed = new Set([...accountsWantedClosed(ledger, held), ...closedByOthers(ledger)]);
  const reports: StopReport[] = [];
  for (const account of owed) {
    const record = ledger.log.devices.get(account);
    if (record === undefined || hasPromised(ledger, term.index, account)) continue;
    reports.push(reportFor(ledger, record, term.index));
    if (reports.length === MAX_REPORTS) break;
  }
  return reports.length === 0
    ? undefined
    : draftNext(ledger, device, LANE.witness, { kind: KIND.stop, reports, parts: 0, next: null });
}
/**
 * Where others have stopped for a reason, the account may be stuck without the rest: so the rest stops as well, and it
 * can be opened again. There was a reason if more have stopped than may lie, or if a motion had consent once, even
 * if it has lost it since.
 */
function closedByOthers(ledger: Ledger): readonly DeviceKey[] {
  const { mayLie } = safetyFigures(ledger.n);
  if (ledger.stops.length === 0) return [];
  const onceWanted = accountsOnceWanted(ledger);
  const named = new Set<DeviceKey>();
  for (const { entry } of ledger.stops) {
    if (entry.body.kind !== KIND.stop || entry.body.parts !== 0) continue;
    for (const { ordinal } of entry.body.reports) {
      const account = ledger.log.ordinals[ordinal];
      if (account !== undefined) named.add(account);
    }
  }
  return [...named].filter((account) => {
    const record = ledger.log.devices.get(account);
    if (record === undefined || isSealed(record)) return false;
    return stopsOn(ledger, record).size > (onceWanted.has(account) ? 0 : mayLie);
  });
}

/** What this witness saw of an account: the newest certified entry, and its own vote at the place after it [C1]. */
export function reportFor(ledger: Ledger, record: DeviceRecord, witness: number): StopReport {
  const { ordinal, incarnation, device } = record;
  const feed = ledger.feeds.get(device)?.[LANE.account];
  if (feed === undefined) throw new Error('a device without feeds');
  const top = feed.main[feed.certified - 1]?.entry;
  return {
    ordinal,
    incarnation,
    head: top === undefined ? null : { seq: top.seq, id: top.id },
    vote: ownVoteAt(ledger, record, feed.certified, witness),
  };
}
/** What a witness has voted for at a place, also if the entry itself is not here. */
function ownVoteAt(ledger: Ledger, record: DeviceRecord, seq: number, witness: number): Id | null {
  const feed = ledger.feeds.get(record.device)?.[LANE.account];
  const bit = 1 << witness;
  const kept = [feed?.main[seq], ...(feed?.sideAt.get(seq) ?? [])];
  for (const stored of kept)
    if (stored?.entry.incarnation === record.incarnation && (stored.votes & bit) !== 0)
      return stored.entry.id;
  const slot = slotOf({ incarnation: record.incarnation, seq });
  for (const early of ledger.earlyVotes.get(record.device)?.get(slot) ?? [])
    if (early.voters.some((voter) => witnessIndex(ledger, voter) === witness)) return early.id;
  return null;
}
