import { useCallback } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Refusal } from '@corridor/peer';
import { useApp } from './app.ts';
import { createFormat } from './format.ts';
import { readReceiptLink } from './receiptLink.ts';
import { formatTag } from '../words/language.ts';

/** What came of a scanned or pasted text, where no other screen opened because of it. */
export type ReadOutcome =
  | { readonly type: 'opened' }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'other-circle'; readonly circleName: string | null }
  | { readonly type: 'needs-a-circle' }
  | { readonly type: 'shop-barcode' }
  | { readonly type: 'unreadable' };

/** An invite is for this phone, whichever circle is on the screen; nobody is asked to read it. */
const INVITE = /^\s*https?:\/\/\S+#j=\S+\s*$/;

/** Reads anything scanned, pasted or opened, and goes to the screen it belongs to. `near`: it came by camera. */
export const useReadCode = (): ((text: string, near: boolean) => Promise<ReadOutcome>) => {
  const app = useApp();
  const { route } = useLocation();
  return useCallback(
    async (text: string, near: boolean): Promise<ReadOutcome> => {
      if (INVITE.test(text)) {
        app.arrival.value = { kind: 'j', link: text.trim() };
        return { type: 'opened' };
      }
      const receipt = readReceiptLink(text);
      if (receipt !== null) {
        route(`/receipt/${receipt}`, true);
        return { type: 'opened' };
      }
      const engine = app.engine.peek();
      const answer = await engine.intents.readCode(text);
      if (!answer.ok) return { type: 'refused', refusal: answer.refusal };
      const code = answer.value;
      const m = app.words.peek();
      switch (code.type) {
        case 'request':
          if (code.request.alreadyPaid !== null) {
            app.toast.value = { text: m.refused_already_paid() };
            route(`/receipt/${code.request.alreadyPaid}`, true);
          } else {
            app.asked.value = { request: code.request, code: code.code, near };
            route(`/pay/${code.request.payeeDevice}?request=${code.request.invoice}`, true);
          }
          return { type: 'opened' };
        case 'payment': {
          const view = engine.view.peek();
          if (view.stage === 'circle' && code.line.direction === 'in') {
            const tag = formatTag(app.language.peek(), navigator.languages);
            const amount = createFormat(view.view.unit, tag, app.now.peek()).full(code.line.amount);
            app.said.value = m.received_from({ amount, name: code.line.payerName || m.someone() });
            navigator.vibrate?.(20);
          }
          app.asking.value = null;
          route(`/receipt/${code.line.id}${code.news ? '?paid' : ''}`, true);
          return { type: 'opened' };
        }
        case 'invite':
          app.arrival.value = { kind: 'j', link: code.link };
          return { type: 'opened' };
        case 'newer':
          route('/newer', true);
          return { type: 'opened' };
        case 'other-circle':
          return { type: 'other-circle', circleName: code.circleName };
        case 'needs-a-circle':
        case 'shop-barcode':
        case 'unreadable':
          return { type: code.type };
      }
    },
    [app, route],
  );
};
