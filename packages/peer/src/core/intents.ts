/** What screens ask of a running peer, each answered when its effect is durable or with a reason why not. */
import {
  encodeInvite,
  encodeInvoice,
  isAmount,
  boundedText,
  MAX_INVOICE_TEXT_BYTES,
  publicKeyOfSeed,
  toBase64url,
  toHex,
  type Id,
  type Invite,
} from '@corridor/ledger';
import { StorageRefused } from '../storageRefused.ts';
import { relaysForInvite, relaysOfInvite } from '../transport/inviteRelays.ts';
import type { Answer, PeerIntents } from '../view.ts';
import { allow, refuse } from './answers.ts';
import { createAnewIntents } from './anewIntents.ts';
import type { Circle } from './circle.ts';
import { isKeptBooks, type CircleRecord } from './circleRecord.ts';
import { lineById, linesOf } from './lineList.ts';
import { codeText, linkText } from './codes.ts';
import { eraseNote } from './erasing.ts';
import { exportBook } from './exporting.ts';
import { foundCircle, boundedName, newIdentity } from './founding.ts';
import { createImporting } from './importing.ts';
import {
  HELP_SECONDS,
  INVITE_SECONDS,
  POSTER_SECONDS,
  MAX_LINES_ASKED,
  MAX_REQUEST_MINUTES,
} from './limits.ts';
import { createLocking } from './locking.ts';
import { codeOf, isNeed, paidBy, pay } from './paying.ts';
import type { PeerState } from './peerState.ts';
import type { Queue } from './queue.ts';
import { createGoverningIntents } from './governingIntents.ts';
import { inviteWithWords, isSheet } from './recovery.ts';
import { inviteView, readCode, readCodeOutside, readInviteText, readInvoiceText } from './reading.ts';
import { signedInvite } from './signedInvite.ts';

