import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useApp, useWords } from '../app/app.ts';
import { useReadCode } from '../app/useReadCode.ts';
import type { ReadOutcome } from '../app/useReadCode.ts';
import { Camera } from '../parts/Camera.tsx';
import { Drawing } from '../parts/Drawing.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { startDecoder } from '../scan/decoder.ts';
import type { Decoder } from '../scan/decoder.ts';
import { pictureOfFile } from '../scan/pictures.ts';
import { takeShared } from '../scan/shared.ts';
import '../style/scan.css';

/** One entry for everything: camera, paste, photo. What was read decides which screen comes next. */
export default function Scan(): VNode {
  const app = useApp();
  const m = useWords();
  const { query } = useLocation();
  const readCode = useReadCode();
  const [decoder, setDecoder] = useState<Decoder | null>(null);
  const [outcome, setOutcome] = useState<ReadOutcome | 'no-code' | null>(null);
  const [pasted, setPasted] = useState('');
  const last = useRef('');
  const forPayment = query['for'] === 'payment';
  const inCircle = app.engine.value.view.value.stage === 'circle';

  useEffect(() => {
    const started = startDecoder();
    setDecoder(started);
    return () => started.stop();
  }, []);
  const read = useCallback(
    (text: string, near: boolean): void => {
      // a camera sees the same code thirty times a second
      if (text === last.current) return;
      last.current = text;
      readCode(text, near).then(
        (result) => {
          setOutcome(result);
          if (result.type !== 'opened') navigator.vibrate?.([20, 60, 20]);
        },
        () => setOutcome({ type: 'unreadable' }),
      );
    },
    [readCode],
  );
  const readPhoto = useCallback(
    async (file: Blob): Promise<void> => {
      const picture = await pictureOfFile(file);
      const text = picture && decoder ? await decoder.decode(picture, true) : null;
      last.current = '';
      if (text === null) setOutcome('no-code');
      else read(text, true);
    },
    [decoder, read],
  );
  useEffect(() => {
    if (!decoder || query['shared'] === undefined) return;
    void takeShared().then((shared) => {
      if (shared?.photo) void readPhoto(shared.photo);
      else if (shared?.text) read(shared.text, false);
    });
  }, [decoder, query, read, readPhoto]);

  const samples = app.engine.value.samples?.() ?? [];
  return (
    <Screen
      title={forPayment ? m.scan_their_screen() : inCircle ? m.scan() : m.join_circle()}
      back={forPayment ? '/get-paid' : inCircle ? '/pay' : '/'}
      bar={false}
    >
      <p class="quiet">
        {forPayment ? m.scan_payment_hint() : inCircle ? m.scan_hint() : m.scan_invite_hint()}
      </p>
      {decoder && (
        <Camera decoder={decoder} onText={(text) => read(text, true)} onTrouble={() => setOutcome(null)} />
      )}
      <Outcome outcome={outcome} />
      {samples.length > 0 && (
        <section>
          <h2 class="group">{m.demo_samples()}</h2>
          <div class="stack tight">
            {samples.map((sample) => (
              <button
                class="button second"
                type="button"
                key={sample.label}
                onClick={() => read(sample.code, true)}
              >
                {sample.label}
              </button>
            ))}
          </div>
        </section>
      )}
      <form
        class="stack push"
        onSubmit={(event) => {
          event.preventDefault();
          last.current = '';
          if (pasted.trim() !== '') read(pasted.trim(), false);
        }}
      >
        <div class="field">
          <label for="pasted">{m.paste_label()}</label>
          <textarea
            id="pasted"
            rows={3}
            autoComplete="off"
            spellcheck={false}
            value={pasted}
            onInput={(event) => setPasted(event.currentTarget.value)}
          />
        </div>
        <div class="pair">
          <button class="button second" type="submit" disabled={pasted.trim() === ''}>
            <Drawing name="paste" />
            {m.read_it()}
          </button>
          <label class="button second chooses">
            <Drawing name="photo" />
            {m.choose_photo()}
            <input
              type="file"
              accept="image/*"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                event.currentTarget.value = '';
                if (file) void readPhoto(file);
              }}
            />
          </label>
        </div>
      </form>
    </Screen>
  );
}

/** What was read, where it led nowhere. */
function Outcome({ outcome }: { readonly outcome: ReadOutcome | 'no-code' | null }): VNode | null {
  const m = useWords();
  if (outcome === null) return null;
  const say = (text: string): VNode => (
    <Notice drawing="attention" tone="calm" role="alert">
      <p>{text}</p>
    </Notice>
  );
  if (outcome === 'no-code') return say(m.no_code_in_photo());
  switch (outcome.type) {
    case 'opened':
      return null;
    case 'refused':
      return <Refused refusal={outcome.refusal} />;
    case 'other-circle':
      return say(
        outcome.circleName === null
          ? m.read_other_circle()
          : m.read_other_circle_named({ name: outcome.circleName }),
      );
    case 'needs-a-circle':
      return say(m.read_needs_a_circle());
    case 'shop-barcode':
      return say(m.read_shop_barcode());
    case 'unreadable':
      return say(m.read_unreadable());
  }
}
