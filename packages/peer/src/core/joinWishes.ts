/** Newcomers' requests that members' voices carry, and the acts that would let them in [S2]. */
import {
  bringsMember,
  firstGrantFor,
  isUsedUp,
  KIND,
  POSTER_NEWCOMERS,
  type AdmitAct,
  type DeviceKey,
  type JoinRequest,
  type Ledger,
  type PublicKey,
  type Wish,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import { MAX_JOINS_WAITING } from './limits.ts';

export interface JoinWishes {
  hear(request: JoinRequest): void;
  /** What waits where this one would: of an invite that lets one in, whatever asked first. */
  carried(request: JoinRequest): JoinRequest | undefined;
  /** Whether nothing waits there, and the invite has room for one more who waits. */
  mayCarry(request: JoinRequest): boolean;
  /** Nobody has answered them in the log, and their time is not over. */
  waiting(): readonly JoinRequest[];
  actFor(request: JoinRequest): AdmitAct;
  /** Those that need nobody's consent. */
  wishes(): readonly Wish[];
}
export function createJoinWishes(ledger: Ledger, clock: Clock): JoinWishes {
  const requests = new Map<PublicKey | DeviceKey, JoinRequest>();
  const placeOf = ({ as, invite, device }: JoinRequest) => (as === 'poster' ? device : invite);
  const waiting = (): readonly JoinRequest[] => {
    for (const request of requests.values()) {
      const isAnswered = ledger.log.devices.has(request.device) || isUsedUp(ledger.log, request);
      if (isAnswered || request.expiresAt * 1000 < clock.now()) requests.delete(placeOf(request));
    }
    return [...requests.values()];
  };
  const mayCarry = (request: JoinRequest): boolean => {
    if (requests.has(placeOf(request)) || isUsedUp(ledger.log, request)) return false;
    if (request.as !== 'poster') return true;
    // Whoever passes by can ask, as often as they like: a poster fills no book and pushes nobody else out.
    return waiting().filter(({ invite }) => invite === request.invite).length < POSTER_NEWCOMERS;
  };
  const hear = (request: JoinRequest): void => {
    if (!mayCarry(request)) return;
    // The oldest has waited longest for nothing.
    const [oldest] = requests.keys();
    if (requests.size >= MAX_JOINS_WAITING && oldest !== undefined) requests.delete(oldest);
    requests.set(placeOf(request), request);
  };
  for (const { entry } of ledger.entries.values())
    if (entry.body.kind === KIND.joinRequest && !ledger.log.devices.has(entry.body.request.device))
      hear(entry.body.request);
  const actFor = (request: JoinRequest): AdmitAct => ({
    type: 'admit',
    request,
    grant: firstGrantFor(ledger.log, request),
  });
  return {
    hear,
    carried: (request) => requests.get(placeOf(request)),
    mayCarry,
    waiting,
    actFor,
    wishes: () =>
      ledger.log.policy.admission === 'stewards'
        ? waiting().flatMap((r) => (r.as === 'device' ? [{ act: actFor(r), approvals: [] }] : []))
        : waiting().flatMap((r) =>
            bringsMember(r) || r.as === 'device' ? [{ act: actFor(r), approvals: [] }] : [],
          ),
  };
}
