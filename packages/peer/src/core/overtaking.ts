/** What stands for a payment that a closing left out [C2]: its payer signs the same again, or has gone on without it. */
import {
  feedOf,
  isOvertaken,
  KIND,
  LANE,
  type Account,
  type Id,
  type Ledger,
  type PayBody,
  type Stored,
} from '@corridor/ledger';

/** The ledgers in which a successor can stand: the book of the payment, and the one in use. */
type Books = readonly Ledger[];

const isSameAccount = (a: Account, b: Account): boolean => {
  switch (a.type) {
    case 'device':
      return b.type === 'device' && a.device === b.device;
    case 'commons':
      return b.type === 'commons' && a.commons === b.commons;
    case 'token':
      return b.type === 'token' && a.token === b.token;
  }
};
const isSame = (a: PayBody, b: PayBody): boolean =>
  a.at === b.at &&
  a.amount === b.amount &&
  a.invoice === b.invoice &&
  a.memo === b.memo &&
  isSameAccount(a.to, b.to);

/** The payer's payments that count, newest first. */
function* countingBy(
  books: Books,
  { entry }: Stored,
): Generator<{ readonly id: Id; readonly body: PayBody }> {
  for (const ledger of books) {
    const main = feedOf(ledger, entry.device, LANE.account)?.main ?? [];
    for (let at = main.length - 1; at >= 0; at--) {
      const counting = main[at]?.entry ?? entry;
      // What stands before the closing replaces nothing.
      if (counting.book === entry.book && counting.incarnation <= entry.incarnation) break;
      if (counting.body.kind === KIND.pay) yield { id: counting.id, body: counting.body };
    }
  }
}
/** By a closing; or the circle was founded anew, and what is not final in the old one stays behind with it [K1]. */
const isLeftOut = (own: Ledger, stored: Stored, [newest]: Books): boolean =>
  isOvertaken(own.log, stored) || (own.circle !== newest?.circle && !stored.settled);
export type Overtaking =
  | { readonly type: 'not-overtaken' | 'waits' | 'left-behind' }
  | { readonly type: 'signed-again'; readonly by: Id };

/** 'left-behind': the payer has made later payments and not this one. `books`: newest first. */
export function overtakingOf(stored: Stored, books: Books): Overtaking {
  const own = books.find((ledger) => ledger.entries.get(stored.entry.id) === stored);
  const { body } = stored.entry;
  if (own === undefined || body.kind !== KIND.pay || !isLeftOut(own, stored, books))
    return { type: 'not-overtaken' };
  for (const other of countingBy(books, stored)) {
    if (isSame(other.body, body)) return { type: 'signed-again', by: other.id };
    // Signed again it would stand before this one.
    if (other.body.at > body.at) return { type: 'left-behind' };
  }
  return { type: 'waits' };
}
