/** Witnesses around a table, each with a replica of its own: for stories about the rounds of the log [L1]. */
import {
  draftNext,
  draftRound,
  firstGrantFor,
  LANE,
  type Ledger,
  type ProposeBody,
  type RoundBody,
  type RoundTimer,
  type Wish,
  type Stored,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  add,
  deliver,
  joinRequest,
  openLedger,
  person,
  settleVillage,
  type Person,
  type Village,
} from './village.ts';

/** A witness at its replica. What ran out and what it wishes is gone when it restarts; its entries are not. */
export interface Seat {
  readonly person: Person;
  ledger: Ledger;
  wishes: readonly Wish[];
  expired: readonly RoundTimer[];
  timer: RoundTimer | null;
}
export interface Council {
  readonly village: Village;
  readonly seats: readonly Seat[];
}
const NAMES = ['Alice', 'Bob', 'Carol', 'Dora', 'Emil', 'Fina', 'Gert', 'Hana', 'Ivo', 'Jana'];

/** A book of `n` witnesses, each at an empty replica. */
export function seatCouncil(n: number): Council {
  const village = settleVillage(n, NAMES.slice(0, n).map(person));
  return {
    village,
    seats: village.witnesses.map((witness) => ({
      person: witness,
      ledger: openLedger(village.founding, village.options),
      wishes: [],
      expired: [],
      timer: null,
    })),
  };
}
/** The wish that this newcomer be let in. */
export function admissionOf({ village }: Council, inviter: Person, newcomer: Person): Wish {
  const ledger = openLedger(village.founding, village.options);
  const request = joinRequest(ledger, inviter, newcomer);
  return { act: { type: 'admit', request, grant: firstGrantFor(ledger.log, request) }, approvals: [] };
}
/** A witness says what it owes, once; what it wrote. */
export function speak(seat: Seat): readonly VerifiedEntry[] {
  const { ledger, person: witness, wishes, expired } = seat;
  const { bodies, timer } = draftRound(ledger, witness.device, wishes, expired);
  seat.timer = timer;
  return bodies.map((body) => utter(ledger, witness, body));
}
/** A witness says anything at all: after its head, after any entry of its lane, or (null) as its lane's first. */
export function utter(
  ledger: Ledger,
  witness: Person,
  body: ProposeBody | RoundBody,
  after?: Stored | null,
): VerifiedEntry {
  const draft = draftNext(ledger, witness.device, LANE.witness, body, after?.entry);
  const { entry, applied } = add(ledger, after === null ? { ...draft, seq: 0, prev: ledger.circle } : draft);
  if (applied.type === 'refused') throw new Error(`not kept: ${JSON.stringify(applied)}`);
  return entry;
}
/** The timer that a witness waits for runs out. */
export function runOut(seat: Seat): boolean {
  if (seat.timer === null) return false;
  seat.expired = [...seat.expired, seat.timer];
  seat.timer = null;
  return true;
}
/** It says what it owes and waits as long as a timer asks, until only the others can go on; what it wrote. */
export function actAlone(seat: Seat): readonly VerifiedEntry[] {
  const written: VerifiedEntry[] = [];
  do written.push(...speak(seat));
  while (seat.timer !== null && runOut(seat));
  return written;
}
/** The device stops and starts: the replica is built anew from its entries. */
export function restart({ village }: Council, seat: Seat): void {
  const entries = entriesOf(seat);
  seat.ledger = openLedger(village.founding, village.options);
  deliver(seat.ledger, entries);
  seat.expired = [];
  seat.timer = null;
}
/** All that a witness holds, in the order in which it came. */
export const entriesOf = ({ ledger }: Seat): readonly VerifiedEntry[] =>
  [...ledger.entries.values()].map((stored) => stored.entry).filter(({ lane }) => lane !== LANE.founding);
/** What one holds reaches another. */
export const pass = (from: Seat, to: Seat): void =>
  deliver(
    to.ledger,
    entriesOf(from).filter(({ id }) => !to.ledger.entries.has(id)),
  );
/** Turns until a meeting counts as stuck. */
const PATIENCE = 2_000;
/**
 * Everything said reaches everybody at once, and timers run out only when nobody has anything to say, the shortest
 * first.
 */
export function meet(seats: readonly Seat[]): void {
  for (let turn = 0; turn < PATIENCE; turn++) {
    const before = seats.map(({ ledger }) => ledger.entries.size);
    for (const seat of seats) speak(seat);
    for (const from of seats) for (const to of seats) if (from !== to) pass(from, to);
    if (seats.some(({ ledger }, i) => ledger.entries.size !== before[i])) continue;
    const waits = seats.flatMap(({ timer }) => (timer === null ? [] : [timer.ms]));
    if (waits.length === 0) return;
    for (const seat of seats) if (seat.timer?.ms === Math.min(...waits)) runOut(seat);
  }
  throw new Error('they never stop');
}
