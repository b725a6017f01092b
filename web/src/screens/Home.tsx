import type { VNode } from 'preact';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Amount } from '../parts/Amount.tsx';
import { BalanceBar } from '../parts/BalanceBar.tsx';
import { FaceGrid } from '../parts/FaceGrid.tsx';
import { freshnessText } from '../parts/freshness.ts';
import { HomeNotice } from '../parts/HomeNotice.tsx';
import { keptByText } from '../parts/keeping.ts';
import { LineDays } from '../parts/LineDays.tsx';
import { Screen } from '../parts/Screen.tsx';

/** The first screen: what I have, the two things to do, what happened. */
export default function Home(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const { shown, waitingIn, waitingOut, spendable } = circle.balance;
  const hidden = app.settings.hideAmounts.value;
  const sentence = shown > 0 ? m.balance_up() : shown < 0 ? m.balance_down() : m.balance_even();
  const mine = circle.lines.filter((line) => line.direction !== 'between-others');
  return (
    <Screen title={circle.name} aside={freshnessText(m, format, circle)} wide>
      <div>
        <section class="owed" aria-label={m.balance()}>
          <p class="quiet">{sentence}</p>
          <Amount minor={Math.abs(shown)} hideable testId="balance" />
          <BalanceBar balance={circle.balance} hidden={hidden} />
          {!hidden && (
            <p class="spend small quiet figures">
              {m.can_spend({ amount: format.full(Math.max(0, spendable)) })}
              {waitingIn > 0 && ` · ${m.waiting_in({ amount: format.amount(waitingIn) })}`}
              {waitingOut > 0 && ` · ${m.waiting_out({ amount: format.amount(waitingOut) })}`}
            </p>
          )}
        </section>
        <div class="pair home-does">
          <a class="button broad" href="/pay">
            {m.scan_or_pay()}
          </a>
          <a class="button second" href="/get-paid">
            {m.get_paid()}
          </a>
        </div>
        <HomeNotice />
        {mine.length === 0 ? (
          <div class="empty">
            <p class="quiet">{m.home_empty()}</p>
            <a class="button second" href="/invite">
              {m.invite_someone()}
            </a>
          </div>
        ) : (
          <LineDays lines={mine} />
        )}
      </div>
      <aside class="beside" aria-label={m.people()}>
        <h2 class="group">{m.recent_people()}</h2>
        <FaceGrid people={circle.people} />
        <p class="small quiet push">{keptByText(m, format, circle)}</p>
      </aside>
    </Screen>
  );
}
