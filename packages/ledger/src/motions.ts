/** Motions and what members say to them, as they come in voices [L3]. Kept within bounds; people read, the rules count. */
import type { Act, Approval, JoinRequest, ReplaceAct } from './act.ts';
import { consentNeeded, enoughOf } from './consents.ts';
import { KIND } from './entry.ts';
import type { Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { MAX_OPEN_MOTIONS, MOTION_SALT_BYTES } from './limits.ts';
import { openDevicesOf } from './log.ts';
import { motionId } from './motion.ts';

export interface Motion {
  readonly id: Id;
  /** The first entry that proposed it; undefined while only answers are here. */
  carrier: Stored | undefined;
  act: Act | undefined;
  /** The newest answer of each device: a signature is a yes, null a no. */
  readonly answers: Map<
    DeviceKey,
    { readonly seq: number; readonly signature: Approval['signature'] | null }
  >;
  /** Everybody who ever said yes, whatever they said later: it may be why a witness has stopped [C1]. */
  readonly saidYes: Map<DeviceKey, Approval['signature']>;
  /** The device that alone has spoken of it so far; null once others have. */
  only: DeviceKey | null;
}

/** What people may propose. The rest is the witnesses' own to do, and nobody is asked for it. */
const isForPeople = (act: Act): boolean => act.type === 'admit' || act.type === 'close-book' || 'salt' in act;

/** Takes in a motion, or an answer to one. */
export function noteMotion(ledger: Ledger, stored: Stored): void {
  const { body, device, seq } = stored.entry;
  if (body.kind === KIND.motion) {
    if (!isForPeople(body.act)) return;
    const motion = openMotion(ledger, motionId(ledger.circle, ledger.book, body.act), device);
    motion.carrier ??= stored;
    motion.act ??= body.act;
  } else if (body.kind === KIND.approve) {
    const { answers, saidYes } = openMotion(ledger, body.motion, device);
    if (body.signature !== null) saidYes.set(device, body.signature);
    const known = answers.get(device);
    if (known === undefined || known.seq < seq) answers.set(device, { seq, signature: body.signature });
  }
}
/** The act by which the device that asks takes the place of `olds` [C4]: who knows the request knows the motion. */
export const takeOver = (request: JoinRequest, olds: readonly DeviceKey[]): ReplaceAct => ({
  type: 'replace',
  salt: request.invite.slice(0, 2 * MOTION_SALT_BYTES),
  reason: null,
  request,
  heir: request.device,
  closings: olds.map((device) => ({ device, incarnation: 0, stops: [] })),
  key: null,
});
/**
 * A member's own way back: who holds the recovery words asks for a new device in the place of all that are open [C4].
 * That is a motion by itself, which needs nobody's consent.
 */
export function noteRecovery(ledger: Ledger, stored: Stored): void {
  const { body } = stored.entry;
  if (body.kind !== KIND.joinRequest || body.request.as !== 'recover') return;
  const { request } = body;
  const member = ledger.log.devices.get(request.inviter)?.member;
  if (member === undefined || ledger.log.devices.has(request.device)) return;
  const open = openDevicesOf(ledger.log, member).map(({ device }) => device);
  // Lost after it was sealed already: then that account alone is taken over.
  const act = takeOver(request, open.length > 0 ? open : [request.inviter]);
  const motion = openMotion(ledger, motionId(ledger.circle, ledger.book, act), stored.entry.device);
  motion.carrier ??= stored;
  motion.act ??= act;
}
function openMotion(ledger: Ledger, id: Id, by: DeviceKey): Motion {
  const known = ledger.motions.get(id);
  if (known !== undefined) {
    if (known.only !== by) known.only = null;
    return known;
  }
  // Whoever proposes without end pushes out their own alone.
  const own = [...ledger.motions.values()].filter(({ only }) => only === by);
  const [oldest] = own;
  if (own.length >= MAX_OPEN_MOTIONS && oldest !== undefined) ledger.motions.delete(oldest.id);
  const fresh: Motion = {
    id,
    carrier: undefined,
    act: undefined,
    answers: new Map(),
    saidYes: new Map(),
    only: by,
  };
  ledger.motions.set(id, fresh);
  return fresh;
}
/** In one order, whatever order they came in: who proposes the same at the same time then proposes one decision [L1]. */
export const approvalsOf = (motion: Motion): readonly Approval[] =>
  [...motion.answers]
    .flatMap(([device, { signature }]) => (signature === null ? [] : [{ device, signature }]))
    .sort((a, b) => (a.device < b.device ? -1 : 1));

/** The motions that nobody has carried out yet, oldest first. */
export const openMotions = (ledger: Ledger): readonly Motion[] =>
  [...ledger.motions.values()].filter(({ id, act }) => act !== undefined && !ledger.log.doneMotions.has(id));
/** Whether it had enough consent at some time, for all that this replica knows. */
export function everHadEnough(ledger: Ledger, { act, saidYes }: Motion): boolean {
  const approvals = [...saidYes].map(([device, signature]) => ({ device, signature }));
  return act !== undefined && enoughOf(ledger.log, consentNeeded(ledger.log, act), approvals) !== undefined;
}
/** Those of its approvals that are enough for it; undefined while they are not. */
export const enoughFor = (ledger: Ledger, motion: Motion): readonly Approval[] | undefined =>
  motion.act && enoughOf(ledger.log, consentNeeded(ledger.log, motion.act), approvalsOf(motion));
