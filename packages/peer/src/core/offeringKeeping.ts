/** How a device offers to keep the book, under a witness key of its own [P7]. */
import { currentTerm, keepingStatement, KIND, LANE, ok, type DeviceKey, type Result } from '@corridor/ledger';
import type { KeyRing } from '../ports.ts';
import { orRefused } from './refusals.ts';
import type { AppendFault, Replica } from './replica.ts';

/** Nothing is said by a device that keeps the book already. */
export const offerKeeping = (
  keys: KeyRing,
  replica: Replica,
  device: DeviceKey,
): Promise<Result<null, AppendFault>> =>
  currentTerm(replica.ledger.log, device) === undefined
    ? offerNext(keys, replica, device, true)
    : Promise.resolve(ok(null));
/** Offers to keep the next book, or takes that back: under a key of its own, for the present one's ends with its book [B1]. */
export async function offerNext(
  keys: KeyRing,
  replica: Replica,
  device: DeviceKey,
  offers: boolean,
): Promise<Result<null, AppendFault>> {
  const { ledger } = replica;
  const witness = await orRefused(keys.create('witness'), () => undefined);
  if (witness === undefined) return { ok: false, fault: 'storage-refused' };
  const statement = keepingStatement(ledger.circle, ledger.book, device, witness);
  const consent = offers ? await keys.sign(device, statement) : null;
  if (consent === undefined) return { ok: false, fault: 'cannot-sign' };
  const said = await replica.append(LANE.voice, () => ok([{ kind: KIND.offerKeeping, witness, consent }]));
  return said.ok ? ok(null) : said;
}
