/**
 * The second gate, *verify*: only here an {@link Entry} becomes a {@link VerifiedEntry}.
 *
 * A run is a stretch of one feed in chain order. An entry is authentic if it, or a descendant at most 64 later in
 * its chain, carries a valid signature [F2]: so a run needs one check at its end and one at each anchor, and hash
 * links do the rest. Statements of other keys inside an entry (a join request, a consent) are part of
 * what its author vouches for: if one does not hold, the entry is refused like one with a bad signature.
 *
 * Synchronous: {@link checksOfRun} says what must be checked, the shell brings the verdicts [E5].
 */
import type { Act, Decision, JoinRequest } from './act.ts';
import { KIND, LANE, type Body, type Entry, type FoundBody, type Lane } from './entry.ts';
import type { DeviceKey, Id, PublicKey, Signature } from './ids.ts';
import { MAX_LINKS } from './limits.ts';
import { termAt, type CircleLog } from './log.ts';
import { approvalStatement, motionId } from './motion.ts';
import { fail, ok, type Result } from './result.ts';
import { entryStatement, inviteStatement, joinStatement, keepingStatement } from './statements.ts';

declare const authentic: unique symbol;
/** An entry whose author is proven. Made by this file alone. */
export type VerifiedEntry<B extends Body = Body> = Entry<B> & { readonly [authentic]: true };

/** One signature that must hold; structurally the shell's SignatureCheck. */
export interface NeededCheck {
  readonly key: DeviceKey | PublicKey;
  readonly message: Uint8Array;
  readonly signature: Signature;
}
/** Consecutive entries of one feed, oldest first, and the signatures that came with some of them. */
export interface Run {
  readonly entries: readonly Entry[];
  readonly signatures: ReadonlyMap<Id, Signature>;
}
export type VerifyFault =
  | {
      readonly rule: 'F1';
      readonly code: 'empty-run' | 'mixed-feeds' | 'unknown-device';
      readonly device: DeviceKey | null;
    }
  | {
      readonly rule: 'F1';
      readonly code: 'gap';
      readonly device: DeviceKey;
      readonly expected: number;
      readonly got: number;
    }
  | { readonly rule: 'F1'; readonly code: 'wrong-prev'; readonly entry: Id; readonly expected: Id }
  | { readonly rule: 'F2'; readonly code: 'not-signed' | 'bad-signature' | 'undecided'; readonly entry: Id }
  | { readonly rule: 'P7'; readonly code: 'not-a-witness'; readonly device: DeviceKey }
  | { readonly rule: 'S2'; readonly code: 'bad-evidence'; readonly entry: Id }
  | { readonly rule: 'E5'; readonly code: 'key-not-ordinary'; readonly key: DeviceKey | PublicKey };

/** Which key signs an entry of that lane and seq [F1]; witnesses sign under their key of the book. */
export function signerOf(
  log: CircleLog,
  device: DeviceKey,
  lane: Lane,
  seq: number,
): Result<DeviceKey | PublicKey, VerifyFault> {
  if (!log.devices.has(device)) return fail({ rule: 'F1', code: 'unknown-device', device });
  if (lane !== LANE.witness) return ok(device);
  const term = termAt(log, device, seq);
  return term === undefined ? fail({ rule: 'P7', code: 'not-a-witness', device }) : ok(term.key);
}

const NO_CHECKS: readonly NeededCheck[] = [];
/** The three signatures of a join request: inviter on the invite, invite and new device on the request [S2]. */
export function joinRequestChecks(circle: Id, request: JoinRequest): readonly NeededCheck[] {
  const joining = joinStatement(circle, request);
  return [
    {
      key: request.inviter,
      message: inviteStatement(circle, request),
      signature: request.inviterSignature,
    },
    { key: request.invite, message: joining, signature: request.inviteProof },
    { key: request.device, message: joining, signature: request.deviceProof },
  ];
}
/** Signatures of others that an act brings along. */
function actChecks(circle: Id, book: number, act: Act): readonly NeededCheck[] {
  switch (act.type) {
    case 'admit':
      return joinRequestChecks(circle, act.request);
    case 'replace':
      return act.request === null ? NO_CHECKS : joinRequestChecks(circle, act.request);
    case 'stewards':
      return act.stewards.map(({ device, witness, consent }) => ({
        key: device,
        message: keepingStatement(circle, book, device, witness),
        signature: consent,
      }));
    case 'limits':
    case 'standing':
    case 'policy':
    case 'payout':
    case 'helpers':
    case 'unlock':
    case 'close-book':
      return NO_CHECKS;
    case 'keeper':
      return [
        {
          key: act.device,
          message: keepingStatement(circle, book, act.device, act.witness),
          signature: act.consent,
        },
      ];
  }
}
function evidenceChecks(entry: Entry): readonly NeededCheck[] {
  const { body, circle, book, device } = entry;
  switch (body.kind) {
    case KIND.joinRequest:
      return joinRequestChecks(circle, body.request);
    case KIND.offerKeeping:
      return body.consent === null
        ? NO_CHECKS
        : [
            {
              key: device,
              message: keepingStatement(circle, book, device, body.witness),
              signature: body.consent,
            },
          ];
    case KIND.stop:
      return body.next === null
        ? NO_CHECKS
        : [
            {
              key: device,
              message: keepingStatement(circle, book + 1, device, body.next.witness),
              signature: body.next.consent,
            },
          ];
    case KIND.motion:
      return actChecks(circle, book, body.act);
    case KIND.approve:
      return body.signature === null
        ? NO_CHECKS
        : [{ key: device, message: approvalStatement(body.motion), signature: body.signature }];
    case KIND.propose:
      return [...actChecks(circle, book, body.decision.act), ...approvalChecks(circle, book, body.decision)];
    default:
      return NO_CHECKS;
  }
}

