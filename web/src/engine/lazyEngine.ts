import { signal } from '@preact/signals';
import type { PeerIntents, PeerView } from '@corridor/peer';
import type { Engine } from './port.ts';

/**
 * An engine whose code comes later: it shows `starting` until then, and keeps every intent until the real one can
 * take it. So no screen waits for the ledger's code to paint.
 */
export const lazyEngine = (load: () => Promise<Engine>): Engine => {
  const view = signal<PeerView>({ stage: 'starting' });
  const loaded = load();
  loaded.then(
    (engine) => {
      engine.view.subscribe((next) => {
        view.value = next;
      });
    },
    (fault: unknown) => {
      view.value = { stage: 'broken', reason: fault instanceof Error ? fault.message : String(fault) };
    },
  );
  const real = async (): Promise<PeerIntents> => (await loaded).intents;
  const intents: PeerIntents = {
    found: async (request) => (await real()).found(request),
    readInvite: async (link) => (await real()).readInvite(link),
    join: async (link, memberName) => (await real()).join(link, memberName),
    cancelJoin: async () => (await real()).cancelJoin(),
    createInvite: async (as) => (await real()).createInvite(as),
    pay: async (request) => (await real()).pay(request),
    request: async (amount, memo, need, minutes) => (await real()).request(amount, memo, need, minutes),
    readCode: async (text) => (await real()).readCode(text),
    handOverCode: async (line) => (await real()).handOverCode(line),
    handedOver: async (line) => (await real()).handedOver(line),
    lines: async (before, count) => (await real()).lines(before, count),
    line: async (id) => (await real()).line(id),
    keepBook: async (device) => (await real()).keepBook(device),
    exportLog: async () => (await real()).exportLog(),
    setRelayOnly: async (relayOnly) => (await real()).setRelayOnly(relayOnly),
    setLock: async (passphrase, current) => (await real()).setLock(passphrase, current),
    unlock: async (passphrase) => (await real()).unlock(passphrase),
    lock: async () => (await real()).lock(),
    wipe: async () => (await real()).wipe(),
  };
  return { view, intents };
};
