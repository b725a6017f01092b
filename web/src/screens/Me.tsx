import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Face } from '../parts/Face.tsx';
import { FactRow } from '../parts/FactRow.tsx';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { recoveryFact } from '../parts/recoveryFact.ts';
import { Screen } from '../parts/Screen.tsx';

/** Everything about this phone and me. */
export default function Me(): VNode {
  const app = useApp();
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const { route } = useLocation();
  const lockNow = async (): Promise<void> => {
    const answer = await app.engine.value.intents.lock();
    // without a passphrase there is nothing to lock with yet
    if (!answer.ok) route('/me/lock');
  };
  const devices = circle.governing.devices.filter(({ isClosed }) => !isClosed).length;
  const others = circle.sharing.connections.length;
  const theme = { auto: m.theme_auto(), light: m.theme_light(), dark: m.theme_dark() }[
    app.settings.theme.value
  ];
  return (
    <Screen title={m.me()} aside={<LanguageSwitch />}>
      <p class="payee lead">
        <Face name={circle.me.name} member={circle.me.member} />
        <bdi>{circle.me.name || m.you()}</bdi>
      </p>
      <ul class="rows push">
        <FactRow
          drawing="phone"
          href="/me/devices"
          title={m.devices()}
          fact={m.devices_count({ count: devices, shown: format.number(devices) })}
        />
        <FactRow
          drawing="recover"
          href="/me/recovery"
          title={m.recovery()}
          fact={recoveryFact(m, format, circle.governing.recovery)}
        />
        <FactRow drawing="lock" href="/me/lock" title={m.app_lock()} />
        <FactRow
          drawing="sharing"
          href="/me/sharing"
          title={m.sharing_title()}
          fact={m.connections_count({ count: others, shown: format.number(others) })}
        />
        <FactRow drawing="save" href="/me/data" title={m.your_data()} />
        <FactRow drawing="storage" href="/me/storage" title={m.storage_title()} />
        <FactRow drawing="theme" href="/me/look" title={m.look_title()} fact={theme} />
        <FactRow drawing="about" href="/me/about" title={m.about()} />
        <FactRow drawing="wipe" href="/me/wipe" title={m.wipe_title()} />
      </ul>
      <label class="choice">
        <input
          type="checkbox"
          checked={app.settings.hideAmounts.value}
          onChange={(event) => {
            app.settings.hideAmounts.value = event.currentTarget.checked;
          }}
        />
        <span>
          {m.hide_amounts()}
          <small>{m.hide_amounts_hint()}</small>
        </span>
      </label>
      <div class="foot">
        <button class="button second wide" type="button" onClick={() => void lockNow()}>
          {m.lock_now()}
        </button>
      </div>
    </Screen>
  );
}
