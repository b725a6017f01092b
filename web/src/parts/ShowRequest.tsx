import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import type { Asking } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useWarmCamera } from '../scan/useWarmCamera.ts';
import { useWakeLock } from '../scan/wakeLock.ts';
import { Drawing } from './Drawing.tsx';
import { RequestedFor } from './RequestedFor.tsx';
import QrCode from './QrCode.tsx';
import { Screen } from './Screen.tsx';
import { copyText, shareText } from './sharing.ts';

/** Code A of the two scans: the payee shows it, the payer scans it, then the payee scans the payer's screen. */
export function ShowRequest({ asking }: { readonly asking: Asking }): VNode {
  const app = useApp();
  const m = useWords();
  const format = useFormat();
  useWakeLock();
  useWarmCamera();
  const { amount, memo, need, code, link } = asking;
  return (
    <Screen title={m.get_paid()} back="/" bar={false} aside={m.works_offline()}>
      <div class="show-code">
        {amount === 0 ? (
          <p class="section-figure center">{m.any_amount()}</p>
        ) : (
          <p class="figure center">
            {format.amount(amount)} <span class="unit">{format.unitOf(amount)}</span>
          </p>
        )}
        <RequestedFor memo={memo} need={need} />
        <QrCode text={code} label={m.qr_request()} />
        <ol class="numbered center quiet">
          <li>{m.hand_over_step_1()}</li>
          <li>{m.hand_over_step_2()}</li>
        </ol>
      </div>
      <div class="foot">
        <a class="button wide" href="/scan?for=payment">
          <Drawing name="scan" />
          {m.scan_their_screen()}
        </a>
        <div class="pair">
          <button
            class="button second"
            type="button"
            onClick={() => void shareText(app, m.get_paid(), m.request_text(), link)}
          >
            <Drawing name="share" />
            {m.share()}
          </button>
          <button class="button second" type="button" onClick={() => void copyText(app, link)}>
            <Drawing name="copy" />
            {m.copy_link()}
          </button>
        </div>
        <button
          class="button plain wide"
          type="button"
          onClick={() => {
            app.asking.value = null;
          }}
        >
          {m.change_amount()}
        </button>
      </div>
    </Screen>
  );
}
