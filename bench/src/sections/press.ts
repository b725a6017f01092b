/** Press → signed, durable and painted, on a phone that holds a large book. */
import { runJob } from '../job.ts';
import type { PressAnswer, PressQuestion } from '../jobs/press.ts';
import { quantile } from '../measure.ts';
import { row } from '../row.ts';
import type { Section } from '../section.ts';

/** [issue 2] no main-thread task may be longer. */
const LONG_TASK_MS = 50;

export const pressSection: Section = {
  name: 'press',
  title: '5 · Press → signed, durable and painted',
  async run({ root, quick }) {
    const question: PressQuestion = {
      root,
      entries: quick ? 2_000 : 100_000,
      feeds: 50,
      payments: quick ? 2 : 30,
    };
    const { entries, joinSeconds, reloadSeconds, presses, longTasks } = await runJob<PressAnswer>(
      'jobs/press',
      question,
      8_192,
    );
    return [
      row('press → “Paid” painted: p50', quantile(presses, 0.5), 'ms', {
        note: `${presses.length} payments on a phone with ${entries.toLocaleString('en')} entries`,
      }),
      row('press → “Paid” painted: p95', quantile(presses, 0.95), 'ms'),
      row('longest main-thread task between press and paint', Math.max(0, ...longTasks), 'ms', {
        atMost: LONG_TASK_MS,
        note: `${longTasks.length} longer than ${LONG_TASK_MS} ms; shorter ones are not reported by the browser and count as 0`,
      }),
      row('joining: link → whole book on the phone, over the relay', joinSeconds, 's'),
      row('reload → balance on the screen, from the phone’s disk', reloadSeconds, 's'),
    ];
  },
};
