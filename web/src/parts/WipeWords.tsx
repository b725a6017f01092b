import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';

/** What a wipe takes off this phone, and what stays elsewhere, said before it is done [S4]. */
export function WipeWords(): VNode {
  const m = useWords();
  return (
    <>
      <h2 class="group">{m.wipe_goes()}</h2>
      <ul class="stack tight points">
        <li>{m.wipe_goes_signing()}</li>
        <li>{m.wipe_goes_copy()}</li>
        <li>{m.wipe_goes_choices()}</li>
      </ul>
      <h2 class="group">{m.wipe_stays()}</h2>
      <ul class="stack tight points">
        <li>{m.wipe_stays_book()}</li>
        <li>{m.wipe_stays_balance()}</li>
        <li>{m.wipe_stays_devices()}</li>
        <li>{m.wipe_stays_files()}</li>
        <li>{m.wipe_stays_invites()}</li>
        <li>{m.wipe_stays_relay()}</li>
        <li>{m.wipe_stays_listed()}</li>
      </ul>
    </>
  );
}
