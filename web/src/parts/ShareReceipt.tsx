import { useState } from 'preact/hooks';
import type { LineView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { receiptLink } from '../app/receiptLink.ts';
import { receiptFileName, receiptFileText } from './receiptFile.ts';
import { receiptPicture } from './receiptPicture.ts';
import { receiptText, receiptWords } from './receiptWords.ts';
import { shareFile, shareText } from './sharing.ts';
import { Sheet } from './Sheet.tsx';

interface Props {
  readonly line: LineView;
  readonly onClose: () => void;
}
/** A receipt to give away: a few lines, a picture of the slip, or a file that others can check. */
export default function ShareReceipt({ line, onClose }: Props): VNode {
  const app = useApp();
  const m = useWords();
  const format = useFormat();
  const circle = useCircle();
  const [busy, setBusy] = useState(false);
  const words = receiptWords(m, format, circle, line, Math.floor(Date.now() / 1000));
  const link = receiptLink(location.origin, line.id);
  const name = receiptFileName(line);

  const sendPicture = async (): Promise<void> => {
    const picture = await receiptPicture(words, circle.circle, m.picture_note());
    await shareFile(app, new File([picture], `${name}.png`, { type: 'image/png' }));
  };
  const sendFile = async (): Promise<void> => {
    const text = receiptFileText(m, words, circle, line, link);
    await shareFile(app, new File([text], `${name}.txt`, { type: 'text/plain' }));
  };
  const run = (send: () => Promise<void>): void => {
    setBusy(true);
    send()
      .catch(() => {
        app.toast.value = { text: m.broken_title() };
      })
      .finally(onClose);
  };
  return (
    <Sheet title={m.share_receipt()} onClose={onClose}>
      <div class="stack">
        <button
          class="button second wide"
          type="button"
          disabled={busy}
          onClick={() => run(() => shareText(app, words.title, receiptText(words), link))}
        >
          {m.share_as_text()}
        </button>
        <button class="button second wide" type="button" disabled={busy} onClick={() => run(sendPicture)}>
          {m.share_as_picture()}
        </button>
        <button class="button second wide" type="button" disabled={busy} onClick={() => run(sendFile)}>
          {m.share_as_file()}
        </button>
        <p class="small quiet">{m.share_hint()}</p>
      </div>
    </Sheet>
  );
}
