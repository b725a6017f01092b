/**
 * What every store must do, whatever it keeps things on: memory, SQLite, IndexedDB in a real browser. Each
 * clause is a function that throws, so that the suite also runs inside a page where there is no test runner.
 */
import type { Id, PublicKey, Signature } from '@corridor/ledger';
import { referenceVerify, utf8Bytes } from '@corridor/ledger';
import type { JournalRow, Store } from '@corridor/peer';
import { Doc } from 'yjs';
import { docClauses } from './storeContractDocs.ts';
import { during, noRefusal, text, type StoreClause } from './storeLab.ts';
import { check, checkBytes, checkSame, rejection } from './check.ts';

const idOf = (number: number): Id => number.toString(16).padStart(64, '0') as Id;
const CHAIN = `${idOf(7)}/0`;
const OTHER = `${idOf(7)}/1`;
const SIGNATURE = '5a'.repeat(64) as Signature;
const rowAt = (seq: number, id = idOf(seq + 1), chain = CHAIN): JournalRow => ({
  chain,
  seq,
  id,
  bytes: Uint8Array.of(1, 2, seq),
  signature: SIGNATURE,
});
const journalClauses: readonly StoreClause[] = [
  {
    title: '[P6] what the journal kept is there after reopening, in order',
    run: async (lab) => {
      await during(lab, async ({ journal }) => {
        check((await journal.head(CHAIN)) === undefined, 'a new chain is empty');
        checkSame(await journal.append(CHAIN, undefined, [rowAt(0), rowAt(1)]), 'kept');
        checkSame(await journal.append(CHAIN, idOf(2), [{ ...rowAt(2), signature: null }]), 'kept');
      });
      await during(lab, async ({ journal }) => {
        checkSame(await journal.head(CHAIN), { seq: 2, id: idOf(3) });
        const rows = await journal.rows(CHAIN, 1);
        checkSame(
          rows.map(({ seq, id, signature, chain }) => [seq, id, signature, chain]),
          [1, 2].map((seq) => [seq, idOf(seq + 1), seq === 2 ? null : SIGNATURE, CHAIN]),
        );
        checkBytes(rows[1]?.bytes, Uint8Array.of(1, 2, 2));
      });
    },
  },
  {
    title: '[P6] an append on a stale head is refused and changes nothing',
    run: (lab) =>
      during(lab, async ({ journal }) => {
        checkSame(await journal.append(CHAIN, idOf(5), [rowAt(0)]), 'stale-head');
        checkSame(await journal.append(CHAIN, undefined, [rowAt(0)]), 'kept');
        checkSame(await journal.append(CHAIN, undefined, [rowAt(0, idOf(99))]), 'stale-head');
        checkSame(await journal.append(CHAIN, idOf(99), [rowAt(1)]), 'stale-head');
        checkSame(await journal.head(CHAIN), { seq: 0, id: idOf(1) });
        checkSame((await journal.rows(CHAIN, 0)).length, 1);
      }),
  },
  {
    title: '[W1] of two appends on one head exactly one is kept',
    run: (lab) =>
      during(lab, async ({ journal }) => {
        await journal.append(CHAIN, undefined, [rowAt(0)]);
        const outcomes = await Promise.all(
          [11, 12, 13].map((n) => journal.append(CHAIN, idOf(1), [rowAt(1, idOf(n))])),
        );
        checkSame(outcomes.toSorted(), ['kept', 'stale-head', 'stale-head']);
        checkSame((await journal.head(CHAIN))?.id, idOf(11 + outcomes.indexOf('kept')));
        checkSame((await journal.rows(CHAIN, 0)).length, 2);
      }),
  },
  {
    title: '[I7] rows that leave a gap throw, and none of them stays',
    run: (lab) =>
      during(lab, async ({ journal }) => {
        await journal.append(CHAIN, undefined, [rowAt(0)]);
        await rejection(journal.append(CHAIN, idOf(1), [rowAt(1), rowAt(3)]), 'RangeError');
        await rejection(journal.append(CHAIN, idOf(1), [rowAt(2)]), 'RangeError');
        await rejection(journal.append(CHAIN, idOf(1), [rowAt(1, idOf(2), OTHER)]), 'RangeError');
        checkSame(await journal.head(CHAIN), { seq: 0, id: idOf(1) });
        checkSame((await journal.rows(CHAIN, 0)).length, 1);
      }),
  },
  {
    title: '[P6] a refused append keeps neither head nor rows, and the next one is kept',
    run: (lab) =>
      during(lab, async ({ journal }) => {
        await journal.append(CHAIN, undefined, [rowAt(0)]);
        await lab.refuse();
        checkSame(await journal.append(CHAIN, idOf(1), [rowAt(1), rowAt(2)]), 'refused');
        checkSame(await journal.head(CHAIN), { seq: 0, id: idOf(1) });
        checkSame((await journal.rows(CHAIN, 0)).length, 1);
        await lab.allow();
        checkSame(await journal.append(CHAIN, idOf(1), [rowAt(1), rowAt(2)]), 'kept');
        checkSame(await journal.head(CHAIN), { seq: 2, id: idOf(3) });
      }),
  },
  {
    title: '[P6] trimming drops rows that are in the book; the head and other chains stay',
    run: async (lab) => {
      await during(lab, async ({ journal }) => {
        await journal.append(CHAIN, undefined, [rowAt(0), rowAt(1), rowAt(2)]);
        await journal.append(OTHER, undefined, [rowAt(0, idOf(20), OTHER)]);
        await journal.trim(CHAIN, 2);
        await journal.trim(CHAIN, 2);
      });
      await during(lab, async ({ journal }) => {
        checkSame(
          (await journal.rows(CHAIN, 0)).map((row) => row.seq),
          [2],
        );
        checkSame((await journal.rows(OTHER, 0)).length, 1);
        await journal.trim(CHAIN, 3);
        checkSame(await journal.head(CHAIN), { seq: 2, id: idOf(3) });
        checkSame(await journal.append(CHAIN, idOf(3), [rowAt(3)]), 'kept');
      });
    },
  },
];

