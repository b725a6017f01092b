import type { VNode } from 'preact';
import { useCircle, useWords } from '../app/app.ts';
import { Notice } from '../parts/Notice.tsx';
import { Screen } from '../parts/Screen.tsx';
import { WipeButton } from '../parts/WipeButton.tsx';
import { WipeWords } from '../parts/WipeWords.tsx';

/** Everything off this phone. What stays elsewhere is said before, not after [S4]. */
export default function Wipe(): VNode {
  const m = useWords();
  const circle = useCircle();
  return (
    <Screen title={m.wipe_title()} back="/me" bar={false}>
      <WipeWords />
      {circle.keeper.isThisDevice && (
        <Notice drawing="book">
          <p>{m.wipe_keeper()}</p>
        </Notice>
      )}
      <div class="foot">
        <WipeButton />
      </div>
    </Screen>
  );
}
