/** Every wish of every person, and what they were told: what must be true at the end follows from it. */
import type { Answer, LineView, PayRequest } from '@corridor/peer';
import type { Id } from '@corridor/ledger';
import type { SimDevice } from './device.ts';
import type { SeenPayment } from './observer.ts';

export interface Press {
  /** Stands in the payment's need, so that its entries are known whoever holds them. */
  readonly tag: number;
  readonly device: SimDevice;
  readonly request: PayRequest;
  /** Ids that it was told were paid. */
  readonly paid: Set<Id>;
  /** Presses that nobody answered: the process died. */
  unanswered: number;
}
type Paid = Answer<{ readonly line: LineView; readonly handOverCode: string | null }>;

/** Refusals that can happen in an orderly world. Anything else is a fault of ours. */
const EXPLAINED: ReadonlySet<string> = new Set([
  'over-lowest-balance',
  'offline-amount',
  'already-paid',
  'request-expired',
  'storage-refused',
  'not-ready',
  'account-closed',
  'not-a-member',
]);
/** Only where a second tab writes. */
const SECOND_TAB = 'other-tab-is-writing';

export async function press(
  one: Press,
  options: { readonly secondTab: boolean; readonly fail: (what: string) => void },
): Promise<Paid | undefined> {
  const { device, request, tag } = one;
  const { peer } = device;
  if (peer === undefined) return undefined;
  one.unanswered++;
  const answer = await peer.intents.pay(request);
  one.unanswered--;
  if (answer.ok) {
    one.paid.add(answer.value.line.id);
    return answer;
  }
  const { code } = answer.refusal;
  if (!device.honest || EXPLAINED.has(code) || (code === SECOND_TAB && options.secondTab)) return answer;
  options.fail(`press ${tag} of ${device.name} refused: ${JSON.stringify(answer.refusal)}`);
  return answer;
}

/** Each wish came true once, or not at all and its owner was told so. */
export function judgePresses(
  presses: readonly Press[],
  payments: ReadonlyMap<number, ReadonlyMap<Id, SeenPayment>>,
  fail: (what: string) => void,
): void {
  for (const { tag, device, paid, unanswered } of presses) {
    if (!device.honest) continue;
    const name = `press ${tag} of ${device.name}`;
    const made = payments.get(tag) ?? new Map<Id, SeenPayment>();
    const places = new Set([...made.values()].map(({ book, incarnation }) => `${book}/${incarnation}`));
    if (places.size !== made.size) fail(`${name} was signed ${made.size} times`);
    if ([...made.values()].filter(({ settled }) => settled).length > 1) fail(`${name} was paid twice`);
    for (const id of paid) if (!made.has(id)) fail(`${name} was paid and is lost`);
    const last = [...made.keys()].at(-1);
    if (last !== undefined && ![...made.values()].some(({ settled }) => settled) && !isLetGo(device, last))
      fail(`${name} was signed and never became final`);
    if (paid.size === 0 && unanswered === 0 && made.size > 0) fail(`${name} was refused and is signed`);
  }
}
/** The rules that hold now leave no room for what a closing left out, and its payer's screen says so [C2]. */
const isLetGo = ({ peer }: SimDevice, id: Id): boolean => peer?.circle()?.again.stateOf(id) === 'impossible';
