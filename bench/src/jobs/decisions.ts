/** How long a decision of the log takes on lines with a given delay: on a clock of its own, by the real rules [L1]. */
import { deliver, person } from '@corridor/testing';
import { admissionOf, runOut, seatCouncil, speak, type Seat } from '@corridor/testing';
import { answerJob } from '../job.ts';

export interface DecisionsQuestion {
  readonly witnesses: number;
  /** One way, milliseconds. */
  readonly hop: number;
  readonly preferredIsAway: boolean;
}
export interface DecisionsAnswer {
  /** From the moment when all know what is wished until the last one has it decided, milliseconds. */
  readonly ms: number;
}
const MAX_EVENTS = 100_000;

answerJob(({ witnesses, hop, preferredIsAway }: DecisionsQuestion): Promise<DecisionsAnswer> => {
  const council = seatCouncil(witnesses);
  const [founder] = council.village.people;
  if (founder === undefined) throw new RangeError('nobody there');
  const wish = admissionOf(council, founder, person('newcomer'));
  // At height 1 the first turn is the second witness's.
  const seats = council.seats.filter((_, i) => !(preferredIsAway && i === 1));
  for (const seat of seats) seat.wishes = [wish];
  const events: { at: number; run: () => void }[] = [];
  let now = 0;
  const act = (seat: Seat): void => {
    const entries = speak(seat);
    const { timer } = seat;
    if (timer !== null)
      events.push({
        at: now + timer.ms,
        run() {
          if (seat.timer?.step === timer.step && seat.timer.round === timer.round && runOut(seat)) act(seat);
        },
      });
    if (entries.length === 0) return;
    for (const other of seats)
      if (other !== seat)
        events.push({
          at: now + hop,
          run() {
            deliver(other.ledger, entries);
            act(other);
          },
        });
  };
  for (const seat of seats) act(seat);
  for (let i = 0; i < MAX_EVENTS && seats.some(({ ledger }) => ledger.log.height === 0); i++) {
    events.sort((a, b) => a.at - b.at);
    const next = events.shift();
    if (next === undefined) throw new Error('nothing is decided');
    now = next.at;
    next.run();
  }
  return Promise.resolve({ ms: now });
});
