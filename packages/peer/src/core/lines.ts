/** The ledger as lines on a screen: who paid whom, what for, and how far it has come. */
import {
  KIND,
  type DeviceKey,
  type Entry,
  type Id,
  type Ledger,
  type MemberId,
  type PayBody,
  type Stored,
} from '@corridor/ledger';
import type { LineState, LineView } from '../view.ts';
import type { HandedPayment } from './handed.ts';
import type { Overtaking } from './overtaking.ts';

/** Crockford's base32: no I, L, O or U to misread. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** The receipt code both screens show: 40 bits of the entry's id. */
export function receiptCode(id: Id): string {
  let bits = BigInt(`0x${id.slice(0, 10)}`);
  let code = '';
  for (let i = 0; i < 8; i++) {
    code = DIGITS.charAt(Number(bits & 31n)) + code;
    bits >>= 5n;
  }
  return `${code.slice(0, 4)} ${code.slice(4)}`;
}
export interface LineContext {
  readonly ledger: Ledger;
  /** The circle has gone on to another book, or to another circle. */
  readonly isOver: boolean;
  readonly member: MemberId;
  readonly device: DeviceKey;
  memberName(member: MemberId): string;
  memo(body: PayBody): string;
  /** What the payer's phone knows of a hand-over; undefined when there was none. */
  handOver(id: Id): 'to-show' | 'done' | undefined;
  waitsForRoom(id: Id): boolean;
  /** What became of an own payment that a closing left out; undefined: nothing is noted of it. */
  again(id: Id): 'waits' | 'signed' | 'impossible' | undefined;
  /** Of a payment that a closing left out: what its payer has done since. */
  overtaking(stored: Stored): Overtaking;
  /** The same of one that was handed over by code, and waits for its chain. */
  handed(payment: HandedPayment): Overtaking;
}
const memberOf = (ledger: Ledger, device: DeviceKey): MemberId | undefined =>
  ledger.log.devices.get(device)?.member;

function stateOf(context: LineContext, stored: Stored): LineState {
  if (stored.settled) return context.isOver ? 'closed' : 'final';
  if (stored.verdict.type === 'invalid') return 'cannot-count';
  if (stored.feed.forked) return 'needs-a-talk';
  const overtaking = context.overtaking(stored);
  switch (overtaking.type) {
    case 'signed-again':
      return 'overtaken';
    case 'left-behind':
      return 'cannot-count';
    case 'waits':
      if (stored.entry.device !== context.device) return 'they-have-it';
      return context.again(stored.entry.id) === 'impossible' ? 'cannot-count' : 'on-this-phone';
    case 'not-overtaken':
      return stored.delivered ? 'they-have-it' : 'on-this-phone';
  }
}
export function lineOf(context: LineContext, stored: Stored): LineView | undefined {
  const { body } = stored.entry;
  if (body.kind !== KIND.pay) return undefined;
  const mine = memberOf(context.ledger, stored.entry.device) === context.member;
  const state = stateOf(context, stored);
  // What came to us is not only on this phone: the payer has it as well.
  return line(
    context,
    { ...stored.entry, body },
    !mine && state === 'on-this-phone' ? 'they-have-it' : state,
  );
}
/**
 * A payment taken by code whose chain has not come: signed by both, final when it reaches the book. One that its payer
 * left behind when its book closed cannot count any more.
 */
export function lineOfHanded(context: LineContext, payment: HandedPayment): LineView {
  const { type } = context.handed(payment);
  const state =
    type === 'left-behind' ? 'cannot-count' : type === 'signed-again' ? 'overtaken' : 'they-have-it';
  return line(context, payment.entry, state);
}

/** A payment of a closed book that this device has still to sign again. */
export const lineOfWaiting = (context: LineContext, entry: Entry<PayBody>): LineView =>
  line(context, entry, 'on-this-phone');

function line(context: LineContext, entry: Entry<PayBody>, state: LineState): LineView {
  const { ledger, member } = context;
  const { body, id } = entry;
  const payer = memberOf(ledger, entry.device);
  const payee = body.to.type === 'device' ? memberOf(ledger, body.to.device) : undefined;
  const direction = payer === member ? 'out' : payee === member ? 'in' : 'between-others';
  const other = (direction === 'out' ? payee : payer) ?? member;
  const name = (of: MemberId | undefined): string => (of === undefined ? '' : context.memberName(of));
  const handed = direction === 'out' ? context.handOver(id) : undefined;
  const arrived = state === 'final' || state === 'closed' || state === 'they-have-it';
  return {
    id,
    code: receiptCode(id),
    direction,
    other,
    otherName: name(other),
    payerName: name(payer),
    payeeName: name(payee),
    amount: body.amount,
    memo: context.memo(body),
    need: body.need,
    at: body.at,
    state,
    handOver: handed === undefined ? 'not-needed' : handed === 'done' || arrived ? 'done' : 'to-show',
    waitsForRoom: direction === 'in' && context.waitsForRoom(id),
  };
}
