import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useApp, useWords } from '../app/app.ts';

/** What stands above every screen: practice, no network. */
export function Ribbons(): VNode {
  const app = useApp();
  const m = useWords();
  const { route } = useLocation();
  const view = app.engine.value.view.value;
  const practice = view.stage === 'circle' && view.view.practice;
  return (
    <>
      {app.isDemo.value ? (
        <div class="ribbon">
          <p>
            <strong>{m.practice()}</strong> · {m.demo_ribbon()}
          </p>
          <button
            type="button"
            onClick={() => {
              app.leaveDemo();
              // back to the invite that brought this person, if there is one
              route(app.arrival.peek()?.kind === 'j' ? '/join' : '/');
            }}
          >
            {m.demo_leave()}
          </button>
        </div>
      ) : (
        practice && (
          <div class="ribbon">
            <p>
              <strong>{m.practice()}</strong> · {m.practice_ribbon()}
            </p>
            <a href="/me/recovery">{m.practice_do()}</a>
          </div>
        )
      )}
      {!app.online.value && (
        <p class="offline" role="status">
          {m.offline_banner()}
        </p>
      )}
    </>
  );
}
