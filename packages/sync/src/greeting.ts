/**
 * HELLO and MEMBER: how two ends of a link prove to each other that they hold the book key and which device
 * they are, before anything else is said [S3].
 */
import type { DeviceKey, Id, Signature } from '@corridor/ledger';
import { sessionFault } from './faults.ts';
import type { SessionFault } from './faults.ts';
import {
  answererTag,
  findSecret,
  memberMessage,
  openerTag,
  openMember,
  sealMember,
  sessionKey,
} from './greetingKeys.ts';
import type { HelloPart, LinkNames, Role } from './greetingKeys.ts';
import { MAX_HELLO_TAGS, MAX_SECRETS, PROTOCOL_VERSION } from './limits.ts';
import { encodeMessage } from './messageCodec.ts';
import type { HelloMessage, MemberMessage } from './messages.ts';
import type { SessionEffect, SessionOptions, Verdict } from './session.ts';

export type GreetingStep = Extract<SessionEffect, { readonly type: 'send' | 'sign' | 'check' | 'close' }>;

/** Both sides have proved themselves. */
export interface Greeted {
  readonly device: DeviceKey;
  /** Where among {@link SessionOptions.earlier} the circle is that both spoke under; undefined: the circle itself. */
  readonly earlier: number | undefined;
  /** The session key. */
  readonly key: Uint8Array;
}
export interface Greeting {
  readonly start: () => readonly GreetingStep[];
  readonly receive: (message: HelloMessage | MemberMessage) => readonly GreetingStep[];
  readonly signed: (signature: Signature | null) => readonly GreetingStep[];
  readonly checked: (verdict: Verdict) => readonly GreetingStep[];
  /** Set once our proof is out and theirs was found valid. */
  readonly greeted: () => Greeted | undefined;
  /** The other side's version, once it has spoken. */
  readonly theirVersion: () => number | undefined;
  /** Whether the other side's proof is here, found valid or not yet. */
  readonly proofCame: () => boolean;
}

/** One secret that we would speak under, and the circle that it is of. */
interface Tongue {
  readonly secret: Uint8Array;
  readonly names: LinkNames;
  readonly earlier: number | undefined;
}
/** The circle's own first; of those it was founded from, the newest first [K1]. */
const tonguesOf = (
  { circle, secrets, earlier }: SessionOptions,
  namesIn: (circle: Id) => LinkNames,
): readonly Tongue[] => [
  ...secrets.map((secret): Tongue => ({ secret, names: namesIn(circle), earlier: undefined })),
  ...(earlier ?? []).flatMap((one, at) =>
    one.secrets.map((secret): Tongue => ({ secret, names: namesIn(one.circle), earlier: at })),
  ),
];
/** What the opener names: the newest, and of them at least one of the circle before, for who has not come along [K1]. */
function helloTongues(tongues: readonly Tongue[]): readonly Tongue[] {
  const newest = tongues.slice(0, MAX_HELLO_TAGS);
  const before = tongues.find(({ earlier }) => earlier !== undefined);
  if (before === undefined || newest.includes(before)) return newest;
  return [...newest.slice(0, -1), before];
}
const stop = (fault: SessionFault): readonly GreetingStep[] => [{ type: 'close', fault }];

export const createGreeting = (options: SessionOptions): Greeting => {
  const role: Role = options.outgoing ? 'opener' : 'answerer';
  const theirRole: Role = options.outgoing ? 'answerer' : 'opener';
  const [opener, answerer] = options.outgoing
    ? [options.self, options.remote]
    : [options.remote, options.self];
  const tongues = tonguesOf(options, (circle) => ({ circle, opener, answerer })).slice(0, MAX_SECRETS);
  const mine: HelloPart = { version: PROTOCOL_VERSION, nonce: options.nonce };
  let theirs: HelloPart | undefined;
  let key: Uint8Array | undefined;
  let earlier: number | undefined;
  let device: DeviceKey | undefined;
  let sent = false;
  let valid = false;

  const hello = (tags: readonly Uint8Array[]): GreetingStep => ({
    type: 'send',
    bytes: encodeMessage({ type: 'hello', version: mine.version, nonce: mine.nonce, tags }),
  });

  const receiveHello = (message: HelloMessage): readonly GreetingStep[] => {
    if (theirs !== undefined) return stop(sessionFault('out-of-order', 'second HELLO'));
    if (message.version < 1) return stop(sessionFault('older-version', `version ${message.version}`));
    if (options.outgoing && message.tags.length !== 1)
      return stop(sessionFault('garbage', 'an answer has one tag'));
    theirs = { version: message.version, nonce: message.nonce };
    const [opener, answerer] = options.outgoing ? [mine, theirs] : [theirs, mine];
    const tongue = findSecret(tongues, message.tags, ({ secret, names }) =>
      options.outgoing ? answererTag(secret, names, opener, answerer) : openerTag(secret, names, opener),
    );
    // Silence: a stranger who calls us does not even learn that somebody is here.
    if (tongue === undefined) return stop(sessionFault('stranger'));
    const { secret, names } = tongue;
    earlier = tongue.earlier;
    key = sessionKey(secret, names, opener, answerer);
    const sign: GreetingStep = { type: 'sign', message: memberMessage(key, role, options.device) };
    return options.outgoing ? [sign] : [hello([answererTag(secret, names, opener, answerer)]), sign];
  };

  const receiveMember = (message: MemberMessage): readonly GreetingStep[] => {
    if (key === undefined || device !== undefined) return stop(sessionFault('out-of-order', 'MEMBER'));
    const proof = openMember(key, theirRole, message.sealed);
    if (proof === undefined) return stop(sessionFault('bad-proof', 'not sealed in this session'));
    device = proof.device;
    const signedMessage = memberMessage(key, theirRole, proof.device);
    return [{ type: 'check', device, message: signedMessage, signature: proof.signature }];
  };

  return {
    start: () =>
      options.outgoing
        ? [hello(helloTongues(tongues).map(({ secret, names }) => openerTag(secret, names, mine)))]
        : [],
    receive: (message) => (message.type === 'hello' ? receiveHello(message) : receiveMember(message)),
    signed: (signature) => {
      if (key === undefined || sent) throw new Error('no signature was asked for');
      if (signature === null) return stop(sessionFault('not-signed'));
      sent = true;
      const sealed = sealMember(key, role, { device: options.device, signature });
      return [{ type: 'send', bytes: encodeMessage({ type: 'member', sealed }) }];
    },
    checked: (verdict) => {
      if (device === undefined || valid) throw new Error('no check was asked for');
      if (verdict === 'undecided') return stop(sessionFault('undecided'));
      if (verdict === 'invalid') return stop(sessionFault('bad-proof', 'signature'));
      valid = true;
      return [];
    },
    greeted: () =>
      sent && valid && key !== undefined && device !== undefined ? { device, key, earlier } : undefined,
    theirVersion: () => theirs?.version,
    proofCame: () => device !== undefined,
  };
};
