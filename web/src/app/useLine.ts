import { useEffect, useState } from 'preact/hooks';
import type { LineView } from '@corridor/peer';
import { useApp, useCircle } from './app.ts';

/** A payment by its id: from the circle's list, where it stays fresh, else asked for. undefined while asking. */
export const useLine = (id: string): LineView | null | undefined => {
  const app = useApp();
  const circle = useCircle();
  const listed = circle.lines.find((line) => line.id === id);
  const [older, setOlder] = useState<LineView | null | undefined>(undefined);
  const isListed = listed !== undefined;
  useEffect(() => {
    if (isListed) return;
    let current = true;
    // the path is whatever stands in the address bar; the engine answers null for what is no id of its own
    app.engine
      .peek()
      .intents.line(id as LineView['id'])
      .then(
        (answer) => current && setOlder(answer.ok ? answer.value : null),
        () => current && setOlder(null),
      );
    return () => {
      current = false;
    };
  }, [app, id, isListed, circle.entryCount]);
  return listed ?? older;
};
