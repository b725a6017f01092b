/** What lines need besides the ledger, for the book in use and for the closed ones alike. */
import {
  balanceOf,
  openCredits,
  type DeviceKey,
  type Id,
  type Ledger,
  type MemberId,
  type PayBody,
} from '@corridor/ledger';
import type { Handed } from './handed.ts';
import type { Invoices } from './invoices.ts';
import type { LineContext } from './lines.ts';
import { createOvertakings } from './overtaking.ts';
import type { SigningAgain } from './signingAgain.ts';
import type { Texts } from './texts.ts';

/** The name of a member by what a ledger knows of them; '' if it does not, or the name is not here. */
export function nameIn({ log }: Ledger, texts: readonly Texts[], member: MemberId): string {
  const device = log.members.get(member)?.[0];
  const name = device && log.devices.get(device)?.name;
  if (name === undefined) return '';
  for (const some of texts) {
    const text = some.read(name);
    if (text !== undefined) return text;
  }
  return '';
}
export function lineContextOf(parts: {
  readonly ledger: Ledger;
  readonly texts: readonly Texts[];
  readonly member: MemberId;
  readonly device: DeviceKey;
  readonly name: (member: MemberId) => string;
  readonly invoices: Invoices;
  readonly handOvers: ReadonlyMap<Id, 'to-show' | 'done'>;
  readonly again: SigningAgain;
  readonly handed: () => Handed;
  /** Open books, newest first. */
  readonly books: readonly Ledger[];
}): LineContext {
  const { ledger, texts, member, device, name, invoices, handOvers, again, handed, books } = parts;
  const isOver = ledger.log.closed !== null || ledger.circle !== books[0]?.circle;
  const noRoom = isOver ? new Set<Id>() : creditsWithoutRoom(ledger, device);
  const textOf = ({ memo }: PayBody): string | undefined => {
    for (const some of memo === null ? [] : texts) {
      const text = memo === null ? undefined : some.read(memo);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const overtakings = createOvertakings(books);
  return {
    ledger,
    isOver,
    member,
    device,
    memberName: (of) => name(of) || nameIn(ledger, texts, of),
    memo: (body) => textOf(body) ?? (body.invoice === null ? undefined : invoices.textOf(body.invoice)) ?? '',
    handOver: (id) => handOvers.get(id),
    waitsForRoom: (id) => noRoom.has(id),
    again: (id) => again.stateOf(id),
    overtaking: overtakings.of,
    handed: (payment) => handed().since(payment),
  };
}
/** Credits that would lift the balance over what it may be [P4]. */
function creditsWithoutRoom(ledger: Ledger, device: DeviceKey): ReadonlySet<Id> {
  const account = ledger.accounts.get(device);
  if (account === undefined) return new Set();
  const { highestBalance } = balanceOf(ledger, device);
  return new Set(
    openCredits(ledger, device).flatMap(({ debit, amount }) =>
      account.balance + amount > highestBalance ? [debit] : [],
    ),
  );
}
