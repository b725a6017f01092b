import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Id, LineView } from '@corridor/peer';
import { useApp, useCircle, useWords } from './app.ts';
import { useFormat } from './format.ts';

/** Says so when a payment comes in, on whatever screen; the one that was asked for opens its receipt. */
export const useIncoming = (): void => {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const { path, route } = useLocation();
  const known = useRef<{ circle: Id; ids: ReadonlySet<Id> } | null>(null);
  useEffect(() => {
    const before = known.current?.circle === circle.circle ? known.current.ids : null;
    known.current = { circle: circle.circle, ids: new Set(circle.lines.map((line) => line.id)) };
    if (before === null) return;
    // A closed book is read a little after the screen is there: what is in it came long ago.
    const isNews = (line: LineView): boolean =>
      line.direction === 'in' && line.state !== 'closed' && !before.has(line.id);
    const line = circle.lines.find(isNews);
    if (!line) return;
    const amount = format.full(line.amount);
    const name = line.payerName || m.someone();
    app.said.value = m.received_from({ amount, name });
    navigator.vibrate?.(20);
    const asking = app.asking.peek();
    const answers =
      asking !== null && !asking.known.has(line.id) && (asking.amount === 0 || asking.amount === line.amount);
    if (answers && path === '/get-paid') {
      app.asking.value = null;
      route(`/receipt/${line.id}?paid`, true);
    } else if (path !== `/receipt/${line.id}` && path !== '/scan') {
      const action = { label: m.see_receipt(), run: () => route(`/receipt/${line.id}`) };
      app.toast.value = { text: m.received_from({ amount, name }), action };
    }
  }, [app, circle, format, m, path, route]);
};
