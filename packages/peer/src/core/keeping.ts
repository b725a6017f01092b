/**
 * Keeping the book: this device's duty as a witness, and letting newcomers in [P5] [P7] [S2]. Runs after every change;
 * does nothing on a device that is no witness now.
 */
import {
  currentTerm,
  draftDuty,
  draftProposal,
  fail,
  firstGrantFor,
  KIND,
  LANE,
  ok,
  type Act,
  type Body,
  type DeviceKey,
  type JoinRequest,
  type ProposalRefusal,
  type PublicKey,
  type Result,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import { DISK_RETRY_MS, MAX_JOINS_WAITING } from './limits.ts';
import type { AppendFault, Replica } from './replica.ts';

export type DecideFault = ProposalRefusal | { readonly rule: 'P7'; readonly code: 'not-the-keeper' };
export interface Keeping {
  isKeeper(): boolean;
  /** A newcomer's request came by a member's voice. */
  hear(request: JoinRequest): void;
  /** The request that some member's voice carries for this invite; the first one counts. */
  carried(invite: PublicKey): JoinRequest | undefined;
  /** Votes, receipts and admissions until nothing is owed. Calls while it works run it once more. */
  work(): Promise<void>;
  stop(): void;
  /** Proposes an act; with one witness that decides it. */
  decide(act: Act): Promise<Result<null, DecideFault | AppendFault>>;
  /** Lets one newcomer in at once, if this device may. */
  admit(request: JoinRequest): Promise<Result<null, DecideFault | AppendFault | 'expired'>>;
}

/** `again`: has the host call `work` once more, after the disk refused what is owed. */
export function createKeeping(replica: Replica, clock: Clock, device: DeviceKey, again: () => void): Keeping {
  const { ledger } = replica;
  const isKeeper = (): boolean => currentTerm(ledger.log, device) !== undefined;
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
  let working: Promise<void> | undefined;
  let oneMore = false;
  let stopRetry: (() => void) | undefined;
  const retry = (): void => {
    stopRetry ??= clock.after(DISK_RETRY_MS, () => {
      stopRetry = undefined;
      again();
    });
  };

  const decide: Keeping['decide'] = async (act) => {
    if (!isKeeper()) return fail({ rule: 'P7', code: 'not-the-keeper' });
    const appended = await replica.append(LANE.witness, (): Result<readonly Body[], DecideFault> => {
      if (!isKeeper()) return fail({ rule: 'P7', code: 'not-the-keeper' });
      const draft = draftProposal(ledger, device, act);
      return draft.ok ? ok([draft.value.body]) : draft;
    });
    return appended.ok ? ok(null) : appended;
  };
  const admit: Keeping['admit'] = async (request) => {
    if (request.expiresAt * 1000 < clock.now()) return fail('expired');
    return decide({ type: 'admit', request, grant: firstGrantFor(ledger.log, request) });
  };
  const oneRound = async (): Promise<void> => {
    while (isKeeper()) {
      const voted = await replica.append(LANE.witness, (): Result<readonly Body[], never> => {
        const draft = isKeeper() ? draftDuty(ledger, device) : undefined;
        return ok(draft === undefined ? [] : [draft.body]);
      });
      if (!voted.ok && voted.fault === 'storage-refused') retry();
      if (!voted.ok || voted.value.length === 0) break;
    }
    for (const request of waitingJoins()) {
      if (!isKeeper()) return;
      const admitted = await admit(request);
      if (!admitted.ok && admitted.fault === 'storage-refused') retry();
      // Unlawful or too late: the rules will not change their mind.
      if (!admitted.ok && (typeof admitted.fault === 'object' || admitted.fault === 'expired'))
        requests.delete(request.invite);
    }
  };
  /** Requests in members' voices that nobody has answered in the log. */
  const waitingJoins = (): readonly JoinRequest[] => {
    for (const { device: joining, invite } of requests.values())
      if (ledger.log.devices.has(joining) || ledger.log.usedInvites.has(invite)) requests.delete(invite);
    return [...requests.values()];
  };
  return {
    isKeeper,
    hear,
    carried: (invite) => requests.get(invite),
    decide,
    admit,
    work() {
      if (working !== undefined) {
        oneMore = true;
        return working;
      }
      // Cleared in the same step in which the loop ends: a call in between would be heard by nobody.
      working = (async () => {
        try {
          do {
            oneMore = false;
            await oneRound();
          } while (oneMore);
        } finally {
          working = undefined;
        }
      })();
      return working;
    },
    stop: () => stopRetry?.(),
  };
}
