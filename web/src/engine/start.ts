import { signal } from '@preact/signals';
import type { Answer, PeerIntents, PeerView } from '@corridor/peer';
import type { Engine } from './port.ts';

const notReady = async (): Promise<Answer<never>> => ({ ok: false, refusal: { code: 'not-ready', values: {} } });

/** Starts the engine of this device: it knows of no circle and lets nobody in before the ledger is behind it. */
export const startEngine = async (): Promise<Engine> => {
  const intents: PeerIntents = {
    found: notReady,
    readInvite: notReady,
    join: notReady,
    cancelJoin: notReady,
    createInvite: notReady,
    pay: notReady,
    request: notReady,
    readCode: notReady,
    handOverCode: notReady,
    handedOver: notReady,
    lines: notReady,
    line: notReady,
    keepBook: notReady,
    exportLog: notReady,
    setRelayOnly: notReady,
    setLock: notReady,
    unlock: notReady,
    lock: notReady,
    wipe: notReady,
  };
  return { view: signal<PeerView>({ stage: 'none' }), intents };
};
