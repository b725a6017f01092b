/**
 * Room to spend between a member's own devices [C5]: an ordinary payment from one to the other. A device that lacks some
 * asks another of its member in its own voice; that one answers by itself, once, with as much as it can spare.
 */
import {
  balanceOf,
  draftPayment,
  KIND,
  LANE,
  ok,
  openDevicesOf,
  paymentOf,
  feedOf,
  headOf,
  type Body,
  type DeviceKey,
  type Id,
  type PaymentRefusal,
  type Result,
  type Stored,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import type { Circle } from './circle.ts';
import { ROOM_ASKED_SECONDS, ROOM_WAIT_MS } from './limits.ts';
import type { AppendFault } from './replica.ts';

/** Signs a payment to another own device. `answers`: the request that it answers. */
export function moveRoom(
  circle: Circle,
  to: DeviceKey,
  amount: number,
  answers: Id | null,
  at: number,
): Promise<Result<readonly Stored[], PaymentRefusal | AppendFault>> {
  const { ledger } = circle.replica;
  return circle.replica.append(LANE.account, (): Result<readonly Body[], PaymentRefusal> => {
    const drafted = draftPayment(ledger, circle.record.device, {
      to,
      amount,
      need: null,
      invoice: answers,
      memo: null,
      attachment: null,
      at,
      claims: 'oldest',
    });
    return drafted.ok ? ok([...drafted.value.claimsFirst, drafted.value.payment]) : drafted;
  });
}

/** Answers a request of an own device for room, if it is new, as far as there is some. False: the disk refused. */
export async function answerAsk(circle: Circle, asked: Stored, clock: Clock): Promise<boolean> {
  const { entry } = asked;
  const { body, device, id } = entry;
  if (body.kind !== KIND.askRoom || body.of !== circle.record.device || !circle.isOwn(device)) return true;
  const now = Math.floor(clock.now() / 1000);
  if (now - body.at > ROOM_ASKED_SECONDS) return true;
  const { ledger } = circle.replica;
  const feed = feedOf(ledger, circle.record.device, LANE.account);
  if (feed === undefined || paymentOf(ledger, id, headOf(feed)) !== undefined) return true;
  const amount = Math.min(body.amount, balanceOf(ledger, circle.record.device).spendable);
  if (amount <= 0) return true;
  const moved = await moveRoom(circle, device, amount, id, now);
  return moved.ok || moved.fault !== 'storage-refused';
}

/** The member's other open devices, with what each could spend. */
export function roomElsewhere(
  circle: Circle,
): readonly { readonly device: DeviceKey; readonly spendable: number }[] {
  const { ledger } = circle.replica;
  return openDevicesOf(ledger.log, circle.member).flatMap(({ device }) =>
    device === circle.record.device ? [] : [{ device, spendable: balanceOf(ledger, device).spendable }],
  );
}
/** Asks a device for room. The request's id; undefined: it could not be written. */
export async function askForRoom(
  circle: Circle,
  of: DeviceKey,
  amount: number,
  clock: Clock,
): Promise<Id | undefined> {
  const at = Math.floor(clock.now() / 1000);
  const said = await circle.replica.append(LANE.voice, () => ok([{ kind: KIND.askRoom, of, amount, at }]));
  return said.ok ? said.value[0]?.entry.id : undefined;
}
/** Until that much can be spent here, or a short while is over: an own device that is online answers at once. */
export function untilRoom(circle: Circle, amount: number, clock: Clock): Promise<boolean> {
  const { ledger } = circle.replica;
  const has = (): boolean => balanceOf(ledger, circle.record.device).spendable >= amount;
  return new Promise((resolve) => {
    const step = ROOM_WAIT_MS / 40;
    const look = (left: number): void => {
      if (has() || left <= 0) resolve(has());
      else clock.after(step, () => look(left - 1));
    };
    look(40);
  });
}
