import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Refusal } from '@corridor/peer';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';

/** What this phone shares, with whom, right now, in plain words. */
export default function Sharing(): VNode {
  const app = useApp();
  const m = useWords();
  const { sharing } = useCircle();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const relayState = { connecting: m.relay_connecting(), ready: m.relay_ready(), down: m.relay_down() };
  const setRelayOnly = async (relayOnly: boolean): Promise<void> => {
    const answer = await app.engine.value.intents.setRelayOnly(relayOnly);
    setRefusal(answer.ok ? null : answer.refusal);
  };
  return (
    <Screen title={m.sharing_title()} back="/me">
      <h2 class="group">{m.sharing_people()}</h2>
      {sharing.connections.length === 0 ? (
        <p class="quiet">{m.sharing_nobody()}</p>
      ) : (
        <ul class="rows">
          {sharing.connections.map((connection, index) => (
            <li key={index} class="row">
              <Drawing name={connection.path === 'direct' ? 'nearby' : 'sharing'} />
              <span class="what">
                <bdi>{connection.name || m.someone()}</bdi>
                <span class="sub">{connection.path === 'direct' ? m.path_direct() : m.path_relayed()}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <h2 class="group">{m.sharing_relays()}</h2>
      {sharing.relays.length === 0 ? (
        <p class="quiet">{m.sharing_no_relay()}</p>
      ) : (
        <ul class="rows">
          {sharing.relays.map((relay) => (
            <li key={relay.address} class="row">
              <Drawing name="sharing" />
              <span class="what">
                <bdi>{relay.address}</bdi>
                <span class="sub">{relayState[relay.state]}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <label class="choice unit-parts push">
        <input
          type="checkbox"
          checked={sharing.relayOnly}
          onChange={(event) => void setRelayOnly(event.currentTarget.checked)}
        />
        <span>
          {m.relay_only()}
          <small>{m.relay_only_hint()}</small>
        </span>
      </label>
      <Refused refusal={refusal} />
      <h2 class="group">{m.sharing_seen()}</h2>
      <ul class="stack tight points">
        <li>{m.seen_by_circle()}</li>
        <li>{m.seen_by_relay()}</li>
        <li>{sharing.relayOnly ? m.seen_address_hidden() : m.seen_address()}</li>
        <li>{m.seen_by_nobody()}</li>
      </ul>
    </Screen>
  );
}
