/**
 * Payments that a closing left out [C2]: signed, and never to be final. An honest payer signs the same again; until
 * then whoever was promised the money can see that it is owed.
 */
import { KIND, LANE, type Entry, type PayBody } from './entry.ts';
import type { Stored } from './feed.ts';
import { isOvertaken } from './incarnations.ts';
import type { DeviceKey } from './ids.ts';
import { feedOf, type Ledger } from './ledger.ts';

export interface PaymentEntry extends Stored {
  readonly entry: Stored['entry'] & Entry<PayBody>;
}
const isPayment = (stored: Stored): stored is PaymentEntry => stored.entry.body.kind === KIND.pay;

/** A device's payments that were left out and that it has not signed again, oldest first. */
export function overtakenPayments(ledger: Ledger, device: DeviceKey): readonly PaymentEntry[] {
  const feed = feedOf(ledger, device, LANE.account);
  const from = ledger.log.devices.get(device)?.incarnations[1]?.seq;
  if (feed === undefined || from === undefined || feed.side.size === 0) return [];
  const isLeftOut = (stored: PaymentEntry): boolean =>
    stored.verdict.type !== 'invalid' && isOvertaken(ledger.log, stored);
  const leftOut = [...feed.side.values()].filter(isPayment).filter(isLeftOut);
  const said = countSame([...leftOut, ...feed.main.slice(from).filter(isPayment)]);
  const seen = new Map<string, number>();
  return leftOut
    .toSorted((a, b) => a.entry.incarnation - b.entry.incarnation || a.entry.seq - b.entry.seq)
    .filter(({ entry: { body, incarnation } }) => {
      const same = sameness(body);
      const which = (seen.get(`${incarnation}/${same}`) ?? 0) + 1;
      seen.set(`${incarnation}/${same}`, which);
      // The second of two alike is signed again where two alike stand in a later incarnation.
      const counts = said.get(same) ?? new Map<number, number>();
      return ![...counts].some(([later, count]) => later > incarnation && count >= which);
    });
}
/** The same sum to the same person for the same: only where it stands in the chain, and on what, is new. */
function sameness({ amount, to, need, invoice, memo, attachment, at }: PayBody): string {
  return JSON.stringify([amount, to, need, invoice, memo, attachment, at]);
}
/** How often each is said in each incarnation. */
function countSame(payments: readonly PaymentEntry[]): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const counts = new Map<string, Map<number, number>>();
  for (const { entry } of payments) {
    const same = sameness(entry.body);
    const here = counts.get(same) ?? new Map<number, number>();
    counts.set(same, here.set(entry.incarnation, (here.get(entry.incarnation) ?? 0) + 1));
  }
  return counts;
}
