/** The newcomer's end of JOIN [S2]: asks whoever is met at the door until someone lets it in. */
import {
  bytesOf,
  decodeInvite,
  fromBase64url,
  joinStatement,
  publicKeyOfSeed,
  signWithSeed,
  textRecordHash,
  toHex,
  type Invite,
  type JoinRequest,
  type Sha256,
} from '@corridor/ledger';
import {
  createJoiner,
  MAX_JOIN_REQUESTS_PER_LINK,
  type Joiner,
  type JoinerEffect,
  type JoinRefusal,
} from '@corridor/sync';
import { hexToBytes } from '@noble/hashes/utils.js';
import { openBookKey } from '../bookKeys.ts';
import type { Clock, KeyRing, Link, Transport } from '../ports.ts';
import type { JoinProgress } from '../view.ts';
import type { CircleRecord } from './circleRecord.ts';
import { BAN_SECONDS, MAX_SESSIONS, TICK_MS } from './limits.ts';

export interface Joining {
  open(link: Link): void;
  receive(link: string, bytes: Uint8Array): void;
  closed(link: string): void;
  progress(): JoinProgress;
  refused(): JoinRefusal | null;
  stop(): void;
}
/** Milliseconds before a door that said no for the moment is asked again. */
const ASK_AGAIN_MS = 3000;
/** Milliseconds that a door waits whose keys led nowhere. */
const AVOIDED_DOOR_MS = 20_000;

/** The invite that a record answers. */
export function invitedBy(record: CircleRecord | undefined): Invite | undefined {
  const bytes = record?.joining == null ? undefined : fromBase64url(record.joining.invite);
  const invite = bytes && decodeInvite(bytes);
  return invite?.ok === true ? invite.value : undefined;
}
export function createJoining(options: {
  readonly invite: Invite;
  readonly record: CircleRecord;
  readonly transport: Transport;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly onChange: () => void;
  /** Doors whose keys led nowhere: others are asked before them. */
  readonly avoid: ReadonlySet<string>;
  readonly onAdmitted: (bookKeys: CircleRecord['bookKeys'], door: string) => void;
}): Joining {
  const { invite, record, transport, keys, clock, sha256, onChange } = options;
  const seed = hexToBytes(invite.seed);
  const inviteKey = publicKeyOfSeed(seed);
  const open = new Map<string, { readonly link: Link; readonly joiner: Joiner; asked: number }>();
  let progress: JoinProgress = 'looking';
  let refused: JoinRefusal | null = null;
  let stopped = false;

  const requestFor = async (nonce: string): Promise<JoinRequest | undefined> => {
    const base = {
      device: record.device,
      sealing: record.sealing,
      name: textRecordHash(record.myName, sha256),
      as: invite.as,
      invite: inviteKey,
      inviter: invite.inviter,
      decision: invite.decision,
      expiresAt: invite.expiresAt,
      nonce,
      inviterSignature: invite.inviterSignature,
    };
    const statement = joinStatement(record.circle, base);
    const deviceProof = await keys.sign(record.device, statement);
    if (deviceProof === undefined) return undefined;
    return { ...base, inviteProof: signWithSeed(seed, statement), deviceProof };
  };
  const act = (id: string, effects: readonly JoinerEffect[]): void => {
    for (const effect of effects) carryOut(id, effect);
  };
  const carryOut = (id: string, effect: JoinerEffect): void => {
    const at = open.get(id);
    if (at === undefined) return;
    switch (effect.type) {
      case 'send':
        if (!transport.send(id, effect.bytes)) leave(id, 'ended');
        return;
      case 'close':
        open.delete(id);
        if (effect.fault.blame === 'remote') transport.ban(at.link.remote, BAN_SECONDS);
        transport.close(id, effect.fault.code);
        return settle();
      case 'make':
        requestFor(effect.nonce).then(
          (request) => {
            if (request === undefined || stopped) return;
            act(
              id,
              at.joiner.request({ request, name: record.myName.text, salt: bytesOf(record.myName.salt) }),
            );
          },
          () => transport.close(id, 'cannot sign'),
        );
        return;
      case 'answer':
        switch (effect.answer.result) {
          case 'carried':
            refused = null;
            progress = 'waiting-for-keeper';
            return onChange();
          case 'admitted':
            return void takeKeys(id, at.link.remote, effect.answer.admission.keys);
          case 'refused':
            // A door that cannot answer now says nothing against what another has said.
            if (effect.answer.reason === 'not-now' || effect.answer.reason === 'busy') {
              refused ??= effect.answer.reason;
              clock.after(ASK_AGAIN_MS, () => askAgain(id));
            } else refused = effect.answer.reason;
            return onChange();
        }
    }
  };
  async function takeKeys(
    id: string,
    door: string,
    sealedKeys: readonly { readonly epoch: number; readonly sealed: Uint8Array }[],
  ) {
    const bookKeys: { epoch: number; key: string }[] = [];
    for (const { epoch, sealed } of sealedKeys) {
      const binding = { circle: record.circle, book: 0, epoch, device: record.device };
      const key = await openBookKey(keys, record.sealing, sealed, binding);
      if (key !== undefined) bookKeys.push({ epoch, key: toHex(key) });
    }
    if (stopped) return;
    // A door that cannot open its own circle's book to us is no door: another may.
    if (bookKeys.length === 0) return transport.close(id, 'no key for us');
    progress = 'admitted';
    options.onAdmitted(bookKeys, door);
  }
  const leave = (id: string, reason: string): void => {
    if (!open.delete(id)) return;
    transport.close(id, reason);
    settle();
  };
  /** A door hears one link only so often; who is refused for the moment goes and comes back by another. */
  const askAgain = (id: string): void => {
    const at = open.get(id);
    if (at === undefined || stopped) return;
    if (++at.asked > MAX_JOIN_REQUESTS_PER_LINK) leave(id, 'refused');
    else act(id, at.joiner.start());
  };
  const ask = (id: string): void => {
    const at = open.get(id);
    if (at === undefined || stopped) return;
    if (progress === 'looking') progress = 'asking';
    act(id, at.joiner.start());
    onChange();
  };
  const settle = (): void => {
    if (open.size === 0 && progress !== 'admitted') progress = 'looking';
    onChange();
  };
  let ticked = 0;
  const tick = (): void => {
    if (stopped) return;
    ticked += TICK_MS;
    for (const [id, { joiner }] of [...open]) act(id, joiner.tick(ticked));
    cancel = clock.after(TICK_MS, tick);
  };
  let cancel = clock.after(TICK_MS, tick);

  return {
    open(link) {
      if (open.size >= MAX_SESSIONS) return transport.close(link.id, 'too many');
      open.set(link.id, { link, joiner: createJoiner(inviteKey), asked: 1 });
      if (options.avoid.has(link.remote)) clock.after(AVOIDED_DOOR_MS, () => ask(link.id));
      else ask(link.id);
    },
    receive(id, bytes) {
      const at = open.get(id);
      if (at !== undefined) act(id, at.joiner.receive(bytes));
    },
    closed(id) {
      open.delete(id);
      settle();
    },
    progress: () => progress,
    refused: () => refused,
    stop() {
      stopped = true;
      cancel();
      for (const id of open.keys()) transport.close(id, 'done');
      open.clear();
    },
  };
}
