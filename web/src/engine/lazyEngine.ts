import { signal } from '@preact/signals';
import type { Answer, PeerIntents, PeerView } from '@corridor/peer';
import type { Engine } from './port.ts';

/**
 * An engine whose code comes later: it keeps every intent until the real one can take it, so no screen waits for the
 * ledger's code to paint. Until then it shows `starting`, or at once `none` on a phone that has no circle that we
 * know of: a newcomer need not watch a ledger open that isn't there.
 */
export const lazyEngine = (load: () => Promise<Engine>, hasCircle: boolean): Engine => {
  const view = signal<PeerView>({ stage: hasCircle ? 'starting' : 'none' });
  const loaded = load();
  loaded.then(
    (engine) => {
      engine.view.subscribe((next) => {
        if (next.stage !== 'starting' || hasCircle) view.value = next;
      });
    },
    (fault: unknown) => {
      view.value = { stage: 'broken', reason: fault instanceof Error ? fault.message : String(fault) };
    },
  );
  /** An engine that breaks while it works refuses like any other: no button may hang. */
  const ask = async <T>(intent: (real: PeerIntents) => Promise<Answer<T>>): Promise<Answer<T>> => {
    try {
      return await intent((await loaded).intents);
    } catch (fault) {
      const what = fault instanceof Error ? fault.message : 'unknown';
      return { ok: false, refusal: { code: 'internal', values: { what } } };
    }
  };
  const intents: PeerIntents = {
    found: (request) => ask((real) => real.found(request)),
    readInvite: (link) => ask((real) => real.readInvite(link)),
    join: (link, memberName) => ask((real) => real.join(link, memberName)),
    cancelJoin: () => ask((real) => real.cancelJoin()),
    createInvite: (as) => ask((real) => real.createInvite(as)),
    pay: (request) => ask((real) => real.pay(request)),
    paidBy: (intent) => ask((real) => real.paidBy(intent)),
    request: (amount, memo, need, minutes) => ask((real) => real.request(amount, memo, need, minutes)),
    readCode: (text) => ask((real) => real.readCode(text)),
    handOverCode: (line) => ask((real) => real.handOverCode(line)),
    handedOver: (line) => ask((real) => real.handedOver(line)),
    lines: (before, count) => ask((real) => real.lines(before, count)),
    line: (id) => ask((real) => real.line(id)),
    eraseNote: (id) => ask((real) => real.eraseNote(id)),
    keepBook: (device) => ask((real) => real.keepBook(device)),
    exportLog: () => ask((real) => real.exportLog()),
    readSavedBook: (file) => ask((real) => real.readSavedBook(file)),
    bringInBook: (file) => ask((real) => real.bringInBook(file)),
    keepBooks: (count) => ask((real) => real.keepBooks(count)),
    setRelayOnly: (relayOnly) => ask((real) => real.setRelayOnly(relayOnly)),
    setLock: (passphrase, current) => ask((real) => real.setLock(passphrase, current)),
    setPasskey: (passkey, passphrase) => ask((real) => real.setPasskey(passkey, passphrase)),
    unlock: (passphrase) => ask((real) => real.unlock(passphrase)),
    unlockByPasskey: (prf) => ask((real) => real.unlockByPasskey(prf)),
    lock: () => ask((real) => real.lock()),
    wipe: () => ask((real) => real.wipe()),
    propose: (wish, reason) => ask((real) => real.propose(wish, reason)),
    answer: (motion, yes) => ask((real) => real.answer(motion, yes)),
    comment: (motion, text) => ask((real) => real.comment(motion, text)),
    offerSteward: (offers) => ask((real) => real.offerSteward(offers)),
    letIn: (device) => ask((real) => real.letIn(device)),
    writeCharter: (base, text) => ask((real) => real.writeCharter(base, text)),
    writeMeetings: (base, text) => ask((real) => real.writeMeetings(base, text)),
    makeRecoveryWords: () => ask((real) => real.makeRecoveryWords()),
    practiseRecovery: (words) => ask((real) => real.practiseRecovery(words)),
    recover: (link, words, name) => ask((real) => real.recover(link, words, name)),
    helpBack: (member) => ask((real) => real.helpBack(member)),
    moveRoom: (device, amount) => ask((real) => real.moveRoom(device, amount)),
    foundAnew: () => ask((real) => real.foundAnew()),
    goAlong: (circle) => ask((real) => real.goAlong(circle)),
  };
  return { view, intents };
};
