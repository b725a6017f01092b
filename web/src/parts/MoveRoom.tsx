import { useState } from 'preact/hooks';
import type { OwnDeviceView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { parseAmount } from '../words/amount.ts';
import { deviceName } from './deviceName.ts';
import { Refused } from './Refused.tsx';
import { SumField } from './SumField.tsx';

interface Props {
  readonly here: OwnDeviceView;
  readonly other: OwnDeviceView;
}
/** Moves room to spend between this phone and another of mine [C5]. */
export function MoveRoom({ here, other }: Props): VNode {
  const app = useApp();
  const m = useAllWords();
  const format = useFormat();
  const { busy, refusal, ask } = useAsk();
  const [isThere, setIsThere] = useState(true);
  const [text, setText] = useState('');
  const name = deviceName(m, other, useCircle().me.name);
  const amount = parseAmount(text, format.style.decimals);
  const most = Math.max(0, isThere ? here.spendable : other.spendable);
  const isWrong = text !== '' && (amount === null || amount > most);
  const isReady = amount !== null && amount > 0 && !isWrong;
  const move = async (): Promise<void> => {
    if (!isReady) return;
    const answer = await ask((intents) => intents.moveRoom(other.device, isThere ? amount : -amount));
    if (!answer.ok) return;
    setText('');
    const values = { name, amount: format.full(amount) };
    app.toast.value = { text: isThere ? m.device_room_moved(values) : m.device_room_asked(values) };
  };
  const values = { name, amount: format.full(amount ?? 0) };
  return (
    <section>
      <h2 class="group">{m.device_room()}</h2>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void move();
        }}
      >
        <p>{m.device_room_text()}</p>
        <fieldset class="field">
          <legend>{m.device_room_which()}</legend>
          <div class="chips">
            {[true, false].map((there) => (
              <label class="chip" key={String(there)}>
                <input
                  type="radio"
                  name="way"
                  checked={there === isThere}
                  onChange={() => setIsThere(there)}
                />
                {there ? m.device_room_there({ name }) : m.device_room_here({ name })}
              </label>
            ))}
          </div>
        </fieldset>
        <SumField
          id="room"
          label={m.device_room_amount({ unit: format.unit })}
          hint={m.device_room_most({ amount: format.full(most) })}
          value={text}
          isWrong={isWrong}
          onValue={setText}
        />
        <Refused refusal={refusal} />
        <button class="button wide" type="submit" disabled={busy || !isReady} aria-busy={busy}>
          <span>
            {!isReady
              ? m.device_room()
              : isThere
                ? m.device_room_button_there(values)
                : m.device_room_button_here(values)}
          </span>
        </button>
      </form>
    </section>
  );
}
