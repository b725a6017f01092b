/**
 * Two replicas on one link, and a host for each that carries out its session's effects. Nothing happens by
 * itself: `step` does one thing that is due, `settle` goes on until nothing is. Which thing comes first is for
 * the caller to say, so a test can try every interleaving; messages of one direction keep their order.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, toHex } from '@corridor/ledger';
import type { DeviceKey, Id, Signature, TextHash } from '@corridor/ledger';
import { createSession, decodeMessage, sessionSecret } from '../src/index.ts';
import type {
  Message,
  Session,
  SessionEffect,
  SessionFault,
  SessionOptions,
  SessionState,
  TextAnswer,
} from '../src/index.ts';
import { bytesOf } from './replica.ts';
import type { Replica } from './replica.ts';

export const CIRCLE = '11'.repeat(32) as Id;
export const bookKey = (epoch: number): Uint8Array => new Uint8Array(32).fill(40 + epoch);
/** A stand-in for Ed25519: anybody could make it, and a test that needs a forgery damages it. */
const sign = (device: DeviceKey, message: Uint8Array): Signature => {
  const once = toHex(sha256(concatBytes(bytesOf(device), message)));
  return (once + once) as Signature;
};

export interface End {
  readonly replica: Replica;
  readonly session: Session;
  /** Waiting on the wire, from this end to the other. */
  readonly outbox: Uint8Array[];
  /** What the host has still to do for the session. */
  readonly due: (() => readonly SessionEffect[])[];
  /** Every message it sent, in order. */
  readonly sent: { readonly message: Message; readonly bytes: number }[];
  readonly states: SessionState[];
  readonly met: string[];
  readonly texts: Map<TextHash, TextAnswer>;
  readonly faults: SessionFault[];
  readonly delivered: string[];
  readonly act: (effects: readonly SessionEffect[]) => void;
}
export interface EndOptions extends Partial<SessionOptions> {
  /** Damages what the host signs. */
  readonly forge?: boolean;
}

export const createEnd = (
  replica: Replica,
  remote: string,
  outgoing: boolean,
  more: EndOptions = {},
): End => {
  const session = createSession({
    circle: CIRCLE,
    self: `peer ${replica.name}`,
    remote: `peer ${remote}`,
    outgoing,
    secrets: [sessionSecret(bookKey(0))],
    device: replica.device,
    nonce: sha256(bytesOf(replica.device)).slice(0, 16),
    shelf: replica.shelf,
    standing: replica.standing,
    ...more,
  });
  const end: End = {
    replica,
    session,
    outbox: [],
    due: [],
    sent: [],
    states: [],
    met: [],
    texts: new Map(),
    faults: [],
    delivered: [],
    act: (effects) => {
      for (const effect of effects) carryOut(effect);
    },
  };
  const carryOut = (effect: SessionEffect): void => {
    switch (effect.type) {
      case 'send': {
        const message = decodeMessage(effect.bytes);
        if (!message.ok) throw new Error(`sent no message: ${JSON.stringify(message.fault)}`);
        end.sent.push({ message: message.value, bytes: effect.bytes.length });
        end.outbox.push(effect.bytes);
        return;
      }
      case 'sign': {
        const signature = sign(
          more.forge === true ? ('ee'.repeat(32) as DeviceKey) : replica.device,
          effect.message,
        );
        end.due.push(() => session.signed(signature));
        return;
      }
      case 'check': {
        const valid = sign(effect.device, effect.message) === effect.signature;
        end.due.push(() => session.checked(valid ? 'valid' : 'invalid'));
        return;
      }
      case 'books':
        return;
      case 'met':
        end.met.push(effect.standing);
        return;
      case 'deliver':
        end.delivered.push(...effect.runs.map((run) => `${effect.via} ${run.feed.ordinal}/${run.feed.lane}`));
        end.due.push(() => session.settledBatch(effect.batch, replica.acceptAll(effect.runs)));
        return;
      case 'deliverProof':
        end.delivered.push(`proof ${effect.branches.length}`);
        end.due.push(() =>
          session.settledBatch(effect.batch, replica.acceptProof(effect.feed, effect.seq, effect.branches)),
        );
        return;
      case 'deliverText':
        for (const text of effect.texts) end.texts.set(text.hash, text);
        end.due.push(() => session.settledBatch(effect.batch, { type: 'settled' }));
        return;
      case 'progress':
        end.states.push(effect.state);
        return;
      case 'close':
        end.faults.push(effect.fault);
    }
  };
  return end;
};

export interface Meeting {
  readonly left: End;
  readonly right: End;
  /** Does one due thing; `choice` (any number ≥ 0) picks among them. False: nothing is due. */
  readonly step: (choice: number) => boolean;
  /** Goes on until nothing is due; false if that takes more steps than it ever should. */
  readonly settle: (choose?: () => number) => boolean;
}
const MAX_STEPS = 100_000;

/** `left` opens the link. Nothing is sent before `begin`. */
export const meet = (
  left: Replica,
  right: Replica,
  more: { readonly left?: EndOptions; readonly right?: EndOptions } = {},
): Meeting => {
  const ends = [
    createEnd(left, right.name, true, more.left),
    createEnd(right, left.name, false, more.right),
  ] as const;
  for (const end of ends) end.act(end.session.start());
  const [opener, answerer] = ends;
  const carry = (from: End, to: End): void => {
    const bytes = from.outbox.shift();
    if (bytes !== undefined) to.act(to.session.receive(bytes));
  };
  const work = (end: End): void => end.act(end.due.shift()?.() ?? []);
  const step = (choice: number): boolean => {
    const tasks = [
      ...(opener.outbox.length > 0 ? [() => carry(opener, answerer)] : []),
      ...(answerer.outbox.length > 0 ? [() => carry(answerer, opener)] : []),
      ...(opener.due.length > 0 ? [() => work(opener)] : []),
      ...(answerer.due.length > 0 ? [() => work(answerer)] : []),
    ];
    tasks[choice % Math.max(tasks.length, 1)]?.();
    return tasks.length > 0;
  };
  return {
    left: opener,
    right: answerer,
    step,
    settle: (choose = () => 0) => {
      for (let i = 0; i < MAX_STEPS; i++) if (!step(choose())) return true;
      return false;
    },
  };
};

/** Types of what an end sent, from its first ROOT on. */
export const afterGreeting = (end: End): readonly string[] => {
  const types = end.sent.map(({ message }) => message.type);
  return types.slice(types.indexOf('root'));
};
/** Bytes an end sent in messages of these types; all of them without types. */
export const bytesSent = (end: End, ...types: readonly Message['type'][]): number =>
  end.sent
    .filter(({ message }) => types.length === 0 || types.includes(message.type))
    .reduce((sum, { bytes }) => sum + bytes, 0);
