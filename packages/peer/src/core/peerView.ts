/** The whole of what a tab knows, from the state of the moment. */
import type { PeerView } from '../view.ts';
import { circleView } from './circleView.ts';
import { invitedBy } from './joining.ts';
import type { PeerState } from './peerState.ts';
import { inviteView } from './reading.ts';

export function peerView(state: PeerState): PeerView {
  const { circle, record, stage, relays, settings, vault } = state;
  if (stage === 'starting' || stage === 'none') return { stage };
  if (stage === 'locked') return { stage, lock: vault.lock() };
  if (stage === 'broken') return { stage, reason: state.brokenBy };
  if (circle?.isInside() === true) {
    const connections = state.links?.connections() ?? [];
    return {
      stage: 'circle',
      view: circleView(circle, { connections, relays, settings }),
      lock: vault.lock(),
    };
  }
  const invite = invitedBy(record);
  if (record === undefined || invite === undefined) return { stage: 'broken', reason: 'record' };
  return {
    stage: 'joining',
    invite: inviteView(invite),
    progress: state.joining?.progress() ?? (record.bookKeys.length > 0 ? 'admitted' : 'looking'),
    refused: state.joinTrouble ?? state.joining?.refused() ?? null,
  };
}