const recordClauses: readonly StoreClause[] = [
  {
    title: '[S4] records come back as they were put, listed by prefix in order',
    run: async (lab) => {
      const buffer = utf8Bytes('secret|open|secret');
      await during(lab, async ({ records }) => {
        for (const name of ['text/b', 'text/a', 'tex', 'text0', 'text/ä'])
          check(await records.put(name, buffer.subarray(7, 11)), name);
        check(await records.put('text/b', Uint8Array.of(9)), 'overwritten');
        await records.remove('text0');
        await records.remove('never there');
      });
      await during(lab, async ({ records }) => {
        checkSame(await records.names('text/'), ['text/a', 'text/b', 'text/ä']);
        checkSame(await records.names(''), ['tex', 'text/a', 'text/b', 'text/ä']);
        checkBytes(await records.get('text/b'), Uint8Array.of(9));
        const kept = await records.get('text/a');
        checkBytes(kept, utf8Bytes('open'));
        checkSame(kept?.buffer.byteLength, 4, 'the rest of the buffer was stored as well');
        check((await records.get('text0')) === undefined, 'removed');
      });
    },
  },
  {
    title: '[S4] a refused put is false and leaves the old value',
    run: (lab) =>
      during(lab, async ({ records }) => {
        await records.put('settings', Uint8Array.of(1));
        await lab.refuse();
        check(!(await records.put('settings', Uint8Array.of(2))), 'put should be refused');
        check(!(await records.put('new', Uint8Array.of(2))), 'put should be refused');
        checkBytes(await records.get('settings'), Uint8Array.of(1));
        checkSame(await records.names(''), ['settings']);
        await lab.allow();
        check(await records.put('settings', Uint8Array.of(3)), 'there is room again');
        checkBytes(await records.get('settings'), Uint8Array.of(3));
      }),
  },
];

const signed = async (store: Store, key: PublicKey, message: Uint8Array): Promise<boolean> => {
  const signature = await store.keys.sign(key, message);
  return signature !== undefined && referenceVerify(key, message, signature);
};

