/** What every store must do with documents; a part of the store contract. */
import { Doc } from 'yjs';
import { check, checkSame } from './check.ts';
import { during, noRefusal, text, type StoreClause } from './storeLab.ts';

export const docClauses: readonly StoreClause[] = [
  {
    title: '[P9] what a document held before it was attached is kept as well',
    run: async (lab) => {
      await during(lab, async ({ docs }) => {
        const doc = new Doc();
        doc.getMap('entries').set('before', 1);
        const attached = await docs.attach('book-0', doc, noRefusal);
        check(await attached.flush(), 'flushed');
      });
      await during(lab, async ({ docs }) => {
        const again = new Doc();
        again.getMap('entries').set('own', 2);
        await (await docs.attach('book-0', again, noRefusal)).close();
        checkSame(again.getMap('entries').toJSON(), { own: 2, before: 1 });
      });
    },
  },
  {
    title: '[P9] a document comes back with all its changes, however many there were',
    run: async (lab) => {
      const doc = new Doc();
      await during(lab, async ({ docs }) => {
        const attached = await docs.attach('book-0', doc, noRefusal);
        for (let n = 0; n < 1200; n++) doc.getMap('entries').set(`entry ${n % 700}`, n);
        check(await attached.flush(), 'flushed');
        doc.getMap('entries').set('last', true);
        await attached.close();
        check(!(await attached.flush()), 'a closed document flushes nothing');
      });
      await during(lab, async ({ docs }) => {
        const again = new Doc();
        const other = new Doc();
        const attached = await docs.attach('book-0', again, noRefusal);
        const empty = await docs.attach('book-1', other, noRefusal);
        checkSame(text(again), text(doc));
        checkSame(text(other), '{}');
        await attached.close();
        await empty.close();
        await docs.remove('book-0');
        const gone = new Doc();
        await (await docs.attach('book-0', gone, noRefusal)).close();
        checkSame(text(gone), '{}');
      });
    },
  },
  {
    title: '[P6] a refused document change is said once, and paid at the next flush that the disk takes',
    run: async (lab) => {
      const doc = new Doc();
      await during(lab, async ({ docs }) => {
        const refusals: string[] = [];
        const attached = await docs.attach('book-0', doc, (reason) => refusals.push(reason));
        doc.getMap('entries').set('kept', 1);
        check(await attached.flush(), 'flushed');
        await lab.refuse();
        for (let n = 0; n < 5; n++) {
          doc.getMap('entries').set(`refused ${n}`, 'x'.repeat(300));
          check(!(await attached.flush()), 'a flush that was refused says so');
        }
        checkSame(refusals.length, 1);
        await lab.allow();
        check(await attached.flush(), 'there is room again');
        await attached.close();
      });
      await during(lab, async ({ docs }) => {
        const again = new Doc();
        await (await docs.attach('book-0', again, noRefusal)).close();
        checkSame(text(again), text(doc));
      });
    },
  },
];
