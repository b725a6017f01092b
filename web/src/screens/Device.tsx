import type { OwnDeviceView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useLocation, useRoute } from 'preact-iso';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { HoldButton } from '../parts/HoldButton.tsx';
import { MoveRoom } from '../parts/MoveRoom.tsx';
import { Refused } from '../parts/Refused.tsx';
import { deviceName } from '../parts/deviceName.ts';
import { Screen } from '../parts/Screen.tsx';
import { sum } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';

/** One phone of mine: what it has and may spend, moving room, giving it up. */
export default function Device(): VNode {
  const m = useAllWords();
  const { governing, me } = useCircle();
  const format = useFormat();
  const { params } = useRoute();
  const device = governing.devices.find((known) => known.device === params['device']);
  const here = governing.devices.find(({ isThis }) => isThis);
  if (!device) {
    return (
      <Screen title={m.devices()} back="/me/devices">
        <p>{m.device_unknown()}</p>
      </Screen>
    );
  }
  const title = deviceName(m, device, me.name);
  if (device.isClosed) {
    return (
      <Screen title={title} back="/me/devices">
        <p>{m.device_is_closed()}</p>
      </Screen>
    );
  }
  return (
    <Screen title={title} back="/me/devices">
      <p class="quiet">{device.isThis ? m.device_this() : device.connected ? m.here_now() : m.not_here()}</p>
      <dl class="facts push">
        <div>
          <dt>{m.device_balance()}</dt>
          <dd>{format.full(device.balance)}</dd>
        </div>
        <div>
          <dt>{m.device_can_spend()}</dt>
          <dd>{format.full(Math.max(0, device.spendable))}</dd>
        </div>
      </dl>
      {device.keepsBook && <p class="push">{m.device_keeps_book()}</p>}
      {device.isThis ? (
        <p class="small quiet push">{m.device_this_hint()}</p>
      ) : (
        <>
          {here && governing.myStanding === 'active' && <MoveRoom here={here} other={device} />}
          <GiveUp device={device} />
        </>
      )}
    </Screen>
  );
}

/** What it means to give a phone up is said before the button, and the button wants to be held or confirmed. */
function GiveUp({ device }: { readonly device: OwnDeviceView }): VNode {
  const app = useApp();
  const m = useAllWords();
  const format = useFormat();
  const { route } = useLocation();
  const { busy, refusal, ask } = useAsk();
  const name = deviceName(m, device, useCircle().me.name);
  const remove = async (): Promise<void> => {
    const answer = await ask((intents) =>
      intents.propose({ type: 'remove-device', device: device.device }, ''),
    );
    if (!answer.ok) return;
    app.toast.value = { text: m.device_removed({ name }) };
    route('/me/devices', true);
  };
  return (
    <section>
      <h2 class="group">{m.device_remove()}</h2>
      <ul class="stack tight points">
        <li>{rich(m.device_remove_means_1, { amount: sum(format, device.balance) })}</li>
        <li>{m.device_remove_means_2()}</li>
        <li>{m.device_remove_means_3()}</li>
      </ul>
      <Refused refusal={refusal} />
      <div class="foot wipe">
        <HoldButton yes={m.device_remove_yes()} disabled={busy} onDone={() => void remove()}>
          {m.device_remove()}
        </HoldButton>
      </div>
    </section>
  );
}
