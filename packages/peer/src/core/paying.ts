/** Paying: from a wish to a signed, durable line. A press signs once, however often it is repeated [P1] [P3]. */
import {
  balanceOf,
  boundedText,
  draftPayment,
  encodeHandOver,
  fail,
  feedOf,
  isAmount,
  LANE,
  NEED_CATEGORY_END,
  ok,
  type DeviceKey,
  type Entry,
  type Id,
  type Need,
  type Result,
  type SignedInvoice,
  type TextRecord,
} from '@corridor/ledger';
import type { Clock, Store } from '../ports.ts';
import type { Answer, LineView, PayRequest, Refusal } from '../view.ts';
import type { Circle } from './circle.ts';
import type { PeerSettings } from './circleRecord.ts';
import { lineById } from './lineList.ts';
import { codeText } from './codes.ts';
import { PRESSES_KEPT, STALE_SECONDS } from './limits.ts';
import { orRefused } from './refusals.ts';
import { askForRoom, roomElsewhere, untilRoom } from './room.ts';
import { allow, refuse } from './answers.ts';

const INTENT_PREFIX = 'intent/';
const encoder = new TextEncoder();

export interface PayContext {
  readonly circle: Circle;
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: PeerSettings;
  /** Whether another phone of the circle is heard right now. */
  readonly live: boolean;
  /** Whether a device can be reached right now. */
  readonly isConnected: (device: DeviceKey) => boolean;
  readInvoice(code: string): Promise<Result<SignedInvoice, Refusal>>;
}
type Paid = { readonly line: LineView; readonly handOverCode: string | null };

/** The line that a press under this intent signed, if it did. */
export async function paidBy(
  circle: Circle,
  { records }: Pick<Store, 'records'>,
  intent: string,
): Promise<LineView | undefined> {
  const id = await records.get(`${INTENT_PREFIX}${intent}`);
  return id && lineById(circle, circle.again.newest(new TextDecoder().decode(id) as Id));
}

export async function pay(context: PayContext, request: PayRequest): Promise<Answer<Paid>> {
  const { circle, store } = context;
  const intentName = `${INTENT_PREFIX}${request.intent}`;
  const done = await paidBy(circle, store, request.intent);
  // The press before the reload had signed already: show what it did.
  if (done !== undefined)
    return allow({ line: done, handOverCode: await codeOf(circle, done.id, request.handOver) });

  const invoice = request.requestCode === null ? undefined : await context.readInvoice(request.requestCode);
  if (invoice !== undefined && !invoice.ok) return { ok: false, refusal: invoice.fault };
  const asked = invoice?.value.invoice;
  if (!isNeed(request.need)) return refuse('amount-out-of-range');
  if (asked !== undefined && asked.payee !== request.to) return refuse('unreadable-code');
  if (asked !== undefined && asked.amount !== 0 && asked.amount !== request.amount)
    return refuse('amount-out-of-range', { asked: asked.amount });
  if (asked !== undefined && asked.expiresAt * 1000 < context.clock.now() && !request.handOver)
    return refuse('request-expired', { at: asked.expiresAt });
  const stale = staleRefusal(context, request.amount);
  if (stale !== undefined) return { ok: false, refusal: stale };

  const memo = memoOf(context, request, asked?.text ?? null);
  if (!memo.ok) return { ok: false, refusal: memo.fault };
  if (context.live && !request.handOver) await fetchRoom(context, request.amount);
  const appended = await circle.replica.append(
    LANE.account,
    () => {
      const drafted = draftPayment(circle.replica.ledger, circle.record.device, {
        to: request.to,
        amount: request.amount,
        need: request.need,
        invoice: invoice?.value.id ?? null,
        memo: memo.value?.hash ?? null,
        attachment: null,
        at: Math.floor(context.clock.now() / 1000),
        claims: request.handOver ? 'least' : 'oldest',
      });
      return drafted.ok ? ok([...drafted.value.claimsFirst, drafted.value.payment]) : drafted;
    },
    async (entries) => {
      if (memo.value !== null && !(await circle.texts.keep([memo.value.record], true))) return false;
      if (invoice !== undefined) await circle.invoices.noteText(invoice.value);
      return notePress(context, intentName, entries, request.handOver);
    },
  );
  if (!appended.ok) return { ok: false, refusal: refusalOf(circle, appended.fault) };
  const paid = appended.value.at(-1);
  const line = paid && lineById(circle, paid.entry.id);
  if (line === undefined) throw new Error('a payment that was kept has a line');
  return allow({ line, handOverCode: await codeOf(circle, line.id, request.handOver) });
}