/** Everybody whose consent a decision carries has signed it [L3]. */
function approvalChecks(circle: Id, book: number, { act, approvals }: Decision): readonly NeededCheck[] {
  if (approvals.length === 0) return NO_CHECKS;
  const message = approvalStatement(motionId(circle, book, act));
  return approvals.map(({ device, signature }) => ({ key: device, message, signature }));
}

/**
 * Every 64th entry is an anchor: its signature is checked when it comes and kept for good, so whoever is handed
 * the chain later finds one within reach of every entry [F2] [S1].
 */
export const isAnchor = (seq: number): boolean => seq % MAX_LINKS === MAX_LINKS - 1;

/** A check of a run and the entry that hangs on it; `covers`: it is the entry's own signature. */
interface RunCheck extends NeededCheck {
  readonly entry: Entry;
  readonly covers: boolean;
}
export interface PlannedRun {
  readonly run: Run;
  readonly checks: readonly RunCheck[];
  /** Entries after the last signature: nobody vouches for them yet. */
  readonly authenticCount: number;
}

/** Checks links and says which signatures prove the run [F1] [F2]. `signerKey`: from {@link signerOf}. */
export function planRun(run: Run, signerKey: DeviceKey | PublicKey): Result<PlannedRun, VerifyFault> {
  const { entries, signatures } = run;
  const first = entries[0];
  if (first === undefined) return fail({ rule: 'F1', code: 'empty-run', device: null });
  const checks: RunCheck[] = [];
  for (let i = 1; i < entries.length; i++) {
    const before = entries[i - 1];
    const entry = entries[i];
    if (before === undefined || entry === undefined) break;
    if (entry.device !== first.device || entry.lane !== first.lane || entry.book !== first.book)
      return fail({ rule: 'F1', code: 'mixed-feeds', device: first.device });
    if (entry.seq !== before.seq + 1)
      return fail({
        rule: 'F1',
        code: 'gap',
        device: entry.device,
        expected: before.seq + 1,
        got: entry.seq,
      });
    if (entry.prev !== before.id)
      return fail({ rule: 'F1', code: 'wrong-prev', entry: entry.id, expected: before.id });
  }
  let last = entries.length - 1;
  while (last >= 0 && !signatures.has(idAt(entries, last))) last--;
  const authenticCount = last + 1;
  if (authenticCount === 0) return fail({ rule: 'F2', code: 'not-signed', entry: first.id });
  for (let i = 0; i <= last; i++) {
    const entry = entries[i];
    const endsEpoch = i < last && entries[i + 1]?.epoch !== entry?.epoch;
    if (entry === undefined || (i !== last && !isAnchor(entry.seq) && !endsEpoch)) continue;
    const signature = signatures.get(entry.id);
    if (signature === undefined) return fail({ rule: 'F2', code: 'not-signed', entry: entry.id });
    checks.push({ entry, covers: true, key: signerKey, message: entryStatement(entry.id), signature });
  }
  for (let i = 0; i < authenticCount; i++) {
    const entry = entries[i];
    const evidence = entry === undefined ? NO_CHECKS : evidenceChecks(entry);
    // Hardly any entry has some.
    if (entry === undefined || evidence.length === 0) continue;
    for (const check of evidence) checks.push({ ...check, entry, covers: false });
  }
  return ok({ run, checks, authenticCount });
}
function idAt(entries: readonly Entry[], index: number): Id {
  const entry = entries[index];
  if (entry === undefined) throw new RangeError('outside the run');
  return entry.id;
}

/** Turns a planned run and its checks' verdicts, in order, into verified entries. One bad signature refuses the run. */
export function verifyRun(
  plan: PlannedRun,
  verdicts: readonly ('valid' | 'invalid' | 'undecided')[],
): Result<readonly VerifiedEntry[], VerifyFault> {
  for (const [i, check] of plan.checks.entries()) {
    const verdict = verdicts[i];
    if (verdict === 'valid') continue;
    if (verdict !== 'invalid') return fail({ rule: 'F2', code: 'undecided', entry: check.entry.id });
    return check.covers
      ? fail({ rule: 'F2', code: 'bad-signature', entry: check.entry.id })
      : fail({ rule: 'S2', code: 'bad-evidence', entry: check.entry.id });
  }
  return ok(plan.run.entries.slice(0, plan.authenticCount) as unknown as readonly VerifiedEntry[]);
}

/**
 * The founding entry proves itself: its id is the circle, its device's signature stands on it [L0]. `isOrdinaryKey`
 * looks at the founder's keys as at anybody's who is let in [E5].
 */
export function verifyFounding(
  entry: Entry,
  verdict: 'valid' | 'invalid' | 'undecided',
  isOrdinaryKey: (key: DeviceKey | PublicKey) => boolean = () => true,
): Result<VerifiedEntry<FoundBody>, VerifyFault> {
  const { body, device } = entry;
  if (body.kind !== KIND.found) return fail({ rule: 'F1', code: 'mixed-feeds', device });
  if (verdict !== 'valid')
    return fail({ rule: 'F2', code: verdict === 'invalid' ? 'bad-signature' : 'undecided', entry: entry.id });
  for (const key of [device, body.witness])
    if (!isOrdinaryKey(key)) return fail({ rule: 'E5', code: 'key-not-ordinary', key });
  return ok(entry as VerifiedEntry<FoundBody>);
}
export const foundingCheck = (entry: Entry, signature: Signature): NeededCheck => ({
  key: entry.device,
  message: entryStatement(entry.id),
  signature,
});
