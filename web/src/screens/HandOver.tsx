import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation, useRoute } from 'preact-iso';
import type { Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { useClosePress } from '../app/useClosePress.ts';
import { useFormat } from '../app/format.ts';
import { useLine } from '../app/useLine.ts';
import { Drawing } from '../parts/Drawing.tsx';
import QrCode from '../parts/QrCode.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { copyText } from '../parts/sharing.ts';
import { useWakeLock } from '../scan/wakeLock.ts';
import '../style/scan.css';

/** Code B of the two scans: the payer shows that it is signed. It stays until the payee has it, or says later. */
export default function HandOver(): VNode {
  const app = useApp();
  const m = useWords();
  const format = useFormat();
  const { route } = useLocation();
  const id = useRoute().params['id'] ?? '';
  const line = useLine(id);
  const [code, setCode] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  useWakeLock();
  const lineId = line?.id;
  useEffect(() => {
    if (lineId === undefined) return;
    let current = true;
    app.engine
      .peek()
      .intents.handOverCode(lineId)
      .then(
        (answer) => {
          if (!current) return;
          if (answer.ok) setCode(answer.value);
          else setRefusal(answer.refusal);
        },
        () => current && setRefusal({ code: 'internal', values: {} }),
      );
    return () => {
      current = false;
    };
  }, [app, lineId]);
  useClosePress(lineId !== undefined);
  const there = line ? line.state === 'they-have-it' || line.state === 'final' : false;
  useEffect(() => {
    if (!line || !there) return;
    app.said.value = m.state_they_have_it({ name: line.payeeName || m.someone() });
    route(`/receipt/${line.id}?paid`, true);
  }, [app, line, m, route, there]);

  if (!line) {
    return (
      <Screen title={m.receipt()} back="/" bar={false}>
        <p role="status">{line === null ? m.receipt_unknown() : m.starting()}</p>
      </Screen>
    );
  }
  const name = line.payeeName || m.someone();
  const done = async (): Promise<void> => {
    const answer = await app.engine.peek().intents.handedOver(line.id);
    if (answer.ok) route(`/receipt/${line.id}?paid`, true);
    else setRefusal(answer.refusal);
  };
  return (
    <Screen title={m.show_to({ name })} back={`/receipt/${line.id}`} bar={false}>
      <p class="center lead">{m.paid_to({ amount: format.full(line.amount), name })}</p>
      {code !== null && <QrCode text={code} label={m.qr_payment({ name })} />}
      <p class="center quiet">{m.hand_over_hint({ name })}</p>
      <p class="center quiet">
        {m.receipt()} <span class="figures">{line.code}</span>
      </p>
      <Refused refusal={refusal} />
      <div class="foot">
        <button class="button wide" type="button" onClick={() => void done()}>
          <Drawing name="tick" />
          {m.name_has_it({ name })}
        </button>
        <div class="pair">
          <button
            class="button second"
            type="button"
            disabled={code === null}
            onClick={() => code !== null && void copyText(app, code)}
          >
            <Drawing name="copy" />
            {m.copy_code()}
          </button>
          <a class="button second" href={`/receipt/${line.id}`}>
            {m.later()}
          </a>
        </div>
      </div>
    </Screen>
  );
}
