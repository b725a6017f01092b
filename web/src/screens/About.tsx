import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { Screen } from '../parts/Screen.tsx';

/** Which version this is, so that two people can compare it. */
export default function About(): VNode {
  const app = useApp();
  const m = useWords();
  const inCircle = app.engine.value.view.value.stage === 'circle';
  return (
    <Screen title={m.about()} back={inCircle ? '/me' : '/'}>
      <div class="stack">
        <p>{m.about_text()}</p>
        <dl class="facts">
          <div>
            <dt>{m.about_version()}</dt>
            <dd class="figures" data-testid="build">
              {BUILD_HASH}
            </dd>
          </div>
          <div>
            <dt>{m.about_licence()}</dt>
            <dd>AGPL-3.0-or-later</dd>
          </div>
        </dl>
        <p class="small quiet">{m.about_version_hint()}</p>
        <p class="small quiet">
          Public Sans: SIL Open Font License 1.1. Atkinson Hyperlegible Next: SIL Open Font License 1.1.
          Lucide: ISC License.
        </p>
      </div>
    </Screen>
  );
}
