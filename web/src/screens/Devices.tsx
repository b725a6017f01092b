import type { OwnDeviceView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { deviceName } from '../parts/deviceName.ts';
import { Screen } from '../parts/Screen.tsx';

/** All phones and computers of mine in this circle. */
export default function Devices(): VNode {
  const m = useAllWords();
  const { devices } = useCircle().governing;
  const open = devices.filter(({ isClosed }) => !isClosed);
  const closed = devices.filter(({ isClosed }) => isClosed);
  return (
    <Screen title={m.devices()} back="/me">
      <p>{m.devices_text()}</p>
      <ul class="rows push">
        {open.map((device) => (
          <DeviceRow key={device.device} device={device} />
        ))}
      </ul>
      {closed.length > 0 && (
        <section>
          <h2 class="group">{m.device_closed_title()}</h2>
          <ul class="rows">
            {closed.map((device) => (
              <DeviceRow key={device.device} device={device} />
            ))}
          </ul>
        </section>
      )}
      <div class="foot">
        <a class="button second wide" href="/invite?as=device">
          {m.device_link()}
        </a>
        <a class="button plain wide" href="/me/recovery">
          {m.recovery()}
        </a>
      </div>
    </Screen>
  );
}

function DeviceRow({ device }: { readonly device: OwnDeviceView }): VNode {
  const m = useAllWords();
  const format = useFormat();
  const name = deviceName(m, device, useCircle().me.name);
  const { isThis, isClosed, connected, keepsBook, balance, spendable } = device;
  const facts = [
    isThis && name !== m.device_this() && m.device_this(),
    !isThis && !isClosed && (connected ? m.here_now() : m.not_here()),
    isClosed && m.device_closed(),
    keepsBook && m.keeps_the_book(),
    !isClosed && m.device_spends({ amount: format.amount(Math.max(0, spendable)) }),
  ].filter((fact) => fact !== false);
  return (
    <li>
      <a class="row" href={`/me/devices/${device.device}`}>
        <Drawing name="phone" />
        <span class="what">
          <bdi>{name}</bdi>
          <span class="sub">{facts.join(' · ')}</span>
        </span>
        {!isClosed && (
          <span class="side">
            <bdi class="amount" dir="ltr">
              {format.amount(balance)}
            </bdi>
          </span>
        )}
        <Drawing name="forward" size={18} turns />
      </a>
    </li>
  );
}
