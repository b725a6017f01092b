import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { isInAppBrowser } from './inAppBrowser.ts';
import { Notice } from './Notice.tsx';
import { copyText } from './sharing.ts';

/** Says, before any key exists, that this is another app's browser, and takes the link along. */
export function InAppNotice(): VNode | null {
  const app = useApp();
  const m = useWords();
  if (!isInAppBrowser(navigator.userAgent)) return null;
  const link = app.arrival.value?.link ?? location.href;
  return (
    <Notice
      drawing="attention"
      does={
        <button type="button" onClick={() => void copyText(app, link)}>
          {m.copy_link()}
        </button>
      }
    >
      <p>{m.in_app_text()}</p>
    </Notice>
  );
}
