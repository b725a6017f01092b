/** An invite as this device signs it, with what its reader should see of the circle before joining. */
import { inviteStatement, type Invite, type PublicKey } from '@corridor/ledger';
import type { KeyRing } from '../ports.ts';
import type { Circle } from './circle.ts';

/** `seed`: what goes into the link, which may be less than what `invite` was made of. undefined: the key cannot sign. */
export async function signedInvite(
  keys: KeyRing,
  circle: Circle,
  part: Pick<Invite, 'decision' | 'as' | 'expiresAt' | 'seed' | 'relays'> & { readonly invite: PublicKey },
): Promise<Invite | undefined> {
  const { ledger } = circle.replica;
  const { founding, policy } = ledger.log;
  const { decision, as, expiresAt, seed, relays } = part;
  const inviter = circle.record.device;
  const inviterSignature = await keys.sign(inviter, inviteStatement(ledger.circle, part));
  if (inviterSignature === undefined) return undefined;
  return {
    circle: ledger.circle,
    decision,
    seed,
    inviter,
    inviterSignature,
    as,
    expiresAt,
    circleName: founding.name,
    unitName: founding.unit,
    decimals: founding.decimals,
    firstGrant: policy.firstGrant,
    inviterName: circle.lineContext().memberName(circle.member),
    memberCount: ledger.log.members.size,
    relays,
  };
}
