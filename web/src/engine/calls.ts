/** Intents and views as messages: between a tab and the worker that runs the peer, and between tabs. */
import type { Answer, PeerIntents, PeerView } from '@corridor/peer';

export type IntentName = keyof PeerIntents;
/** All of them, so that a message from elsewhere cannot name anything else. */
const INTENT_NAMES: readonly IntentName[] = [
  'found',
  'readInvite',
  'join',
  'cancelJoin',
  'createInvite',
  'pay',
  'paidBy',
  'request',
  'readCode',
  'handOverCode',
  'handedOver',
  'lines',
  'line',
  'eraseNote',
  'keepBook',
  'exportLog',
  'readSavedBook',
  'bringInBook',
  'keepBooks',
  'setRelayOnly',
  'setLock',
  'setPasskey',
  'unlock',
  'unlockByPasskey',
  'lock',
  'wipe',
  'propose',
  'answer',
  'comment',
  'offerSteward',
  'letIn',
  'writeCharter',
  'writeMeetings',
  'makeRecoveryWords',
  'practiseRecovery',
  'recover',
  'helpBack',
  'moveRoom',
  'foundAnew',
  'goAlong',
];
export interface Call {
  readonly type: 'call';
  /** Which tab asks. */
  readonly tab: string;
  readonly call: number;
  readonly intent: IntentName;
  readonly args: readonly unknown[];
}
export interface CallAnswer {
  readonly type: 'answer';
  readonly tab: string;
  readonly call: number;
  readonly answer: Answer<unknown>;
}
export type EngineMessage =
  | Call
  | CallAnswer
  | { readonly type: 'view'; readonly view: PeerView }
  /** A tab that follows asks for the view. */
  | { readonly type: 'hello' }
  /** The worker wants the network: the window opens it and answers on the port that comes along. */
  | { readonly type: 'network'; readonly seed: Uint8Array; readonly relays: readonly string[] }
  | { readonly type: 'failure'; readonly reason: string }
  /** A tab erases everything: every other one lets go of what it holds. */
  | { readonly type: 'wipe' }
  /** Everything is erased: every tab starts anew. */
  | { readonly type: 'wiped' };

const isObject = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null;

/** What came is one of ours; other things on the channel are passed over. */
export function readMessage(data: unknown): EngineMessage | undefined {
  if (!isObject(data) || typeof data['type'] !== 'string') return undefined;
  if (data['type'] === 'call' && !INTENT_NAMES.some((name) => name === data['intent'])) return undefined;
  return data as unknown as EngineMessage;
}

/** The intents of a peer that is reached by messages. Unanswered calls can be sent again to whoever writes next. */
export interface RemoteIntents {
  readonly intents: PeerIntents;
  answered(message: CallAnswer): void;
  /** Sends every unanswered call again. */
  again(): void;
}
export function createRemoteIntents(tab: string, post: (call: Call) => void): RemoteIntents {
  const open = new Map<number, { readonly call: Call; readonly settle: (answer: Answer<unknown>) => void }>();
  let calls = 0;
  const ask =
    (intent: IntentName) =>
    (...args: readonly unknown[]): Promise<Answer<unknown>> =>
      new Promise((settle) => {
        const call: Call = { type: 'call', tab, call: calls++, intent, args };
        open.set(call.call, { call, settle });
        post(call);
      });
  return {
    intents: Object.fromEntries(INTENT_NAMES.map((name) => [name, ask(name)])) as unknown as PeerIntents,
    answered({ tab: of, call, answer }) {
      if (of !== tab) return;
      open.get(call)?.settle(answer);
      open.delete(call);
    },
    again() {
      for (const { call } of open.values()) post(call);
    },
  };
}
/** Runs a call on a peer in this place. */
export async function answerCall(
  intents: PeerIntents,
  { tab, call, intent, args }: Call,
): Promise<CallAnswer> {
  const run = intents[intent] as (...given: readonly unknown[]) => Promise<Answer<unknown>>;
  return { type: 'answer', tab, call, answer: await run(...args) };
}
