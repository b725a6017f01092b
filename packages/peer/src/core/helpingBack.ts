/** A neighbour's end of a recovery [C4]: whose new phone an invite is for, and the motion once that phone has asked. */
import {
  approvalStatement,
  fromHex,
  KIND,
  LANE,
  motionId,
  ok,
  openDevicesOf,
  takeOver,
  toHex,
  type Body,
  type JoinRequest,
  type MemberId,
  type PublicKey,
} from '@corridor/ledger';
import type { Clock, KeyRing } from '../ports.ts';
import type { Circle } from './circle.ts';
import { mayAnswer } from './proposing.ts';
import type { SealedRecords } from './sealedRecords.ts';

export interface HelpingBack {
  /** An invite of this device is for a new phone of that member. False: the disk refused. */
  expect(invite: PublicKey, member: MemberId): Promise<boolean>;
  /** A request to be let in was heard: if it is one of those, this device speaks for it. False: the disk refused. */
  hear(circle: Circle, request: JoinRequest): Promise<boolean>;
}
const PREFIX = 'helping/';

export function createHelpingBack(options: {
  readonly records: SealedRecords;
  readonly keys: KeyRing;
  readonly clock: Clock;
}): HelpingBack {
  const { records, keys, clock } = options;
  return {
    expect: (invite, member) => records.put(`${PREFIX}${invite}`, fromHex(member) ?? new Uint8Array(0)),
    async hear(circle, request) {
      if (request.as !== 'vouch' || request.inviter !== circle.record.device) return true;
      const expected = await records.get(`${PREFIX}${request.invite}`);
      if (expected?.length !== 32) return true;
      const { ledger } = circle.replica;
      const member = toHex(expected) as MemberId;
      const olds = openDevicesOf(ledger.log, member).map(({ device }) => device);
      if (olds.length === 0 || ledger.log.devices.has(request.device)) return true;
      const act = takeOver(request, olds);
      const motion = motionId(ledger.circle, ledger.book, act);
      if (ledger.motions.get(motion)?.act !== undefined || ledger.log.doneMotions.has(motion)) return true;
      const at = Math.floor(clock.now() / 1000);
      const bodies: Body[] = [{ kind: KIND.motion, act, at }];
      // Who shows the code has seen the face: that is a yes.
      const signature = mayAnswer(circle, act)
        ? await keys.sign(circle.record.device, approvalStatement(motion))
        : undefined;
      if (signature !== undefined) bodies.push({ kind: KIND.approve, motion, signature, at });
      const said = await circle.replica.append(LANE.voice, () => ok(bodies));
      if (said.ok) await records.remove(`${PREFIX}${request.invite}`);
      return said.ok || said.fault !== 'storage-refused';
    },
  };
}