export interface Lifecycle {
  show(): void;
  /** What changes which circle runs, or whether one does: one after another. */
  readonly exclusive: Queue;
  /** Runs the circle of this record; only within `exclusive`, as the next one. */
  enter(record: CircleRecord): Promise<void>;
  leave(stage: 'none' | 'locked'): Promise<void>;
  /** Shuts the circle and opens what `next` makes of its record, the same again if that is undefined [K1]. */
  openAnew(next: () => Promise<CircleRecord | undefined>): Promise<boolean>;
}
export function createIntents(state: PeerState, life: Lifecycle): PeerIntents {
  const { options, vault } = state;
  const { store, clock, random, sha256, checker } = options;
  /** Every intent ends in an answer: what was not foreseen is told as such, and nothing was done. */
  const guarded = async <T>(work: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StorageRefused) return refuse('storage-refused', { reason: error.reason });
      return refuse('internal', { what: error instanceof Error ? error.message : 'unknown' });
    }
  };
  const inCircle = <T>(work: (circle: Circle) => Promise<Answer<T>>): Promise<Answer<T>> =>
    guarded(async () => {
      await state.openingAnew?.catch(() => false);
      await state.goingOn;
      const { circle } = state;
      if (state.stage === 'locked') return refuse('locked');
      if (circle === undefined || !circle.replica.ledger.log.devices.has(circle.record.device))
        return refuse('not-ready');
      return work(circle);
    });
  /** Presses under way: an impatient second one gets the answer of the first, and signs nothing. */
  const presses = new Map<string, ReturnType<PeerIntents['pay']>>();
  const pressOnce = (intent: string, work: () => ReturnType<PeerIntents['pay']>) => {
    let answer = presses.get(intent);
    if (answer === undefined) {
      answer = work().finally(() => presses.delete(intent));
      presses.set(intent, answer);
    }
    return answer;
  };
  const isLive = (): boolean => state.links?.connections().some((c) => c.live) === true;

  return {
    found: (request) =>
      guarded(async () => {
        if (state.stage !== 'none') return notFree();
        const record = await foundCircle({ store, clock, random, sha256 }, request, options.relays ?? []);
        return record.ok ? begin(record.value) : { ok: false, refusal: record.fault };
      }),
    readInvite: (link) =>
      guarded(async () => {
        const read = readInviteText(link);
        return read.ok ? allow(inviteView(read.value.invite)) : { ok: false, refusal: read.fault };
      }),
    join: (link, memberName) =>
      guarded(async () => {
        if (state.stage !== 'none') return notFree();
        const read = readInviteText(link);
        if (!read.ok) return { ok: false, refusal: read.fault };
        // A recovery sheet's link alone lets nobody in: its words are missing.
        if (isSheet(read.value.invite)) return refuse('wrong-words');
        return joinBy(read.value.invite, read.value.bytes, memberName);
      }),
    cancelJoin: () =>
      guarded(() =>
        life.exclusive(async () => {
          if (state.stage === 'none') return allow(null);
          if (state.circle !== undefined || state.record === undefined) return refuse('already-in-a-circle');
          await vault.clear();
          await life.leave('none');
          return allow(null);
        }),
      ),
    createInvite: (as) => inCircle((circle) => createInvite(circle, as, random(32))),
    helpBack: (member) =>
      inCircle(async (circle) => {
        if (!circle.replica.ledger.log.members.has(member)) return refuse('not-a-member');
        const seed = random(32);
        if (!(await circle.helping.expect(publicKeyOfSeed(seed), member))) return refuse('storage-refused');
        return createInvite(circle, 'vouch', seed);
      }),
    pay: (request) =>
      pressOnce(request.intent, () =>
        inCircle((circle) =>
          pay(
            {
              circle,
              store,
              clock,
              settings: state.settings,
              live: isLive(),
              isConnected: (device) =>
                state.links?.connections().some((c) => c.live && c.device === device) === true,
              readInvoice: (code) => readInvoiceText(circle, code, sha256),
            },
            request,
          ),
        ),
      ),
    paidBy: (intent) => inCircle(async (circle) => allow((await paidBy(circle, store, intent)) ?? null)),
    request: (amount, memo, need, minutes) =>
      inCircle(async (circle) => {
        const isTime = Number.isInteger(minutes) && minutes > 0 && minutes <= MAX_REQUEST_MINUTES;
        if (!isAmount(amount) || !isTime || !isNeed(need)) return refuse('amount-out-of-range');
        const text = boundedText(memo.trim(), MAX_INVOICE_TEXT_BYTES);
        if (!text.ok) return refuse('text-too-long', { bytes: text.fault.bytes, max: text.fault.max });
        const record = text.value === '' ? null : { salt: toHex(random(16)), text: text.value };
        const made = await circle.invoices.make(amount, record, need, minutes);
        if (!made.ok) return refuse(made.fault === 'storage-refused' ? 'storage-refused' : 'internal');
        const ordinal = circle.replica.ledger.log.devices.get(circle.record.device)?.ordinal ?? 0;
        const bytes = encodeInvoice(made.value.invoice, made.value.signature, ordinal);
        const link = linkText(options.appUrl, 'request', bytes);
        return allow({ code: codeText(bytes), link, invoice: made.value.id });
      }),
    readCode: async (text) => {
      if (state.stage === 'none') return allow(readCodeOutside(text));
      return inCircle(async (circle) => {
        const read = await readCode(circle, text, sha256);
        life.show();
        return read;
      });
    },
    handOverCode: (line) =>
      inCircle(async (circle) => {
        const code = await codeOf(circle, line, true);
        return code === null ? refuse('not-ready') : allow(code);
      }),
    handedOver: (line) =>
      inCircle(async (circle) => {
        if (circle.replica.ledger.entries.get(line)?.entry.device !== circle.record.device)
          return refuse('not-ready');
        const kept = await circle.handOvers.set(line, 'done');
        life.show();
        return kept ? allow(null) : refuse('storage-refused');
      }),
    lines: (before, count) =>
      inCircle(async (circle) => {
        const [skip, most] = [Math.max(0, before), Math.min(MAX_LINES_ASKED, count)];
        await circle.closed.reach(skip + most);
        return allow(linesOf(circle, skip, most));
      }),
    line: (id: Id) => inCircle(async (circle) => allow(lineById(circle, id) ?? null)),
    keepBook: (device) => inCircle((circle) => keepBook(circle, device)),
    eraseNote: (id) =>
      inCircle(async (circle) => {
        const done = await eraseNote(circle, id);
        life.show();
        return done ? allow(null) : refuse('storage-refused');
      }),
    exportLog: () => inCircle(async (circle) => allow(await exportBook(circle, store.journal, sha256))),
    ...createImporting(state, life, guarded),
    keepBooks: (count) =>
      inCircle(async (circle) => {
        if (!isKeptBooks(count)) return refuse('amount-out-of-range');
        if (!(await vault.saveSettings({ ...state.settings, keptBooks: count })))
          return refuse('storage-refused');
        state.settings = { ...state.settings, keptBooks: count };
        await circle.closed.keep(count);
        circle.fetching.work().catch(state.failed);
        life.show();
        return allow(null);
      }),
    setRelayOnly: (relayOnly) =>
      guarded(async () => {
        if (!(await vault.saveSettings({ ...state.settings, relayOnly }))) return refuse('storage-refused');
        state.settings = { ...state.settings, relayOnly };
        state.transport?.setRelayOnly(relayOnly);
        life.show();
        return allow(null);
      }),
    ...createLocking(state, life, guarded),
    ...createGoverningIntents(state, inCircle),
    ...createAnewIntents(state, life.openAnew, inCircle),
    recover: (link, words, memberName) =>
      guarded(async () => {
        if (state.stage !== 'none') return notFree();
        const read = readInviteText(link);
        if (!read.ok) return { ok: false, refusal: read.fault };
        const invite = await inviteWithWords(read.value.invite, words, checker);
        if (invite === undefined) return refuse('wrong-words');
        return joinBy(invite, encodeInvite(invite), memberName);
      }),
    wipe: () =>
      guarded(() =>
        life.exclusive(async () => {
          await life.leave('none');
          // The store is gone with what it held: only a new start finds another. A screen that asks is told so.
          state.stage = 'broken';
          state.brokenBy = 'wiped';
          vault.forget();
          await store.wipe();
          return allow(null);
        }),
      ),
  };

  async function joinBy(invite: Invite, bytes: Uint8Array, memberName: string): Promise<Answer<null>> {
    const name = boundedName(memberName);
    if (!name.ok) return { ok: false, refusal: name.fault };
    const identity = await newIdentity({ store, clock, random, sha256 }, name.value);
    return begin({
      version: 1,
      circle: invite.circle,
      ...identity,
      bookKeys: [],
      founding: null,
      relays: relaysOfInvite(invite.relays),
      joining: { invite: toBase64url(bytes), name: name.value },
    });
  }
  function notFree(): Answer<never> {
    return state.stage === 'running'
      ? refuse('already-in-a-circle')
      : refuse(state.stage === 'locked' ? 'locked' : 'not-ready');
  }
  function begin(record: CircleRecord): Promise<Answer<null>> {
    return life.exclusive(async () => {
      if (state.stage !== 'none') return notFree();
      if (!(await vault.save(record))) return refuse('storage-refused');
      await life.enter(record);
      return allow(null);
    });
  }

  async function createInvite(
    circle: Circle,
    as: Invite['as'],
    seed: Uint8Array,
  ): Promise<Answer<{ link: string; expiresAt: number }>> {
    const lasts = as === 'vouch' ? HELP_SECONDS : as === 'poster' ? POSTER_SECONDS : INVITE_SECONDS;
    const expiresAt = Math.floor(clock.now() / 1000) + lasts;
    const invite = await signedInvite(store.keys, circle, {
      invite: publicKeyOfSeed(seed),
      seed: toHex(seed),
      decision: circle.replica.ledger.log.head,
      as,
      expiresAt,
      relays: relaysForInvite(state.relays, options.appUrl),
    });
    if (invite === undefined) return refuse('internal');
    return allow({ link: linkText(options.appUrl, 'join', encodeInvite(invite)), expiresAt });
  }
  /** Hands the book over [P7]: to a device that offered to keep it and is heard right now, or nothing would be countersigned. */
  async function keepBook(
    circle: Circle,
    device: Parameters<PeerIntents['keepBook']>[0],
  ): Promise<Answer<null>> {
    if (device === circle.record.device) return askForBook(circle);
    const offer = circle.offers.get(device);
    const connected = state.links?.connections().some((c) => c.live && c.device === device) === true;
    if (offer?.consent == null || !connected) return refuse('device-not-reachable');
    if (!circle.keeping.isKeeper()) return refuse('not-the-keeper');
    await circle.keeping.work();
    const decided = await circle.keeping.decide({
      type: 'keeper',
      device,
      witness: offer.witness,
      consent: offer.consent,
    });
    if (decided.ok) return allow(null);
    if (decided.fault === 'storage-refused') return refuse('storage-refused');
    return refuse(decided.fault === 'stale-head' ? 'other-tab-is-writing' : 'not-the-keeper');
  }
  /** Asks the always-on peer of the same member for the book; it answers with a decision of the log. */
  async function askForBook(circle: Circle): Promise<Answer<null>> {
    if (circle.keeping.isKeeper()) return allow(null);
    const keeper = circle.replica.ledger.log.terms.find((t) => t.toSeq === null)?.device;
    if (keeper === undefined || !circle.isOwn(keeper)) return refuse('not-the-keeper');
    const connected = state.links?.connections().some((c) => c.live && c.device === keeper) === true;
    if (!connected) return refuse('device-not-reachable');
    const offered = await circle.offerKeeping();
    if (offered.ok) return allow(null);
    return refuse(offered.fault === 'storage-refused' ? 'storage-refused' : 'internal');
  }
}
