/** A payment's note goes from this phone and stays away [E6]. The payment stays: it names the note by its hash alone. */
import type { Id } from '@corridor/ledger';
import type { Circle } from './circle.ts';
import { noteIn } from './closedBooks.ts';

/** False: a disk refused, and the note may be there after the next start. A payment without a note has nothing to lose. */
export async function eraseNote(circle: Circle, payment: Id): Promise<boolean> {
  const { replica, texts, closed } = circle;
  const note = noteIn(replica.ledger.entries.get(payment)) ?? (await closed.noteOf(payment));
  if (note === undefined) return true;
  const [here, older] = [await texts.erase(note), await closed.eraseNote(note, payment)];
  return here && older;
}
