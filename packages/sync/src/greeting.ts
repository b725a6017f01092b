/**
 * HELLO and MEMBER: how two ends of a link prove to each other that they hold the book key and which device
 * they are, before anything else is said [S3].
 */
import type { DeviceKey, Signature } from '@corridor/ledger';
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

const stop = (fault: SessionFault): readonly GreetingStep[] => [{ type: 'close', fault }];

export const createGreeting = (options: SessionOptions): Greeting => {
  const role: Role = options.outgoing ? 'opener' : 'answerer';
  const theirRole: Role = options.outgoing ? 'answerer' : 'opener';
  const names: LinkNames = options.outgoing
    ? { circle: options.circle, opener: options.self, answerer: options.remote }
    : { circle: options.circle, opener: options.remote, answerer: options.self };
  const secrets = options.secrets.slice(0, MAX_SECRETS);
  const mine: HelloPart = { version: PROTOCOL_VERSION, nonce: options.nonce };
  let theirs: HelloPart | undefined;
  let key: Uint8Array | undefined;
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
    const secret = findSecret(secrets, message.tags, (candidate) =>
      options.outgoing
        ? answererTag(candidate, names, opener, answerer)
        : openerTag(candidate, names, opener),
    );
    // Silence: a stranger who calls us does not even learn that somebody is here.
    if (secret === undefined) return stop(sessionFault('stranger'));
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
        ? [hello(secrets.slice(0, MAX_HELLO_TAGS).map((secret) => openerTag(secret, names, mine)))]
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
    greeted: () => (sent && valid && key !== undefined && device !== undefined ? { device, key } : undefined),
    theirVersion: () => theirs?.version,
    proofCame: () => device !== undefined,
  };
};
