/**
 * A closing can leave out what this device has signed and no witness has certified [C2] [B1]. That is signed again, with
 * the same words, after the closing: by itself, in order, and once, wherever the power goes in between. Where the rules
 * of now forbid it nothing is signed, and the line says so.
 */
import {
  draftPayment,
  LANE,
  ok,
  type Entry,
  type Id,
  type PayBody,
  type PaymentRefusal,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import { DISK_RETRY_MS } from './limits.ts';
import { oneAtATime } from './oneAtATime.ts';
import type { AppendFault, Replica } from './replica.ts';
import { standInsFor } from './overtaking.ts';
import { overtakenOf, type AgainRecord, type AgainRecords, type AgainState } from './signAgainRecords.ts';
import type { CircleRecord } from './circleRecord.ts';

export interface SigningAgain {
  /** Signs what waits. Calls while it works run it once more. */
  work(): Promise<void>;
  /** What became of a payment that a closing left out; undefined: nothing is noted of it. */
  stateOf(id: Id): AgainState['type'] | undefined;
  /** The payment that stands now where this one was, however often it was signed again. */
  newest(id: Id): Id;
  /** Payments of older books that wait to be signed here, oldest first. */
  waiting(): readonly Entry<PayBody>[];
  stop(): void;
}
export async function openSigningAgain(options: {
  readonly replica: Replica;
  readonly record: CircleRecord;
  readonly again: AgainRecords;
  /** Fetches a text from where it was, so that the new payment can name it. False: the disk refused. */
  readonly bringText: (body: PayBody) => Promise<boolean>;
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
  readonly onChange: () => void;
}): Promise<SigningAgain> {
  const { replica, again, bringText, clock, onChange } = options;
  const { ledger } = replica;
  const { device } = options.record;
  const notes = new Map((await again.all()).map((record) => [record.entry.id, record]));

  const isWaiting = ({ state }: AgainRecord): boolean =>
    state.type === 'waits' ||
    (state.type === 'signed' && state.book === ledger.book && !ledger.entries.has(state.by));
  const pending = (): readonly Entry<PayBody>[] => [
    ...[...notes.values()].filter(isWaiting).map(({ entry }) => entry),
    ...overtakenOf(ledger, device).filter(({ id }) => !notes.has(id)),
  ];
  const note = async (entry: Entry<PayBody>, state: AgainState): Promise<boolean> => {
    const kept = await again.put({ entry, state });
    if (kept) notes.set(entry.id, { entry, state });
    return kept;
  };
  /** 'later': something else has to happen first. */
  const signAgain = async (entry: Entry<PayBody>): Promise<'done' | 'later'> => {
    const { body } = entry;
    const { to, amount, need, invoice, memo, attachment, at } = body;
    // Paper tokens have no entries of their own to be overtaken in; what cannot be signed must not hold up the rest.
    if (to.type === 'token') return (await note(entry, { type: 'impossible' })) ? 'done' : 'later';
    if (!(await bringText(body))) return 'later';
    const payee = to.type === 'device' ? to.device : to;
    const wish = { to: payee, amount, need, invoice, memo, attachment, at, claims: 'oldest' } as const;
    let standing: Id | undefined;
    const appended = await replica.append(
      LANE.account,
      () => {
        // A disk that was older than it knew has forgotten that it did this [W2]; what others had of it is here by now.
        const claimed = new Set(
          [...notes.values()].map(({ state }) => (state.type === 'signed' ? state.by : null)),
        );
        standing = standInsFor(ledger, entry).find((id) => !claimed.has(id));
        if (standing !== undefined) return ok([]);
        const draft = draftPayment(ledger, device, wish);
        return draft.ok ? ok([...draft.value.claimsFirst, draft.value.payment]) : draft;
      },
      async (entries) => {
        const by = entries.at(-1)?.id;
        return by !== undefined && note(entry, { type: 'signed', by, book: ledger.book });
      },
    );
    if (standing !== undefined)
      return (await note(entry, { type: 'signed', by: standing, book: ledger.book })) ? 'done' : 'later';
    if (appended.ok) return 'done';
    if (!isForbidden(appended.fault)) return 'later';
    return (await note(entry, { type: 'impossible' })) ? 'done' : 'later';
  };
  const signPending = async (): Promise<void> => {
    for (const entry of pending()) {
      if ((await signAgain(entry)) === 'later') return tryLater();
      onChange();
    }
  };
  let cancelRetry: (() => void) | undefined;
  let stopped = false;
  /** The disk refused, or the chain waits for something: both pass. */
  const tryLater = (): void => {
    if (stopped) return;
    cancelRetry ??= clock.after(DISK_RETRY_MS, () => {
      cancelRetry = undefined;
      onChange();
      work().catch(options.failed);
    });
  };
  const work = oneAtATime(signPending);
  return {
    work,
    stateOf(id) {
      const known = notes.get(id);
      if (known === undefined) return undefined;
      return isWaiting(known) ? 'waits' : known.state.type;
    },
    newest(id) {
      let at = id;
      // A successor is signed after what it replaces, so this ends.
      for (let next = notes.get(at)?.state; next?.type === 'signed'; next = notes.get(at)?.state) {
        if (next.book === ledger.book && !ledger.entries.has(next.by)) return at;
        at = next.by;
      }
      return at;
    },
    waiting: () =>
      [...notes.values()]
        .filter((record) => isWaiting(record) && record.entry.book !== ledger.book)
        .map(({ entry }) => entry),
    stop() {
      stopped = true;
      cancelRetry?.();
    },
  };
}
/** Whether the rules of now say no to it, for good: then somebody has to decide anew. */
function isForbidden(fault: PaymentRefusal | AppendFault): boolean {
  if (typeof fault === 'string') return false;
  switch (fault.code) {
    case 'over-lowest-balance':
    case 'sealed':
    case 'not-a-member':
    case 'not-yourself':
    case 'amount-out-of-range':
    case 'already-paid':
      return true;
    case 'chain-waits':
    case 'forked':
    case 'entry-quota':
      return false;
  }
}
