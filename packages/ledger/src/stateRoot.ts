/** One hash for the whole settled state [P9] [I9]: same settled set and log, same bytes, on every replica. */
import { concatBytes, toHex } from './bytes.ts';
import { ZERO_ID, type Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { DOMAIN } from './statements.ts';
import { createWriter, writeArray, writeHex, writeInt, writeList, written } from './writer.ts';

const byText = <T extends readonly [string, unknown]>(a: T, b: T): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;

/** SHA-256 over [circle, book, height, head of the log, accounts by key: [key, seq + 1, head, balance, unclaimed by id], commons]. */
export function stateRoot(ledger: Ledger): Id {
  const w = createWriter();
  writeArray(w, 6);
  writeHex(w, ledger.circle);
  writeInt(w, ledger.book);
  writeInt(w, ledger.log.height);
  writeHex(w, ledger.log.head);
  writeList(w, [...ledger.accounts].sort(byText), (out, [device, account]) => {
    writeArray(out, 5);
    writeHex(out, device);
    writeInt(out, account.settledHead === undefined ? 0 : account.settledHead.entry.seq + 1);
    writeHex(out, account.settledHead?.entry.id ?? ZERO_ID);
    writeInt(out, account.balance);
    writeList(out, [...account.unclaimed].sort(byText), (credit, [debit, amount]) => {
      writeArray(credit, 2);
      writeHex(credit, debit);
      writeInt(credit, amount);
    });
  });
  writeList(
    w,
    [...ledger.commons].sort((a, b) => a[0] - b[0]),
    (out, [commons, amount]) => {
      writeArray(out, 2);
      writeInt(out, commons);
      writeInt(out, amount);
    },
  );
  return toHex(ledger.sha256(concatBytes(DOMAIN.state, written(w)))) as Id;
}
