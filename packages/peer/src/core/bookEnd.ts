/** Why and how a steward's phone has the book closed [B1]. */
import {
  approvalsOf,
  isConsented,
  keepingStatement,
  KIND,
  LANE,
  openMotions,
  type DeviceKey,
  type Ledger,
  type NextKey,
  type Sha256,
} from '@corridor/ledger';
import type { Store } from '../ports.ts';
import { chainName } from './bookStore.ts';
import type { Circle, CirclePorts } from './circle.ts';
import type { CircleRecord } from './circleRecord.ts';
import { foundingIn } from './newCircles.ts';
import { waysFor } from './proposing.ts';
import { orRefused } from './refusals.ts';

/** A fresh witness key for the next book, with the device's consent to it [B1]. */
export async function nextWitnessKey(
  store: Store,
  ledger: Ledger,
  device: DeviceKey,
): Promise<NextKey | null> {
  const witness = await orRefused(store.keys.create('witness'), () => undefined);
  if (witness === undefined) return null;
  const consent = await store.keys.sign(
    device,
    keepingStatement(ledger.circle, ledger.book + 1, device, witness),
  );
  return consent === undefined ? null : { witness, consent };
}
/**
 * Erases old witness keys once a member has told all it has [W2]: a disk that is older than it knows does not name yet
 * what it will be told of. What is made from now on stays in any case.
 */
export async function eraseOnceHeard(
  store: Store,
  ledger: Ledger,
  record: CircleRecord,
  { sha256, hasHeard }: Pick<CirclePorts, 'sha256' | 'hasHeard'>,
  failed: (error: unknown) => void,
): Promise<{ stop(): void; idle(): Promise<void> }> {
  const old = await store.keys.witnessKeys();
  let isStopped = false;
  const erasing = (hasHeard?.() ?? Promise.resolve(true))
    .then((heard) =>
      heard && !isStopped ? eraseOldWitnessKeys(store, old, ledger, record, sha256) : undefined,
    )
    .catch(failed);
  return { stop: () => void (isStopped = true), idle: () => erasing };
}
/**
 * Erases those of `old` that are witness keys of books that are over [B1] [I15]: what this book's log, offers and stops
 * name stays. What a disk refuses now is erased at the next start.
 */
async function eraseOldWitnessKeys(
  { keys, journal }: Store,
  old: readonly string[],
  ledger: Ledger,
  { device, past }: CircleRecord,
  sha256: Sha256,
): Promise<void> {
  // Who founded anew may still go back to what they founded, where they keep the book [K1].
  if (past?.at(-1)?.book === ledger.book - 1) return;
  for (const lane of [LANE.voice, LANE.witness]) {
    const head = await journal.head(chainName(ledger.circle, ledger.book, lane, 0));
    // Of a book that was lost and comes back from others it is not known yet what it names.
    if (head !== undefined && !ledger.entries.has(head.id)) return;
  }
  const { terms, nextWitnesses } = ledger.log;
  const inUse = new Set<string>([
    ...terms.filter((term) => term.device === device).map(({ key }) => key),
    ...(nextWitnesses ?? []).filter((next) => next.device === device).map(({ key }) => key),
  ]);
  for (const { entry } of ledger.entries.values()) {
    if (entry.device !== device) continue;
    if (entry.body.kind === KIND.offerKeeping) inUse.add(entry.body.witness);
    const founding = entry.body.kind === KIND.foundAnew ? foundingIn(entry.body, sha256) : undefined;
    if (founding !== undefined) inUse.add(founding.body.witness);
    if (entry.body.kind === KIND.stop && entry.body.next !== null) inUse.add(entry.body.next.witness);
  }
  const gone = old.filter((name) => !inUse.has(name));
  if (gone.length > 0) await keys.eraseWitnessKeys(new Set(gone));
}
/**
 * Whether a steward's phone has a reason to close the book: its days are over, new stewards are named, or the stewards
 * agreed on it [B1].
 */
export function wantsBookClosed(circle: Circle): boolean {
  const { ledger } = circle.replica;
  if (ledger.log.closed !== null) return false;
  if (ledger.log.nextWitnesses !== null || circle.calendar.isOver()) return true;
  return openMotions(ledger).some(
    (motion) =>
      motion.act?.type === 'close-book' &&
      isConsented(ledger.log, waysFor(circle, motion.act), approvalsOf(motion)),
  );
}
