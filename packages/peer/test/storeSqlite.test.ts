import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { fromHex } from '@corridor/ledger';
import { afterEach, expect, test } from 'vitest';
import { Doc } from 'yjs';
import { STORE_CONTRACT } from '../../testing/src/storeContract.ts';
import type { StoreLab } from '../../testing/src/storeLab.ts';
import { nativeSeal } from '../src/hpke.ts';
import { openSqlite, transact } from '../src/node/sqliteFile.ts';
import { openSqliteStore } from '../src/node/sqliteStore.ts';

const run = promisify(execFile);
const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-store-'));
  folders.push(folder);
  return join(folder, 'data');
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Another program that writes and does not end, as a stuck backup would: every write of ours is refused. */
const occupy = (folder: string): DatabaseSync[] =>
  ['corridor.db', 'docs.db'].map((name) => {
    const db = new DatabaseSync(join(folder, name));
    db.exec('BEGIN IMMEDIATE');
    return db;
  });

const createLab = (): StoreLab => {
  const folder = newFolder();
  let occupants: DatabaseSync[] = [];
  return {
    open: async () => openSqliteStore(folder),
    refuse: async () => {
      occupants = occupy(folder);
    },
    allow: async () => {
      for (const occupant of occupants) occupant.close();
    },
    async seal(to, secret, info) {
      const sealed = await nativeSeal(fromHex(to) ?? new Uint8Array(0), secret, info);
      if (sealed === undefined) throw new Error(`${to} is no key`);
      return sealed;
    },
  };
};

for (const { title, run } of STORE_CONTRACT) test(`SQLite: ${title}`, () => run(createLab()));

test('[W1] a folder that is open cannot be opened again, here or by another process', async () => {
  const folder = newFolder();
  const store = openSqliteStore(folder);
  expect(() => openSqliteStore(folder)).toThrow(/in use by another process/);
  const module = new URL('../src/node/sqliteStore.ts', import.meta.url).href;
  const script = `const { openSqliteStore } = await import(${JSON.stringify(module)});
    try { openSqliteStore(${JSON.stringify(folder)}); console.log('opened'); }
    catch (error) { console.log(error.name); }`;
  const other = () => run(process.execPath, ['--input-type=module', '-e', script]);
  expect((await other()).stdout.trim()).toBe('DataDirInUse');
  await store.close();
  expect((await other()).stdout.trim()).toBe('opened');
});

test('[S4] the folder and all in it belong to this user alone', async () => {
  const folder = newFolder();
  const store = openSqliteStore(folder);
  await store.keys.create('device');
  await store.records.put('settings', Uint8Array.of(1));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const files = readdirSync(folder);
  expect(files).toContain('corridor.db');
  for (const file of files) expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, 0o600]);
  await store.close();
});

test('[P6] work that fails halfway leaves nothing of itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-store-'));
  folders.push(folder);
  const db = openSqlite(join(folder, 'some.db'), 'FULL', 'CREATE TABLE some (n INTEGER)');
  const halfway = (): void => {
    db.exec('INSERT INTO some VALUES (1)');
    throw new RangeError('a fault of ours');
  };
  expect(() => transact(db, halfway)).toThrow('a fault of ours');
  expect(db.prepare('SELECT n FROM some').all()).toEqual([]);
  expect(transact(db, () => db.exec('INSERT INTO some VALUES (2)')).ok).toBe(true);
  db.close();
  expect(transact(db, () => undefined)).toEqual({ ok: false, fault: 'closed' });
});

test('[S4] wiping takes the files with it', async () => {
  const folder = newFolder();
  const store = openSqliteStore(folder);
  await store.keys.create('device');
  await store.wipe();
  expect(readdirSync(folder)).toEqual([]);
});

test('[P6] on a disk that is really full, writes are refused and what was kept stays', async () => {
  const folder = newFolder();
  const module = new URL('../src/node/sqliteStore.ts', import.meta.url).href;
  // Runs where no file may grow beyond a few hundred kilobytes: what a full disk is to SQLite.
  const script = `const { openSqliteStore } = await import(${JSON.stringify(module)});
    const store = openSqliteStore(${JSON.stringify(folder)});
    await store.records.put('settings', Uint8Array.of(1));
    const seen = [];
    for (let n = 0; n < 100; n++) seen.push(await store.records.put('big ' + n, new Uint8Array(50_000)));
    const row = { chain: 'c', seq: 0, id: 'aa', bytes: new Uint8Array(50_000), signature: 'bb' };
    const outcome = await store.journal.append('c', undefined, [row]);
    console.log(JSON.stringify({ kept: seen.filter(Boolean).length, outcome, head: await store.journal.head('c') ?? null }));
    await store.close();`;
  const limited = `trap '' XFSZ; ulimit -f 400; exec "$0" --input-type=module -e "$1"`;
  const { stdout } = await run('sh', ['-c', limited, process.execPath, script]);
  const report = JSON.parse(stdout) as { kept: number; outcome: string; head: unknown };
  expect(report.kept).toBeGreaterThan(0);
  expect(report.kept).toBeLessThan(100);
  expect(report).toMatchObject({ outcome: 'refused', head: null });

  const store = openSqliteStore(folder);
  expect(await store.records.get('settings')).toEqual(Uint8Array.of(1));
  expect((await store.records.names('big ')).length).toBe(report.kept);
  expect(await store.records.put('later', Uint8Array.of(2))).toBe(true);
  await store.close();
});

test('a damaged row costs that row alone, and it is said', async () => {
  const folder = newFolder();
  const store = openSqliteStore(folder);
  const doc = new Doc();
  const attached = await store.docs.attach('book-0', doc, () => undefined);
  doc.getMap('entries').set('first', 1);
  await attached.flush();
  doc.getMap('entries').set('second', 2);
  await attached.close();
  await store.close();
  const raw = new DatabaseSync(join(folder, 'docs.db'));
  raw.prepare('INSERT INTO updates (doc, bytes) VALUES (?, ?)').run('book-0', Uint8Array.of(9, 9, 9));
  raw.close();

  const again = openSqliteStore(folder);
  const troubles: string[] = [];
  const found = new Doc();
  await (await again.docs.attach('book-0', found, (reason) => troubles.push(reason))).close();
  expect(found.getMap('entries').toJSON()).toEqual({ first: 1, second: 2 });
  expect(troubles).toEqual(['1 stored changes are unreadable']);
  await again.close();
});

test('[P9] many small changes are merged, so that a document does not grow by its history', async () => {
  const folder = newFolder();
  const store = openSqliteStore(folder);
  const doc = new Doc();
  const attached = await store.docs.attach('book-0', doc, () => undefined);
  for (let n = 0; n < 1100; n++) {
    doc.getMap('entries').set('the same key', n);
    await Promise.resolve();
  }
  await attached.close();
  await store.close();
  const raw = new DatabaseSync(join(folder, 'docs.db'));
  const rows = raw.prepare('SELECT count(*) AS n FROM updates').get()?.['n'];
  raw.close();
  expect(rows).toBeLessThan(510);
});
