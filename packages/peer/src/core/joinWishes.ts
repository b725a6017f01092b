/** Newcomers' requests that members' voices carry, and the acts that would let them in [S2]. */
import {
  firstGrantFor,
  KIND,
  type AdmitAct,
  type JoinRequest,
  type Ledger,
  type PublicKey,
  type Wish,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import { MAX_JOINS_WAITING } from './limits.ts';

export interface JoinWishes {
  hear(request: JoinRequest): void;
  carried(invite: PublicKey): JoinRequest | undefined;
  /** Nobody has answered them in the log, and their time is not over. */
  waiting(): readonly JoinRequest[];
  actFor(request: JoinRequest): AdmitAct;
  /** Those that need nobody's consent. */
  wishes(): readonly Wish[];
}
export function createJoinWishes(ledger: Ledger, clock: Clock): JoinWishes {
  const requests = new Map<PublicKey, JoinRequest>();
  const hear = (request: JoinRequest): void => {
    if (requests.has(request.invite) || ledger.log.usedInvites.has(request.invite)) return;
    // The oldest has waited longest for nothing.
    const [oldest] = requests.keys();
    if (requests.size >= MAX_JOINS_WAITING && oldest !== undefined) requests.delete(oldest);
    requests.set(request.invite, request);
  };
  for (const { entry } of ledger.entries.values())
    if (entry.body.kind === KIND.joinRequest && !ledger.log.devices.has(entry.body.request.device))
      hear(entry.body.request);
  const waiting = (): readonly JoinRequest[] => {
    for (const { device, invite, expiresAt } of requests.values()) {
      const isAnswered = ledger.log.devices.has(device) || ledger.log.usedInvites.has(invite);
      if (isAnswered || expiresAt * 1000 < clock.now()) requests.delete(invite);
    }
    return [...requests.values()];
  };
  const actFor = (request: JoinRequest): AdmitAct => ({
    type: 'admit',
    request,
    grant: firstGrantFor(ledger.log, request),
  });
  return {
    hear,
    carried: (invite) => requests.get(invite),
    waiting,
    actFor,
    wishes: () =>
      ledger.log.policy.admission === 'stewards'
        ? waiting().flatMap((r) => (r.as === 'device' ? [{ act: actFor(r), approvals: [] }] : []))
        : waiting().flatMap((r) =>
            r.as === 'member' || r.as === 'device' ? [{ act: actFor(r), approvals: [] }] : [],
          ),
  };
}
