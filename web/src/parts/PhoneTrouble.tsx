import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import type { PhoneUnlock } from '../app/usePhoneUnlock.ts';
import { passkeyTrouble } from '../words/passkey.ts';
import { Notice } from './Notice.tsx';
import { Refused } from './Refused.tsx';

/** What came of asking the phone's own lock, where nothing came of it. Read out at once. */
export function PhoneTrouble({ phone: { trouble, refusal } }: { readonly phone: PhoneUnlock }): VNode | null {
  const m = useWords();
  if (trouble === null) return <Refused refusal={refusal} />;
  return (
    <Notice drawing="attention" tone="trouble" role="alert">
      <p>{trouble === 'unfetched' ? m.unfetched_text() : passkeyTrouble(m, trouble)}</p>
    </Notice>
  );
}
