import type { VNode } from 'preact';
import { useLocation, useRoute } from 'preact-iso';
import { useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useClosePress } from '../app/useClosePress.ts';
import { useLine } from '../app/useLine.ts';
import { Notice } from '../parts/Notice.tsx';
import { Progress } from '../parts/Progress.tsx';
import { ReceiptDoes } from '../parts/ReceiptDoes.tsx';
import { Screen } from '../parts/Screen.tsx';
import { Slip } from '../parts/Slip.tsx';
import { verdictText } from '../parts/verdict.ts';
import '../style/receipt.css';

/** One payment: the answer first (hand it over, or wait), then the slip, then how far it has come. */
export default function Receipt(): VNode {
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const { query } = useLocation();
  const line = useLine(useRoute().params['id'] ?? '');
  const justPaid = query['paid'] !== undefined;
  useClosePress(justPaid && !!line);
  if (!line) {
    return (
      <Screen title={m.receipt()} back="/" bar={false}>
        <p role="status">{line === null ? m.receipt_unknown() : m.starting()}</p>
      </Screen>
    );
  }
  const verdict = verdictText(m, format, circle, line);
  return (
    <Screen
      title={justPaid ? (line.direction === 'in' ? m.received() : m.paid()) : m.receipt()}
      back="/"
      bar={false}
    >
      {verdict !== null && (
        <p class={`verdict ${verdict.tone}`} role="status">
          {verdict.text}
        </p>
      )}
      <Slip line={line} fresh={justPaid} />
      {line.state === 'needs-a-talk' && (
        <Notice drawing="fork" does={<a href="/circle/talk">{m.see_both()}</a>}>
          <p>{m.notice_talk()}</p>
        </Notice>
      )}
      {line.waitsForRoom && (
        <Notice drawing="waiting" tone="calm">
          <p>
            {m.notice_no_room({
              amount: format.full(line.amount),
              highest: format.short(circle.balance.highestBalance),
            })}
          </p>
        </Notice>
      )}
      <Progress line={line} />
      <ReceiptDoes line={line} />
    </Screen>
  );
}
