/**
 * Founding a circle anew from an open book whose witnesses are gone [K1]. What the new one begins with follows from the
 * old book's entries up to named places of its witnesses' lanes, and from nothing else: everybody who holds those comes to
 * the same opening, byte for byte, and says so before going along.
 */
import { applyEntry } from './apply.ts';
import { KIND, LANE, type FoundBody, type LaneCut } from './entry.ts';
import type { Stored } from './feed.ts';
import { chainTo } from './closingFold.ts';
import { statementBytes, type ClosingStatement } from './closingStatement.ts';
import { decisionId } from './entryCodec.ts';
import type { DeviceKey, Id } from './ids.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { isSealed, standingOf } from './log.ts';
import { openBook } from './openBook.ts';
import type { BookOpening } from './opening.ts';
import { closingDecision } from './openingCodec.ts';
import { openingOf } from './openingOf.ts';
import { replayOrder } from './replay.ts';
import { fail, ok, type Result } from './result.ts';
import type { VerifiedEntry } from './verify.ts';

/** As far as the witnesses' lanes are here with everything that they certify: by ordinal, those with nothing left out. */
export function cutOf(ledger: Ledger): readonly LaneCut[] {
  return ledger.log.ordinals.flatMap((device, ordinal): readonly LaneCut[] => {
    const lane = ledger.feeds.get(device)?.[LANE.witness].main ?? [];
    const lacking = lane.findIndex((stored) => !isWhole(ledger, stored));
    const head = (lacking < 0 ? lane : lane.slice(0, lacking)).at(-1)?.entry;
    return head === undefined ? [] : [{ ordinal, seq: head.seq, id: head.id }];
  });
}
/** Whether everything is here that the opening follows from: more than that changes nothing about it. */
function holdsCut(ledger: Ledger, cut: readonly LaneCut[]): boolean {
  return cut.every(({ id }) => {
    const head = ledger.entries.get(id);
    return head !== undefined && [...chainTo(head, () => false)].every((stored) => isWhole(ledger, stored));
  });
}
const isWhole = (ledger: Ledger, { entry: { body } }: Stored): boolean =>
  body.kind !== KIND.votes || body.votes.every(({ id }) => ledger.entries.has(id));

/** What a founding says of the new circle, besides the balances. */
export interface NewCircle {
  readonly circle: Id;
  readonly founder: DeviceKey;
  readonly witness: FoundBody['witness'];
  /** Of the first key, its id. */
  readonly key: string;
  /** The entry that founds it in the old book: the opening names it, so that one opening is of one old circle alone. */
  readonly by: Id;
  readonly cut: readonly LaneCut[];
}
export type FoundAnewFault =
  /** The old book's entries are not here as far as the founding says. */
  | { readonly rule: 'K1'; readonly code: 'not-here-yet' }
  | { readonly rule: 'K1'; readonly code: 'founder-is-shut' | 'book-is-closed' };

export interface FoundedAnew extends ClosingStatement {
  readonly statement: Uint8Array;
  /** How many entries of each account's chain are in the balances. */
  readonly counted: ReadonlyMap<DeviceKey, number>;
}
/**
 * The statement that the new circle's first book begins with: opening and the decision that would have closed the old
 * book, under the new circle's id, with no witness behind it. `start`: what the old book began with. Changes nothing.
 */
export function foundAnew(
  ledger: Ledger,
  start: ClosingStatement | null,
  fresh: NewCircle,
): Result<FoundedAnew, FoundAnewFault> {
  if (!holdsCut(ledger, fresh.cut)) return fail({ rule: 'K1', code: 'not-here-yet' });
  const old = asFarAs(ledger, start, fresh.cut);
  if (old.awaiting !== null) return fail({ rule: 'K1', code: 'not-here-yet' });
  if (old.log.closed !== null) return fail({ rule: 'K1', code: 'book-is-closed' });
  const founder = old.log.devices.get(fresh.founder);
  if (founder === undefined || isSealed(founder) || standingOf(old.log, founder.member) !== 'active')
    return fail({ rule: 'K1', code: 'founder-is-shut' });
  const whole = openingOf(old, { stops: [], key: fresh.key }, [], false);
  const own = whole.devices.filter(({ device }) => device === fresh.founder);
  const opening: BookOpening = {
    ...whole,
    circle: fresh.circle,
    before: fresh.by,
    witnesses: [{ device: fresh.founder, key: fresh.witness }],
    devices: [...own, ...whole.devices.filter(({ device }) => device !== fresh.founder)],
    // Invites speak of one circle: those of the old one mean nothing here.
    decisions: [],
    usedInvites: [],
  };
  const decision = closingDecision(opening, [], ledger.sha256);
  const closing = decisionId(fresh.circle, decision, ledger.sha256);
  const counted = new Map<DeviceKey, number>();
  for (const { device, settledHead } of old.accounts.values())
    counted.set(device, settledHead === undefined ? 0 : settledHead.entry.seq + 1);
  return ok({ opening, closing, statement: statementBytes(decision, opening), counted });
}

/** The old book again, with its witnesses' lanes up to the cut and no further. */
function asFarAs(ledger: Ledger, start: ClosingStatement | null, cut: readonly LaneCut[]): Ledger {
  const founding = ledger.founding.entry as VerifiedEntry<FoundBody>;
  const { sha256, isOrdinaryKey, accountRules, decisionRules } = ledger;
  const options = { sha256, isOrdinaryKey, accountRules, decisionRules };
  const old =
    start === null
      ? createLedger(founding, options)
      : openBook(founding, start.opening, start.closing, options);
  const chains: (readonly VerifiedEntry[])[] = [];
  for (const { id } of cut) {
    const head = ledger.entries.get(id);
    if (head?.entry.lane !== LANE.witness) continue;
    chains.push([...chainTo(head, () => false)].reverse().map(({ entry }) => entry));
  }
  for (const feeds of ledger.feeds.values()) {
    const { main, side } = feeds[LANE.account];
    chains.push(main.map(({ entry }) => entry));
    for (const { entry } of [...side.values()].sort(byPlace)) chains.push([entry]);
  }
  // A lane that the log lets in only later waits for the next pass; each pass takes one at least, or is the last.
  let left = replayOrder(chains);
  for (let before = -1; left.length !== before;) {
    before = left.length;
    left = left.filter((entry) => applyEntry(old, entry).type === 'refused');
  }
  return old;
}
const byPlace = (a: Stored, b: Stored): number =>
  a.entry.incarnation - b.entry.incarnation || a.entry.seq - b.entry.seq;
