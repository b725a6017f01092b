/**
 * The small statements that are signed apart from entries, and the domains that keep every hash and signature
 * of Corridor from being taken for another.
 */
import { concatBytes, fromHex, utf8Bytes } from './bytes.ts';
import { createWriter, writeInt, written } from './writer.ts';
import type { JoinRequest } from './act.ts';
import type { DeviceKey, Id, PublicKey } from './ids.ts';

const domain = (name: string): Uint8Array => utf8Bytes(`corridor/${name}/1\n`);
export const DOMAIN = {
  entry: domain('entry'),
  decision: domain('decision'),
  invoice: domain('invoice'),
  text: domain('text'),
  state: domain('state'),
  signEntry: domain('sign-entry'),
  signInvoice: domain('sign-invoice'),
  invite: domain('invite'),
  join: domain('join'),
  keeping: domain('keeping'),
  motion: domain('motion'),
  approve: domain('approve'),
  opening: domain('opening'),
} as const;

/** What a newcomer can be let in as, in the order of its numbers. */
export const JOIN_AS: readonly JoinRequest['as'][] = ['member', 'device', 'recover', 'vouch', 'poster'];

/** Hex that the types promise to be hex. */
export function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new TypeError('not lower-case hex');
  return bytes;
}

/** What a device signs of its entry: the id, which commits to circle and bytes [E3]. */
export const entryStatement = (id: Id): Uint8Array => concatBytes(DOMAIN.signEntry, bytesOf(id));
export const invoiceStatement = (invoice: Id): Uint8Array =>
  concatBytes(DOMAIN.signInvoice, bytesOf(invoice));

/** What the inviter signs: this one-time key may let one newcomer in, a poster's a few, knowing the log up to `decision` [S2]. */
export const inviteStatement = (
  circle: Id,
  invite: Pick<JoinRequest, 'invite' | 'decision' | 'as' | 'expiresAt'>,
): Uint8Array => {
  const w = createWriter();
  writeInt(w, JOIN_AS.indexOf(invite.as));
  writeInt(w, invite.expiresAt);
  return concatBytes(
    DOMAIN.invite,
    bytesOf(circle),
    bytesOf(invite.invite),
    bytesOf(invite.decision),
    written(w),
  );
};

/** What the newcomer signs with the invite's key and with the new device's [S2]. */
export const joinStatement = (
  circle: Id,
  request: Pick<JoinRequest, 'device' | 'sealing' | 'name' | 'nonce' | 'invite'>,
): Uint8Array =>
  concatBytes(
    DOMAIN.join,
    bytesOf(circle),
    bytesOf(request.invite),
    bytesOf(request.device),
    bytesOf(request.sealing),
    bytesOf(request.name),
    bytesOf(request.nonce),
  );

/** What a device signs to offer that it keeps the book under this witness key [P7]. */
export const keepingStatement = (
  circle: Id,
  book: number,
  device: DeviceKey,
  witness: PublicKey,
): Uint8Array =>
  concatBytes(
    DOMAIN.keeping,
    bytesOf(circle),
    Uint8Array.of(book >>> 24, book >>> 16, book >>> 8, book),
    bytesOf(device),
    bytesOf(witness),
  );
