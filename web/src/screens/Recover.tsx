import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { InviteView, Refusal } from '@corridor/peer';
import { useAllWords, useApp } from '../app/app.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { InAppNotice } from '../parts/InAppNotice.tsx';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { WORDS, WordsField, wordsIn } from '../parts/WordsField.tsx';
import { named } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';
import '../style/recovery.css';

const MAX_NAME = 60;

/** The way back with a new phone: by the sheet and its words, or by neighbours. */
export default function Recover(): VNode {
  const app = useApp();
  const m = useAllWords();
  if (app.own.view.value.stage !== 'none') {
    return (
      <Screen title={m.lost_phone()} back="/">
        <p>{m.recover_in_circle()}</p>
      </Screen>
    );
  }
  return (
    <Screen title={m.lost_phone()} back="/" aside={<LanguageSwitch />}>
      <p>{m.recover_text()}</p>
      <InAppNotice />
      <section>
        <h2 class="group">{m.recover_with_words()}</h2>
        <ByWords />
      </section>
      <section>
        <h2 class="group">{m.recover_with_neighbours()}</h2>
        <ol class="numbered stack tight">
          <li>{m.recover_neighbours_1()}</li>
          <li>{m.recover_neighbours_2()}</li>
          <li>{m.recover_neighbours_3()}</li>
          <li>{m.recover_neighbours_4()}</li>
        </ol>
        <a class="button second wide push" href="/scan">
          <Drawing name="scan" />
          {m.recover_scan_neighbour()}
        </a>
      </section>
    </Screen>
  );
}

/** The circle that a sheet's link leads back to; null: it is no such link, or not read yet. */
const useSheet = (link: string | null): InviteView | null => {
  const app = useApp();
  const [sheet, setSheet] = useState<InviteView | null>(null);
  useEffect(() => {
    setSheet(null);
    if (link === null) return;
    let current = true;
    app.own.intents.readInvite(link).then(
      (answer) => current && answer.ok && answer.value.as === 'recover' && setSheet(answer.value),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [app, link]);
  return sheet;
};

function ByWords(): VNode {
  const app = useApp();
  const m = useAllWords();
  const { route } = useLocation();
  const arrived = app.arrival.value?.kind === 'j' ? app.arrival.value.link : null;
  const sheet = useSheet(arrived);
  const [pasted, setPasted] = useState('');
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const link = sheet && arrived !== null ? arrived : pasted.trim();
  const words = wordsIn(text);
  const isReady = link !== '' && words.length === WORDS && name.trim() !== '';
  const recover = async (): Promise<void> => {
    setBusy(true);
    const answer = await app.own.intents.recover(link, words.join(' '), name.trim());
    setBusy(false);
    if (!answer.ok) {
      setRefusal(answer.refusal);
      return;
    }
    app.arrival.value = null;
    app.leaveDemo();
    route('/', true);
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !busy) void recover();
      }}
    >
      {sheet ? (
        <Notice drawing="tick" tone="calm">
          <p>{rich(m.recover_link_there, { circle: named(m, sheet.circleName) })}</p>
        </Notice>
      ) : (
        <>
          <a class="button second wide" href="/scan">
            <Drawing name="scan" />
            {m.recover_scan()}
          </a>
          <div class="field">
            <label for="link">{m.recover_link()}</label>
            <input
              id="link"
              type="url"
              autoComplete="off"
              spellcheck={false}
              aria-describedby="link-hint"
              value={pasted}
              onInput={(event) => setPasted(event.currentTarget.value)}
            />
            <p class="hint" id="link-hint">
              {m.recover_link_hint()}
            </p>
          </div>
        </>
      )}
      <WordsField value={text} onValue={setText} />
      <div class="field">
        <label for="name">{m.your_name()}</label>
        <input
          id="name"
          required
          maxLength={MAX_NAME}
          autoComplete="name"
          aria-describedby="name-hint"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <p class="hint" id="name-hint">
          {m.recover_name_hint()}
        </p>
      </div>
      <p class="small quiet">{m.recover_next()}</p>
      <Refused refusal={refusal} />
      <button class="button wide" type="submit" disabled={busy || !isReady} aria-busy={busy}>
        {m.recover_button()}
      </button>
    </form>
  );
}
