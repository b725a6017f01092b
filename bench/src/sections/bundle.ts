/** What a phone receives, in gzipped bytes. */
import { join } from 'node:path';
import { BUDGET, weigh } from '../../../web/budget.ts';
import { row } from '../row.ts';
import type { Section } from '../section.ts';

const UNIT = 'bytes, gzipped';

export const bundleSection: Section = {
  name: 'bundle',
  title: '6 · What a phone receives',
  run({ root }) {
    const weights = weigh(join(root, 'web/dist'));
    return Promise.resolve([
      row('first load: page, styles, scripts, font, icon', weights.firstLoad, UNIT, {
        atMost: BUDGET.firstLoad,
      }),
      row('scripts of the first load', weights.initialScripts, UNIT, { atMost: BUDGET.initialScripts }),
      row('requests of the first load', weights.firstLoadFiles.length, 'files', {
        atMost: BUDGET.firstLoadRequests,
      }),
      row('peer chunk: network and its libraries, later', weights.network, UNIT, { atMost: BUDGET.network }),
      row('worker: store, keys, ledger, fold', weights.peerWorker, UNIT),
    ]);
  },
};
