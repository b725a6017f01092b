import { useEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { InviteView, Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import type { Words } from '../words/language.ts';
import { Refused } from './Refused.tsx';

const MAX_NAME = 60;

interface Props {
  readonly invite: InviteView;
  readonly link: string;
}
/** What a further device is called until somebody says otherwise. */
const guessedLabel = (m: Words): string =>
  matchMedia('(pointer: coarse)').matches ? m.device_guess_phone() : m.device_guess_computer();

/** The one thing a newcomer is asked: a name. A further phone of a member is asked for its own. */
export function JoinForm({ invite, link }: Props): VNode {
  const app = useApp();
  const m = useWords();
  const { route } = useLocation();
  const device = invite.as === 'device';
  const [name, setName] = useState(device ? guessedLabel(m) : '');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const join = async (): Promise<void> => {
    setBusy(true);
    const answer = await app.own.intents.join(link, name.trim());
    setBusy(false);
    if (!answer.ok) {
      setRefusal(answer.refusal);
      return;
    }
    // the secret is spent: nothing on this page may show it again
    app.arrival.value = null;
    app.leaveDemo();
    route('/', true);
  };
  const member = { hint: m.your_name_hint(), button: m.join_button({ circle: invite.circleName }) };
  const { hint, button } = {
    member,
    poster: member,
    device: {
      hint: m.device_owner_hint({ name: invite.inviterName || m.someone() }),
      button: m.join_as_device(),
    },
    recover: { hint: m.recover_owner_hint(), button: m.join_as_recover() },
    vouch: { hint: m.recover_owner_hint(), button: m.join_as_recover() },
  }[invite.as];
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void join();
      }}
    >
      <div class="field">
        <label for="name">{device ? m.device_owner() : m.your_name()}</label>
        <input
          ref={field}
          id="name"
          required
          maxLength={MAX_NAME}
          autoComplete={device ? 'off' : 'name'}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <p class="hint">{hint}</p>
      </div>
      <Refused refusal={refusal} />
      <button class="button wide" type="submit" disabled={busy || name.trim() === ''} aria-busy={busy}>
        {button}
      </button>
    </form>
  );
}
