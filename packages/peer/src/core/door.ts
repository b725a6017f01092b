/** The door: a member's end of JOIN [S2]. Checks a newcomer's request, carries it to who decides, hands over the book key. */
import {
  bringsMember,
  isUsedUp,
  joinRequestChecks,
  KIND,
  LANE,
  ok,
  textRecordHash,
  toHex,
  type DeviceKey,
  type JoinRequest,
  type Sha256,
} from '@corridor/ledger';
import {
  createDoor,
  MAX_JOIN_KEYS,
  type Door,
  type DoorEffect,
  type JoinAnswer,
  type JoinRefusal,
  type NamedRequest,
} from '@corridor/sync';
import { hexToBytes } from '@noble/hashes/utils.js';
import { sealBookKey } from '../bookKeys.ts';
import type { CheckBudget, Clock, Link, RandomBytes, SignatureChecker, Transport } from '../ports.ts';
import type { Circle } from './circle.ts';
import type { Keeping } from './keeping.ts';
import { BAN_SECONDS, MAX_DOORS, REMOTE_CHECKS, TICK_MS } from './limits.ts';

/** Seals a book key to a newcomer's device; HPKE unless a test must replay to the byte. */
export type SealKey = typeof sealBookKey;
export interface Doors {
  open(link: Link): void;
  receive(link: string, bytes: Uint8Array): void;
  closed(link: string): void;
  /** The log grew: whoever waits and is in now gets the keys. */
  logGrew(): void;
  stop(): void;
}
/** What a newcomer is told of why the log would not take them. */
function reasonFor(
  fault: Extract<Awaited<ReturnType<Keeping['admit']>>, { ok: false }>['fault'],
): JoinRefusal {
  if (fault === 'expired') return 'invite-expired';
  if (typeof fault !== 'object') return 'not-now';
  if (fault.code === 'invite-used') return 'invite-used';
  if (fault.code === 'unknown-inviter' || fault.code === 'unknown-decision') return 'invite-unknown';
  return fault.code === 'key-not-ordinary' ? 'bad-signature' : 'not-now';
}
export function createDoors(options: {
  readonly circle: () => Circle | undefined;
  readonly transport: Transport;
  readonly checker: SignatureChecker;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly sha256: Sha256;
  readonly sealKey?: SealKey | undefined;
  readonly failed: (error: unknown) => void;
}): Doors {
  const { transport, checker, clock, random, sha256, sealKey = sealBookKey, failed } = options;
  interface Open {
    readonly link: Link;
    readonly door: Door;
    readonly budget: CheckBudget;
    waiting: JoinRequest | null;
  }
  const doors = new Map<string, Open>();
  let stopped = false;

  const act = (open: Open, effects: readonly DoorEffect[]): void => {
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          if (transport.send(open.link.id, effect.bytes)) break;
          doors.delete(open.link.id);
          return transport.close(open.link.id, 'ended');
        case 'close':
          doors.delete(open.link.id);
          if (effect.fault.blame === 'remote') transport.ban(open.link.remote, BAN_SECONDS);
          transport.close(open.link.id, effect.fault.code);
          break;
        case 'asked':
          decide(open, effect).then(
            (answer) => act(open, doors.has(open.link.id) ? open.door.answer(answer) : []),
            (error: unknown) => {
              act(open, doors.has(open.link.id) ? open.door.answer(refused('not-now')) : []);
              failed(error);
            },
          );
      }
    }
  };
  const refused = (reason: JoinRefusal): JoinAnswer => ({ result: 'refused', reason });

  async function decide(open: Open, { request, name, salt }: NamedRequest): Promise<JoinAnswer> {
    const circle = options.circle();
    if (circle === undefined) return refused('not-now');
    const { ledger } = circle.replica;
    const text = { salt: toHex(salt), text: name };
    if (name.trim() === '' || textRecordHash(text, sha256) !== request.name) return refused('name-refused');
    const verdicts = await checker.check(joinRequestChecks(ledger.circle, request), open.budget);
    if (!verdicts.every((verdict) => verdict === 'valid')) return refused('bad-signature');
    // Who is out gets no key any more [S1].
    if (circle.standing(request.device) === 'removed') return refused('invite-unknown');
    // Who was let in already comes back for the keys: a reload, a lost answer.
    if (ledger.log.devices.has(request.device)) return admitted(circle, request.device);
    if (!ledger.log.devices.has(request.inviter)) return refused('invite-unknown');
    if (isUsedUp(ledger.log, request)) return refused('invite-used');
    if (!ledger.log.decisionIds.has(request.decision)) return refused('invite-unknown');
    if (request.expiresAt * 1000 < clock.now()) return refused('invite-expired');
    // Strict enough: the book is flushed before the entry that lets them in, or carries them on, is signed [P6].
    await circle.texts.keep([text], false);
    const isSimple = bringsMember(request) && ledger.log.policy.admission === 'inviter';
    if (circle.keeping.decidesAlone() && (isSimple || request.as === 'device')) {
      const decided = await circle.keeping.admit(request);
      if (decided.ok) return admitted(circle, request.device);
      return refused(reasonFor(decided.fault));
    }
    // One voice for one invite: who asks at every door, or again and again, must not fill the book with it.
    const carried = await circle.replica.append(LANE.voice, () =>
      ok(circle.keeping.mayCarry(request) ? [{ kind: KIND.joinRequest, request }] : []),
    );
    if (!carried.ok) return refused('not-now');
    if (circle.keeping.carried(request)?.device !== request.device) return refused('invite-used');
    open.waiting = request;
    // The keeper may have let it in while we wrote.
    return ledger.log.devices.has(request.device) ? admitted(circle, request.device) : { result: 'carried' };
  }
  async function admitted(circle: Circle, device: DeviceKey): Promise<JoinAnswer> {
    const { ledger } = circle.replica;
    const record = ledger.log.devices.get(device);
    if (record === undefined) return refused('not-now');
    // Its book key may have changed with this very admission: we give it once we have it [S1].
    const has = new Set(circle.record.bookKeys.map(({ epoch }) => epoch));
    if (!has.has(ledger.log.epoch)) return { result: 'carried' };
    const keys: { epoch: number; sealed: Uint8Array }[] = [];
    for (const { epoch, key } of circle.record.bookKeys.slice(-MAX_JOIN_KEYS)) {
      // A newcomer does not know which book it is; an epoch is of one book alone.
      const binding = { circle: ledger.circle, book: 0, epoch, device };
      const sealed = await sealKey(record.sealing, hexToBytes(key), binding);
      if (sealed === undefined) return refused('bad-signature');
      keys.push({ epoch, sealed });
    }
    return {
      result: 'admitted',
      admission: { decision: record.admittedBy, height: record.admittedAt, keys },
    };
  }
  let ticked = 0;
  const tick = (): void => {
    if (stopped) return;
    ticked += TICK_MS;
    for (const open of [...doors.values()]) act(open, open.door.tick(ticked));
    cancel = clock.after(TICK_MS, tick);
  };
  let cancel = clock.after(TICK_MS, tick);

  return {
    open(link) {
      if (doors.size >= MAX_DOORS) return transport.close(link.id, 'busy');
      const door = createDoor(random(16));
      doors.set(link.id, { link, door, budget: { left: REMOTE_CHECKS }, waiting: null });
    },
    receive(id, bytes) {
      const open = doors.get(id);
      if (open !== undefined) act(open, open.door.receive(bytes));
    },
    closed: (id) => void doors.delete(id),
    logGrew() {
      const circle = options.circle();
      if (circle === undefined) return;
      for (const open of doors.values()) {
        const { waiting } = open;
        if (waiting === null || !circle.replica.ledger.log.devices.has(waiting.device)) continue;
        open.waiting = null;
        admitted(circle, waiting.device).then((answer) => act(open, open.door.answer(answer)), failed);
      }
    },
    stop() {
      stopped = true;
      cancel();
      doors.clear();
    },
  };
}
