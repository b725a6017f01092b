import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation, useRoute } from 'preact-iso';
import type { DeviceKey, LineView, Refusal } from '@corridor/peer';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { openPress, usePayDraft } from '../app/draft.ts';
import { useFormat } from '../app/format.ts';
import { AmountField } from '../parts/AmountField.tsx';
import { Drawing } from '../parts/Drawing.tsx';
import { Face } from '../parts/Face.tsx';
import { ForWhat } from '../parts/ForWhat.tsx';
import { RequestedFor } from '../parts/RequestedFor.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { Keypad } from '../parts/Keypad.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { amountText, parseAmount } from '../words/amount.ts';

const DAY = 86_400;
/** Amounts offered as chips: the last ones I paid. */
const MAX_CHIPS = 3;

/** How much, what for, and the button that says it all in one sentence. */
export default function PayAmount(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const { path, route, query } = useLocation();
  const { params } = useRoute();
  const scanned = app.asked.value;
  const isThis =
    scanned?.request.payeeDevice === params['device'] && scanned?.request.invoice === query['request'];
  const asked = isThis ? scanned : null;
  const request = asked?.request ?? null;
  const person = circle.people.find(({ device }) => device === params['device']);
  // giving back starts with the amount that came
  const proposed = Number(query['amount'] ?? 0);
  const start = request?.amount || (Number.isSafeInteger(proposed) && proposed > 0 ? proposed : 0);
  const fixed = request !== null && request.amount > 0;
  // before the draft of this screen may take its place
  const [open] = useState(() => openPress(path === app.loadedAt.peek()));
  const [draft, change, press] = usePayDraft(
    `${params['device'] ?? ''}/${request?.invoice ?? ''}/${query['memo'] ?? ''}`,
    {
      amount: start > 0 ? amountText(start, format.style) : '',
      memo: request?.memo ?? query['memo'] ?? '',
      need: request?.need ?? null,
    },
    open !== null,
  );
  const [busy, setBusy] = useState(open !== null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const shows = (line: LineView): void =>
    route(line.handOver === 'to-show' ? `/hand-over/${line.id}` : `/receipt/${line.id}?paid`, true);
  // The page went while a press was under way: it may have signed, and then its receipt is what one wants to see.
  useEffect(() => {
    if (open === null) return;
    let current = true;
    void app.engine
      .peek()
      .intents.paidBy(open)
      .then((answer) => {
        if (!current) return;
        if (answer.ok && answer.value !== null) shows(answer.value);
        else setBusy(false);
      });
    return () => {
      current = false;
    };
  }, []);

  const device = (person?.device ?? request?.payeeDevice) as DeviceKey | undefined;
  const name = person?.name || request?.payeeName || m.someone();
  if (device === undefined || person?.isMe === true) {
    return (
      <Screen title={m.pay()} back="/pay" bar={false}>
        <Notice drawing="attention">
          <p>{person?.isMe === true ? m.refused_not_yourself() : m.refused_not_a_member()}</p>
        </Notice>
      </Screen>
    );
  }
  const amount = parseAmount(draft.amount, circle.unit.decimals);
  const after = circle.balance.shown - circle.balance.waitingOut - (amount ?? 0);
  const over = after < circle.balance.lowestBalance && (amount ?? 0) > 0;
  const { freshness, policy } = circle;
  const stale =
    freshness.state !== 'live' &&
    freshness.lastHeardAt !== null &&
    app.now.value - freshness.lastHeardAt > DAY;
  const gift = amount === 0 && draft.need !== null;
  const ready = !busy && amount !== null && (amount > 0 || gift) && !over;
  const chips = [
    ...new Set(circle.lines.filter((line) => line.direction === 'out').map((line) => line.amount)),
  ]
    .filter((minor) => minor > 0)
    .slice(0, MAX_CHIPS);

  const pay = async (): Promise<void> => {
    if (!ready || amount === null) return;
    setBusy(true);
    setRefusal(null);
    press();
    const answer = await app.engine.value.intents.pay({
      to: device,
      amount,
      memo: draft.memo.trim(),
      need: draft.need,
      requestCode: asked?.code ?? null,
      intent: draft.intent,
      handOver: asked?.near ?? false,
    });
    setBusy(false);
    if (!answer.ok) {
      setRefusal(answer.refusal);
      return;
    }
    navigator.vibrate?.(20);
    app.said.value = m.paid_to({ amount: format.full(amount), name });
    shows(answer.value.line);
  };

  const sentence =
    amount === null || (amount === 0 && !gift)
      ? m.pay_somebody({ name })
      : gift
        ? m.give_button({ name })
        : m.pay_button({ amount: format.full(amount), name });
  return (
    <Screen
      title={m.pay_somebody({ name })}
      back="/pay"
      bar={false}
      face={<Face name={name} member={person?.member ?? device} />}
    >
      <form
        class="stack tight"
        onSubmit={(event) => {
          event.preventDefault();
          if (amount !== null && amount <= policy.smallAmount) void pay();
          else document.getElementById('pay-more')?.click();
        }}
      >
        {fixed ? (
          <p class="figure center">
            {format.amount(request.amount)} <span class="unit">{format.unitOf(request.amount)}</span>
          </p>
        ) : (
          <AmountField
            id="amount"
            label={m.amount_for({ name, unit: format.unit })}
            text={draft.amount}
            unit={format.unitOf(amount ?? 0)}
            style={format.style}
            onText={(text) => change({ amount: text })}
          />
        )}
        <p class={over ? 'after center wrong' : 'after center quiet'} role="status">
          {over
            ? m.pay_over({
                after: format.short(after),
                lowest: format.short(circle.balance.lowestBalance),
                spendable: format.full(Math.max(0, circle.balance.spendable)),
              })
            : m.pay_after({ after: format.short(after), lowest: format.short(circle.balance.lowestBalance) })}
        </p>
        {stale && (
          <p class="small quiet center">
            {m.pay_stale({
              when: format.shortWhen(freshness.lastHeardAt ?? 0),
              limit: format.full(policy.offlineAmount),
            })}
          </p>
        )}
        {!fixed && chips.length > 0 && (
          <div class="chips center-chips" role="group" aria-label={m.last_amounts()}>
            {chips.map((minor) => (
              <button
                type="button"
                class="chip figures"
                key={minor}
                onClick={() => change({ amount: amountText(minor, format.style) })}
              >
                {format.amount(minor)}
              </button>
            ))}
          </div>
        )}
        {asked?.near ? (
          // a code has no room for a second note: the request carries it
          <RequestedFor memo={draft.memo} need={draft.need} />
        ) : (
          <ForWhat memo={draft.memo} need={draft.need} onChange={change} />
        )}
        {!fixed && (
          <Keypad text={draft.amount} style={format.style} onText={(text) => change({ amount: text })} />
        )}
        <Refused refusal={refusal} />
        <div class="pay-now">
          {amount !== null && amount > policy.smallAmount ? (
            <HoldButton
              id="pay-more"
              yes={m.pay_yes({ amount: format.full(amount) })}
              disabled={!ready}
              onDone={() => void pay()}
            >
              {sentence}
            </HoldButton>
          ) : (
            <button class="button wide" type="submit" disabled={!ready} aria-busy={busy}>
              {sentence}
            </button>
          )}
        </div>
        {freshness.state === 'offline' && (
          <p class="small quiet center">
            <Drawing name="offline" size={16} /> {m.pay_offline()}
          </p>
        )}
      </form>
    </Screen>
  );
}
