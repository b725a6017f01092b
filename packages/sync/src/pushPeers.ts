/** Who gets news as it comes [§5]: at most eight; all others learn it when they compare. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, toHex, utf8Bytes } from '@corridor/ledger';
import { MAX_PUSH_PEERS } from './limits.ts';

export interface PushCandidate {
  /** The host's name of the session. */
  readonly session: string;
  /** A witness must see it before it can be settled. */
  readonly witness: boolean;
  /** The device whom the news is about: the payee, the newcomer. */
  readonly concerned: boolean;
  readonly path: 'direct' | 'relayed';
}

/**
 * The sessions to push to, best first: witnesses, then who is concerned, then direct paths before relayed ones.
 * Among equals the choice follows from `salt` (the id of what is pushed, say), so that over many entries each
 * peer gets its share and a net of replicas does not push along the same few links.
 */
export const choosePushPeers = (
  candidates: readonly PushCandidate[],
  salt: Uint8Array,
  limit: number = MAX_PUSH_PEERS,
): readonly string[] => {
  const rank = (peer: PushCandidate): number =>
    (peer.witness ? 0 : 4) + (peer.concerned ? 0 : 2) + (peer.path === 'direct' ? 0 : 1);
  return candidates
    .map((peer) => ({
      session: peer.session,
      rank: rank(peer),
      lot: toHex(sha256(concatBytes(salt, utf8Bytes(peer.session)))),
    }))
    .sort((a, b) => a.rank - b.rank || (a.lot < b.lot ? -1 : 1))
    .slice(0, Math.max(0, Math.min(limit, MAX_PUSH_PEERS)))
    .map((peer) => peer.session);
};