/** What lacks here and stands on an own device that is online comes over by itself [C5]. */
async function fetchRoom({ circle, clock, isConnected }: PayContext, amount: number): Promise<void> {
  const { ledger } = circle.replica;
  const lacks = amount - balanceOf(ledger, circle.record.device).spendable;
  if (lacks <= 0) return;
  const giver = roomElsewhere(circle).find((r) => r.spendable >= lacks && isConnected(r.device));
  if (giver === undefined || (await askForRoom(circle, giver.device, lacks, clock)) === undefined) return;
  await untilRoom(circle, amount, clock);
}
/** Lets go of the notes of presses that no screen repeats any more. */
export async function forgetOldPresses(
  { record, replica: { ledger } }: Circle,
  { records }: Store,
): Promise<void> {
  const made = feedOf(ledger, record.device, LANE.account)?.main.length ?? 0;
  for (const name of await records.names(INTENT_PREFIX)) {
    const id = await records.get(name);
    const stored = id && ledger.entries.get(new TextDecoder().decode(id) as Id);
    if (!stored?.settled || made - stored.entry.seq <= PRESSES_KEPT) continue;
    await orRefused(records.remove(name), () => undefined);
  }
}
/** Whether a need is one that an entry can carry: what a screen sends is checked like anything else [E4]. */
export const isNeed = (need: Need | null): boolean =>
  need === null ||
  (Number.isInteger(need.category) &&
    need.category >= 0 &&
    need.category < NEED_CATEGORY_END &&
    isAmount(need.quantity));

/** Before anything is signed: which entry this press makes, so that a reload finds it instead of signing again. */
async function notePress(
  { circle, store }: PayContext,
  intentName: string,
  entries: readonly Entry[],
  handOver: boolean,
): Promise<boolean> {
  const id = entries.at(-1)?.id;
  if (id === undefined) return false;
  if (!(await store.records.put(intentName, encoder.encode(id)))) return false;
  return !handOver || circle.handOvers.set(id, 'to-show');
}

/** A code has no room for a text: there the request carries it, and the payee has that. */
function memoOf(
  { circle }: PayContext,
  request: PayRequest,
  asked: TextRecord | null,
): Result<
  { readonly hash: ReturnType<Circle['texts']['make']>['hash']; readonly record: TextRecord } | null,
  Refusal
> {
  if (request.handOver) return ok(null);
  const typed = boundedText(request.memo.trim());
  if (!typed.ok)
    return fail({ code: 'text-too-long', values: { bytes: typed.fault.bytes, max: typed.fault.max } });
  const text = typed.value === '' ? (asked?.text ?? '') : typed.value;
  return ok(text === '' ? null : circle.texts.make(text));
}

/** A phone that has not heard from the circle for a day pays small amounts only; whose phone keeps the book hears itself. */
function staleRefusal({ circle, settings, live, clock }: PayContext, amount: number): Refusal | undefined {
  if (live || circle.keeping.isKeeper()) return undefined;
  const { offlineAmount } = circle.replica.ledger.log.policy;
  const heard = settings.lastHeardAt ?? circle.replica.ledger.log.founding.at;
  if (clock.now() / 1000 - heard < STALE_SECONDS || amount <= offlineAmount) return undefined;
  return { code: 'offline-amount', values: { offlineAmount, lastHeardAt: heard } };
}

/** The code of a payment to show to the payee; null when it needs none. */
export async function codeOf(circle: Circle, id: Id, wanted: boolean): Promise<string | null> {
  const stored = circle.replica.ledger.entries.get(id);
  const signature = wanted && stored !== undefined ? await circle.replica.signatureOf(id) : undefined;
  if (stored === undefined || signature === undefined) return null;
  const code = encodeHandOver(stored.entry, signature, circle.replica.ledger);
  return code.ok ? codeText(code.value) : null;
}

/** Sentences' data for what stopped a draft. */
export function refusalOf(circle: Circle, fault: unknown): Refusal {
  const value: (code: Refusal['code'], values?: Refusal['values']) => Refusal = (code, values = {}) => ({
    code,
    values,
  });
  if (fault === 'storage-refused') return value('storage-refused');
  if (fault === 'stale-head') return value('other-tab-is-writing');
  if (fault === 'closed') return value('not-ready');
  if (fault === 'forked') return value('needs-a-talk');
  if (fault === 'cannot-sign' || typeof fault !== 'object' || fault === null || !('code' in fault))
    return value('internal');

  const { code, ...rest } = fault as { code: string } & Record<string, string | number>;
  switch (code) {
    case 'over-lowest-balance':
      return value(code, { ...rest, wouldBe: rest['balance'] ?? 0 });
    case 'amount-out-of-range':
    case 'not-yourself':
    case 'not-a-member':
    case 'entry-quota':
      return value(code, rest);
    case 'already-paid':
      return value(code, { at: paidAt(circle, rest['by']) });
    case 'forked':
      return value('needs-a-talk');
    case 'sealed':
      return value('account-closed', rest);
    case 'chain-waits':
      return value('not-ready');
    default:
      return value('internal', { what: code });
  }
}
/** When the payment that answered the request already was made, unix seconds. */
function paidAt(circle: Circle, by: unknown): number {
  const body = typeof by === 'string' ? circle.replica.ledger.entries.get(by as Id)?.entry.body : undefined;
  return body !== undefined && 'at' in body ? body.at : 0;
}
