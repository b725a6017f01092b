/**
 * Two sessions on one link inside this process. Time is counted in hops: a message leaves when what caused it has
 * arrived, and arrives one hop later; the hosts' own work takes no hops. Two hops are a round trip.
 */
import { referenceVerify, type DeviceKey, type Id, type Signature } from '@corridor/ledger';
import {
  createSession,
  MESSAGE,
  type BatchOutcome,
  type MessageType,
  type Run,
  type Session,
  type SessionEffect,
  type Shelf,
  type Standing,
} from '@corridor/sync';

/** One end of the link: a replica and what it lets the session do. */
export interface End {
  readonly shelf: Shelf;
  readonly device: DeviceKey;
  readonly standing: (device: DeviceKey) => Standing;
  readonly sign: (message: Uint8Array) => Signature | Promise<Signature>;
  readonly take: (runs: readonly Run[]) => Promise<BatchOutcome>;
}
/** One message as it went over the link. */
export interface Sent {
  readonly from: 'opener' | 'answerer';
  readonly type: MessageType;
  readonly bytes: number;
  /** Hops from the start of the link until it had arrived. */
  readonly arrives: number;
}
export interface Meeting {
  readonly sent: readonly Sent[];
}
export interface MeetingOptions {
  readonly circle: Id;
  readonly secret: Uint8Array;
  /** Bytes that may be under way to one end; the product's own if left out. */
  readonly window?: number;
}

type Side = 'opener' | 'answerer';
interface Post {
  readonly to: Side;
  readonly bytes: Uint8Array;
  readonly at: number;
}
const OTHER = { opener: 'answerer', answerer: 'opener' } as const;

const NAMES = new Map<number, MessageType>(
  Object.entries(MESSAGE).map(([name, code]) => [code, name as MessageType]),
);
const typeOf = (bytes: Uint8Array): MessageType => {
  const name = NAMES.get(bytes[0] ?? 0);
  if (name === undefined) throw new Error('a message of no known type');
  return name;
};

/** Lets two replicas meet until neither has anything more to say. Throws if one of them closes. */
export async function meet(
  opener: End,
  answerer: End,
  { circle, secret, window }: MeetingOptions,
): Promise<Meeting> {
  const ends = { opener, answerer };
  const sent: Sent[] = [];
  const posts: Post[] = [];
  const session = (side: Side): Session =>
    createSession({
      circle,
      self: side,
      remote: OTHER[side],
      outgoing: side === 'opener',
      secrets: [secret],
      device: ends[side].device,
      nonce: new Uint8Array(16).fill(side === 'opener' ? 1 : 2),
      shelf: ends[side].shelf,
      standing: ends[side].standing,
      ...(window === undefined ? {} : { window }),
    });
  const sessions = { opener: session('opener'), answerer: session('answerer') };

  const carryOut = async (side: Side, effects: readonly SessionEffect[], now: number): Promise<void> => {
    for (const effect of effects)
      switch (effect.type) {
        case 'send': {
          sent.push({ from: side, type: typeOf(effect.bytes), bytes: effect.bytes.length, arrives: now + 1 });
          posts.push({ to: OTHER[side], bytes: effect.bytes, at: now + 1 });
          break;
        }
        case 'sign':
          await carryOut(side, sessions[side].signed(await ends[side].sign(effect.message)), now);
          break;
        case 'check': {
          const valid = referenceVerify(effect.device, effect.message, effect.signature);
          await carryOut(side, sessions[side].checked(valid ? 'valid' : 'invalid'), now);
          break;
        }
        case 'deliver': {
          const outcome = await ends[side].take(effect.runs);
          await carryOut(side, sessions[side].settledBatch(effect.batch, outcome), now);
          break;
        }
        case 'deliverProof':
        case 'deliverText':
          throw new Error(`${effect.type} in a book without forks and texts`);
        case 'met':
        case 'books':
        case 'progress':
          break;
        case 'close':
          throw new Error(`${side} closed: ${JSON.stringify(effect.fault)}`);
      }
  };

  await carryOut('opener', sessions.opener.start(), 0);
  await carryOut('answerer', sessions.answerer.start(), 0);
  for (let post = posts.shift(); post !== undefined; post = posts.shift())
    await carryOut(post.to, sessions[post.to].receive(post.bytes), post.at);
  return { sent };
}
