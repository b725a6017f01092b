/** What screens ask about governing the circle: motions, shared texts, recovery, room between own devices. */
import { KIND, LANE, motionId, ok, approvalStatement, openDevicesOf, type Body } from '@corridor/ledger';
import { relaysForInvite } from '../transport/inviteRelays.ts';
import type { Answer, GoverningIntents } from '../view.ts';
import { allow, refuse, refuseAppend } from './answers.ts';
import { writeBodies, type TextName } from './carriedOver.ts';
import { refusalOf } from './paying.ts';
import type { Circle } from './circle.ts';
import { askForRoom, moveRoom } from './room.ts';
import { createProposing } from './proposing.ts';
import type { PeerState } from './peerState.ts';

export function createGoverningIntents(
  state: PeerState,
  inCircle: <T>(work: (circle: Circle) => Promise<Answer<T>>) => Promise<Answer<T>>,
): Omit<GoverningIntents, 'recover' | 'helpBack'> {
  const { store, clock, random, appUrl } = state.options;
  const now = (): number => Math.floor(clock.now() / 1000);
  const writeText = (name: TextName, base: string, text: string): Promise<Answer<null>> =>
    inCircle(async (circle) => {
      const next = text.normalize('NFC');
      const said = await circle.replica.append(LANE.voice, () =>
        ok(writeBodies(circle.sharedTexts, name, { base, next, at: now() })),
      );
      return said.ok ? allow(null) : refuseAppend(said.fault);
    });
  return {
    ...createProposing(inCircle, { store, clock, random }),
    letIn: (device) =>
      inCircle(async (circle) => {
        const { ledger } = circle.replica;
        const request = circle.keeping.waitingJoins().find((waiting) => waiting.device === device);
        if (request === undefined) return refuse('not-ready');
        const act = circle.keeping.actFor(request);
        const id = motionId(ledger.circle, ledger.book, act);
        const signature = await store.keys.sign(circle.record.device, approvalStatement(id));
        if (signature === undefined) return refuse('internal', { what: 'cannot sign' });
        const said = await circle.replica.append(LANE.voice, () => {
          const bodies: Body[] = [{ kind: KIND.approve, motion: id, signature, at: now() }];
          if (ledger.motions.get(id)?.act === undefined)
            bodies.unshift({ kind: KIND.motion, act, at: now() });
          return ok(bodies);
        });
        if (!said.ok) return refuseAppend(said.fault);
        await circle.keeping.work();
        return allow(null);
      }),
    writeCharter: (base, text) => writeText('charter', base, text),
    writeMeetings: (base, text) => writeText('meetings', base, text),
    makeRecoveryWords: () =>
      inCircle((circle) => circle.recovery.makeWords(circle, relaysForInvite(state.relays, appUrl), appUrl)),
    practiseRecovery: (words) => inCircle((circle) => circle.recovery.practise(words)),
    moveRoom: (device, amount) =>
      inCircle(async (circle) => {
        const { ledger } = circle.replica;
        const isOwn = openDevicesOf(ledger.log, circle.member).some((record) => record.device === device);
        if (!isOwn || device === circle.record.device) return refuse('not-a-member');
        // Less than nothing asks the other one for it.
        if (amount < 0) {
          const asked = await askForRoom(circle, device, -amount, clock);
          return asked === undefined ? refuse('storage-refused') : allow(null);
        }
        const moved = await moveRoom(circle, device, amount, null, now());
        return moved.ok ? allow(null) : { ok: false, refusal: refusalOf(circle, moved.fault) };
      }),
  };
}
