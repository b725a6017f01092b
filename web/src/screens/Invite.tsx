import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { Refusal } from '@corridor/peer';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Drawing } from '../parts/Drawing.tsx';
import QrCode from '../parts/QrCode.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { copyText, shareText } from '../parts/sharing.ts';
import '../style/scan.css';

/** A link and code for one newcomer, or for another phone of mine. Whoever has it can join: it is shown, not kept. */
export default function Invite(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const { query } = useLocation();
  const as = query['as'] === 'device' ? 'device' : 'member';
  const [made, setMade] = useState<{ link: string; expiresAt: number } | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const make = async (): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.createInvite(as);
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
    if (answer.ok) {
      setMade(answer.value);
      app.said.value = m.invite_made();
    }
  };
  const title = as === 'device' ? m.invite_my_device() : m.invite_someone();
  return (
    <Screen title={title} back={as === 'device' ? '/circle/book' : '/circle'} bar={false}>
      {made ? (
        <>
          <p class="center lead">
            {as === 'device' ? m.invite_show_device() : m.invite_show({ circle: circle.name })}
          </p>
          <QrCode text={made.link} label={m.qr_invite()} />
          <p class="center quiet">{m.invite_expires({ when: format.dayAndTime(made.expiresAt) })}</p>
          <div class="field push">
            <label for="invite-link">{m.invite_link()}</label>
            <input
              id="invite-link"
              readOnly
              value={made.link}
              onFocus={(event) => event.currentTarget.select()}
            />
          </div>
        </>
      ) : (
        <ul class="stack tight points">
          {as === 'device' ? (
            <>
              <li>{m.invite_device_point_1()}</li>
              <li>{m.invite_device_point_2()}</li>
            </>
          ) : (
            <>
              <li>{m.invite_point_once()}</li>
              <li>
                {m.invite_point_limit({ amount: format.full(-circle.policy.firstGrant.lowestBalance) })}
              </li>
              <li>{m.join_rule_leave()}</li>
            </>
          )}
        </ul>
      )}
      <Refused refusal={refusal} />
      <div class="foot">
        {made ? (
          <div class="pair">
            <button
              class="button broad"
              type="button"
              onClick={() => void shareText(app, title, m.invite_text({ circle: circle.name }), made.link)}
            >
              <Drawing name="share" />
              {m.share()}
            </button>
            <button class="button second" type="button" onClick={() => void copyText(app, made.link)}>
              <Drawing name="copy" />
              {m.copy_link()}
            </button>
          </div>
        ) : (
          <button
            class="button wide"
            type="button"
            disabled={busy}
            aria-busy={busy}
            onClick={() => void make()}
          >
            {m.make_invite()}
          </button>
        )}
        {made && (
          <button class="button plain wide" type="button" disabled={busy} onClick={() => void make()}>
            {m.invite_another()}
          </button>
        )}
      </div>
    </Screen>
  );
}