const keyClauses: readonly StoreClause[] = [
  {
    title: '[S4] a key signs, also after reopening, and only under its own name',
    run: async (lab) => {
      const message = utf8Bytes('two loaves');
      const [device, witness] = await during(lab, async (store) => {
        const keys = [await store.keys.create('device'), await store.keys.create('witness')] as const;
        check(keys[0] !== keys[1], 'two keys');
        check(await signed(store, keys[0], message), 'signs at once');
        return keys;
      });
      await during(lab, async (store) => {
        check(await signed(store, device, message), 'device key after reopening');
        check(await signed(store, witness, message), 'witness key after reopening');
        check((await store.keys.sign(idOf(1) as string as PublicKey, message)) === undefined, 'unknown key');
      });
    },
  },
  {
    title: '[S1] what is sealed to this device opens here, under its info alone, also after reopening',
    run: async (lab) => {
      const secret = Uint8Array.from({ length: 32 }, (_, at) => at);
      const info = utf8Bytes('circle and book');
      const [own, other] = await during(
        lab,
        async ({ keys }) => [await keys.createSealing(), await keys.createSealing()] as const,
      );
      const sealed = await lab.seal(own, secret, info);
      await during(lab, async ({ keys }) => {
        checkBytes(await keys.unseal(own, sealed, info), secret);
        check((await keys.unseal(other, sealed, info)) === undefined, 'another key');
        check((await keys.unseal(own, sealed, utf8Bytes('circle'))) === undefined, 'another info');
        check((await keys.unseal(own, sealed.slice(1), info)) === undefined, 'damaged');
        check((await keys.unseal(own, new Uint8Array(0), info)) === undefined, 'nothing');
        check((await keys.sign(own, secret)) === undefined, 'a sealing key does not sign');
      });
    },
  },
  {
    title: '[I15] erased witness keys sign nothing more, also after reopening; all others stay',
    run: async (lab) => {
      const message = utf8Bytes('a vote');
      const [old, device, own] = await during(lab, async (store) => {
        const { keys } = store;
        const names = [
          await keys.create('witness'),
          await keys.create('device'),
          await keys.create('witness'),
        ] as const;
        await lab.refuse();
        // A full disk may let go of what is there, or not: it says which.
        const isGone = await keys.eraseWitnessKeys(new Set([names[0]]));
        check((await signed(store, names[0], message)) !== isGone, 'says whether it is erased');
        await lab.allow();
        check(await keys.eraseWitnessKeys(new Set([names[0], names[1]])), 'erased');
        checkSame(await keys.witnessKeys(), [names[2]]);
        check((await keys.sign(names[0], message)) === undefined, 'signs no more');
        return names;
      });
      await during(lab, async (store) => {
        check((await store.keys.sign(old, message)) === undefined, 'nor after reopening');
        for (const key of [device, own]) check(await signed(store, key, message), 'stays');
      });
    },
  },
  {
    title: '[S4] a key that the disk does not take is never handed out',
    run: (lab) =>
      during(lab, async ({ keys }) => {
        await lab.refuse();
        await rejection(keys.create('device'), 'StorageRefused');
        await rejection(keys.createSealing(), 'StorageRefused');
      }),
  },
];

const wholeStoreClauses: readonly StoreClause[] = [
  {
    title: '[S4] wiping leaves nothing behind',
    run: async (lab) => {
      const store = await lab.open();
      const device = await store.keys.create('device');
      await store.journal.append(CHAIN, undefined, [rowAt(0)]);
      await store.records.put('settings', Uint8Array.of(1));
      const doc = new Doc();
      const attached = await store.docs.attach('book-0', doc, () => undefined);
      doc.getMap('entries').set('entry', 1);
      await attached.flush();
      await store.wipe();
      await during(lab, async (again) => {
        check((await again.keys.sign(device, Uint8Array.of(1))) === undefined, 'key is gone');
        check((await again.journal.head(CHAIN)) === undefined, 'journal is gone');
        checkSame(await again.journal.rows(CHAIN, 0), []);
        checkSame(await again.records.names(''), []);
        const empty = new Doc();
        await (await again.docs.attach('book-0', empty, noRefusal)).close();
        checkSame(text(empty), '{}');
      });
    },
  },
  {
    title: '[W1] a closed store keeps nothing more',
    run: async (lab) => {
      const store = await lab.open();
      await store.close();
      checkSame(await store.journal.append(CHAIN, undefined, [rowAt(0)]), 'refused');
      check(!(await store.records.put('late', Uint8Array.of(1))), 'put after close');
      await during(lab, async ({ journal, records }) => {
        check((await journal.head(CHAIN)) === undefined, 'nothing in the journal');
        checkSame(await records.names(''), []);
      });
    },
  },
  {
    title: '[P6] a call that was called off before it began does nothing',
    run: (lab) =>
      during(lab, async ({ journal, records }) => {
        const off = AbortSignal.abort();
        await rejection(journal.append(CHAIN, undefined, [rowAt(0)], off), 'AbortError');
        await rejection(records.put('late', Uint8Array.of(1), off), 'AbortError');
        check((await journal.head(CHAIN)) === undefined, 'nothing in the journal');
        checkSame(await records.names(''), []);
      }),
  },
];

/** All clauses, each to be run on a fresh {@link StoreLab}. */
export const STORE_CONTRACT: readonly StoreClause[] = [
  ...journalClauses,
  ...recordClauses,
  ...keyClauses,
  ...docClauses,
  ...wholeStoreClauses,
];
