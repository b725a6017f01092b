/** What stands for a payment that a closing left out [C2]: its payer signs the same again, or has gone on without it. */
import {
  feedOf,
  isOvertaken,
  KIND,
  LANE,
  type Account,
  type DeviceKey,
  type Entry,
  type Id,
  type Ledger,
  type PayBody,
  type Stored,
} from '@corridor/ledger';

export type Overtaking =
  | { readonly type: 'not-overtaken' | 'waits' | 'left-behind' }
  | { readonly type: 'signed-again'; readonly by: Id };

/** Answers for the ledgers as they are now: one reading of a payer's chain serves all their lines. */
export interface Overtakings {
  of(stored: Stored): Overtaking;
  /**
   * Of a payment that is in no history of its book, and never will be. 'left-behind': the payer has made later payments
   * and not this one.
   */
  since(entry: Entry<PayBody>): Overtaking;
}

const accountKey = (account: Account): string => {
  switch (account.type) {
    case 'device':
      return account.device;
    case 'commons':
      return `commons ${account.commons}`;
    case 'token':
      return `token ${account.token}`;
  }
};
/** What a payment that is signed again keeps. */
const sameKey = (body: PayBody): string =>
  [body.at, body.amount, body.invoice, body.memo, accountKey(body.to)].join(' ');

/** The payer's payments in this ledger that can stand for one that was left out, oldest first. */
export const standInsFor = (
  ledger: Ledger,
  { device, book, incarnation, body }: Entry<PayBody>,
): readonly Id[] =>
  (feedOf(ledger, device, LANE.account)?.main ?? []).flatMap(({ entry }) => {
    const isAfter = entry.book > book || (entry.book === book && entry.incarnation > incarnation);
    const isSame = entry.body.kind === KIND.pay && sameKey(entry.body) === sameKey(body);
    return isAfter && isSame ? [entry.id] : [];
  });

/** The payer's payments that count in one incarnation of one book. */
interface Stretch {
  readonly book: number;
  readonly incarnation: number;
  latestAt: number;
  readonly byKey: Map<string, Id>;
}
function stretchesOf(books: readonly Ledger[], device: DeviceKey): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const ledger of books) {
    for (const { entry } of feedOf(ledger, device, LANE.account)?.main ?? []) {
      const { book, incarnation, body, id } = entry;
      if (body.kind !== KIND.pay) continue;
      let stretch = stretches.at(-1);
      if (stretch?.book !== book || stretch.incarnation !== incarnation) {
        stretch = { book, incarnation, latestAt: body.at, byKey: new Map() };
        stretches.push(stretch);
      }
      stretch.latestAt = Math.max(stretch.latestAt, body.at);
      stretch.byKey.set(sameKey(body), id);
    }
  }
  return stretches;
}

/** By a closing; or the circle was founded anew, and what is not final in the old one stays behind with it [K1]. */
const isLeftOut = (own: Ledger, stored: Stored, newest: Ledger | undefined): boolean =>
  isOvertaken(own.log, stored) || (own.circle !== newest?.circle && !stored.settled);

/** `books`: those in which a successor can stand, the one in use first, the one of the payment among them. */
export function createOvertakings(books: readonly Ledger[]): Overtakings {
  const known = new Map<DeviceKey, readonly Stretch[]>();
  const since = ({ device, book, incarnation, body }: Entry<PayBody>): Overtaking => {
    let stretches = known.get(device);
    if (stretches === undefined) known.set(device, (stretches = stretchesOf(books, device)));
    // What stands before the closing replaces nothing.
    const after = stretches.filter((s) => s.book > book || (s.book === book && s.incarnation > incarnation));
    const key = sameKey(body);
    for (const { byKey } of after) {
      const by = byKey.get(key);
      if (by !== undefined) return { type: 'signed-again', by };
    }
    // Signed again it would stand before what came later.
    return { type: after.some(({ latestAt }) => latestAt > body.at) ? 'left-behind' : 'waits' };
  };
  return {
    since,
    of(stored) {
      const own = books.find((ledger) => ledger.entries.get(stored.entry.id) === stored);
      const { body } = stored.entry;
      if (own === undefined || body.kind !== KIND.pay || !isLeftOut(own, stored, books[0]))
        return { type: 'not-overtaken' };
      return since({ ...stored.entry, body });
    },
  };
}
