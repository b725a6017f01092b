/** What closed books came to, so that every replica and every later book can be held to it [B1] [I2] [I9] [I15]. */
import { stateRoot, type Id, type Ledger } from '@corridor/ledger';

export interface BookMemory {
  /** What is wrong with this open book. `standing`: what its accounts come to. */
  compare(ledger: Ledger, standing: ReadonlyMap<string, string>): readonly string[];
}
interface ClosedBook {
  readonly closing: Id;
  readonly opening: Id;
  readonly root: Id;
  readonly standing: ReadonlyMap<string, string>;
}
export function createBookMemory(): BookMemory {
  const books = new Map<number, ClosedBook>();
  return {
    compare(ledger, standing) {
      const wrong: string[] = [];
      const { log, book } = ledger;
      const before = books.get(book - 1);
      if (before !== undefined) {
        if (log.from.id !== before.closing) wrong.push(`[B1] book ${book} follows another closing`);
        for (const [account, began] of beginningOf(ledger)) {
          const ended = before.standing.get(account);
          if (ended !== began)
            wrong.push(`[B1] ${account.slice(8, 14)} began with ${began}, and ended with ${ended}`);
        }
      }
      if (log.closed === null) return wrong;
      const root = stateRoot(ledger);
      const known = books.get(book);
      if (known === undefined) {
        const { id: closing, opening } = log.closed;
        books.set(book, { closing, opening, root, standing });
      } else if (known.closing !== log.closed.id) wrong.push(`[L1] book ${book} was closed twice`);
      else if (known.root !== root) wrong.push(`[I15] book ${book} changed after it was closed`);
      return wrong;
    },
  };
}
/** In the form of the oracle's end of a book. */
function beginningOf(ledger: Ledger): ReadonlyMap<string, string> {
  const began = new Map<string, string>();
  let commons = 0;
  for (const { device, opening, admittedAt } of ledger.log.devices.values()) {
    if (admittedAt > ledger.log.from.height) continue;
    const credits = [...ledger.brought.values()]
      .filter(({ owner }) => owner === device)
      .map(({ debit, amount }) => [debit, amount] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    commons -= opening + credits.reduce((sum, [, amount]) => sum + amount, 0);
    began.set(
      device,
      `${opening} ${credits.map(([id, amount]) => `${id.slice(0, 12)}:${amount}`).join(' ')}`,
    );
  }
  return began.set('commons', String(commons));
}
