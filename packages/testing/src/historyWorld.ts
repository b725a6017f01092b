/** What random histories are made of: who is there, on which replica, what was ever signed, and chance. */
import {
  applyEntry,
  draftNext,
  type Applied,
  type Body,
  type Id,
  type Ledger,
  type Stored,
  type VerifiedEntry,
} from '@corridor/ledger';
import { add, person, type Person, type Village } from './village.ts';

export interface HistoryPlan {
  readonly village: Village;
  readonly replicas: number;
  /** Indexes of people who sign what they like. */
  readonly hostile: readonly number[];
  /** Indexes of people whose witness key votes for what it likes. */
  readonly liars: readonly number[];
  /** Whether the one keeper may hand the book on. */
  readonly handOvers: boolean;
  /** Whether people propose acts, say yes and no to them, and the witnesses carry them out; nothing by default. */
  readonly acts?: boolean;
  /** After each entry that a replica took. */
  readonly onApplied?: (ledger: Ledger, applied: Applied) => void;
}
export interface History {
  readonly replicas: readonly Ledger[];
  /** Everything that was ever signed and verified. */
  readonly made: readonly VerifiedEntry[];
  /** What the witnesses agreed on, by height, and how many motions there were. */
  readonly chosen?: World['chosen'];
  readonly calls?: World['calls'];
}
/** A number of the script, spent piece by piece. */
export type Choose = (options: number) => number;
export function chooser(seed: number): Choose {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return (options) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    state = (state + 0x6d2b79f5) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % options;
  };
}
export function shuffled<T>(values: readonly T[], choose: Choose): T[] {
  const copy = [...values];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = choose(i + 1);
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

/** Second and new phones that may come in. */
export const SPARES: readonly Person[] = Array.from({ length: 6 }, (_, i) => person(`Spare phone ${i}`));
export interface World extends HistoryPlan {
  /** The village's people, then phones that may or may not be in. */
  readonly people: readonly Person[];
  readonly ledgers: readonly Ledger[];
  readonly made: Map<Id, VerifiedEntry>;
  /** With several witnesses, what they agree on at each height [L1]: which one it is, is another test's. */
  readonly chosen: Map<number, Id>;
  readonly calls: { count: number };
}
export const pick = <T>(values: readonly T[], choose: Choose): T => values[choose(values.length)] as T;
export const homeOf = (world: World, person: number): Ledger =>
  world.ledgers[person % world.ledgers.length] as Ledger;
export const isIn = (ledger: Ledger, { device }: Person): boolean => ledger.log.devices.has(device);

export function say(
  world: World,
  ledger: Ledger,
  person: Person,
  lane: Stored['entry']['lane'],
  body: Body,
  after?: Stored,
): void {
  const draft = draftNext(ledger, person.device, lane, body, after?.entry);
  const { entry, applied } = add(ledger, draft);
  world.made.set(entry.id, entry);
  world.onApplied?.(ledger, applied);
}
export const isKeeping = (ledger: Ledger, { device }: Person): boolean =>
  ledger.log.terms.some((t) => t.device === device && t.toSeq === null);

/** The honest witnesses, each as its own replica knows it. */
export const honestWitnesses = (world: World): readonly number[] =>
  world.people.flatMap((p, who) =>
    !world.liars.includes(who) && isKeeping(homeOf(world, who), p) ? [who] : [],
  );
export function take(world: World, ledger: Ledger, entry: VerifiedEntry): boolean {
  const applied = applyEntry(ledger, entry);
  if (applied.type === 'kept') world.onApplied?.(ledger, applied);
  return applied.type === 'kept';
}
