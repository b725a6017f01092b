import { useState } from 'preact/hooks';
import type { LineView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { printPaper } from './printPaper.ts';
import { shareText } from './sharing.ts';
import { Drawing } from './Drawing.tsx';
import { EraseNote } from './EraseNote.tsx';
import { lazySheet } from './lazySheet.tsx';
import { Sheet } from './Sheet.tsx';

/** With what draws the picture: fetched when somebody shares. */
const ShareReceipt = lazySheet(() => import('./ShareReceipt.tsx'));

/** What one can do with a receipt. A payment is never deleted: undoing it is a new payment back. */
export function ReceiptDoes({ line }: { readonly line: LineView }): VNode {
  const app = useApp();
  const m = useWords();
  const format = useFormat();
  const circle = useCircle();
  const [printing, setPrinting] = useState(false);
  const [sharing, setSharing] = useState(false);
  const [erasing, setErasing] = useState(false);
  const amount = line.amount === 0 ? m.gift() : format.full(line.amount);
  const payer = circle.people.find((person) => person.member === line.other);
  const name = line.otherName || m.someone();
  const print = (paper: 'strip' | 'a6'): void => {
    setPrinting(false);
    printPaper(paper);
  };
  return (
    <>
      <div class="chips push no-print">
        <button class="chip" type="button" aria-haspopup="dialog" onClick={() => setSharing(true)}>
          <Drawing name="share" size={20} />
          {m.share()}
        </button>
        <button class="chip" type="button" aria-haspopup="dialog" onClick={() => setPrinting(true)}>
          <Drawing name="print" size={20} />
          {m.print()}
        </button>
        {line.memo !== '' && (
          <button class="chip" type="button" aria-haspopup="dialog" onClick={() => setErasing(true)}>
            <Drawing name="erase" size={20} turns />
            {m.note_erase()}
          </button>
        )}
        {line.handOver === 'to-show' && (
          <a class="chip" href={`/hand-over/${line.id}`}>
            <Drawing name="scan" size={20} />
            {m.show_to({ name })}
          </a>
        )}
      </div>
      <div class="foot no-print">
        <div class="pair">
          {line.direction === 'in' ? (
            <a class="button broad" href="/get-paid">
              {m.next_sale()}
            </a>
          ) : (
            <a class="button broad" href="/">
              {m.done()}
            </a>
          )}
          {line.direction === 'in' && payer && line.amount > 0 && (
            <a
              class="button second"
              href={`/pay/${payer.device}?amount=${line.amount}&memo=${encodeURIComponent(m.given_back_memo({ code: line.code }))}`}
            >
              {m.give_back()}
            </a>
          )}
          {line.direction === 'out' && line.amount > 0 && (
            <button
              class="button second"
              type="button"
              onClick={() =>
                void shareText(app, m.ask_back_title(), m.ask_back_text({ name, amount, code: line.code }))
              }
            >
              {m.ask_back()}
            </button>
          )}
        </div>
      </div>
      {sharing && <ShareReceipt line={line} onClose={() => setSharing(false)} />}
      {erasing && <EraseNote line={line} onClose={() => setErasing(false)} />}
      {printing && (
        <Sheet title={m.print()} onClose={() => setPrinting(false)}>
          <div class="stack">
            <button class="button wide" type="button" onClick={() => print('strip')}>
              {m.print_strip()}
            </button>
            <button class="button second wide" type="button" onClick={() => print('a6')}>
              {m.print_a6()}
            </button>
          </div>
        </Sheet>
      )}
    </>
  );
}
