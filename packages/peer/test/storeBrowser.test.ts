import { chromium, type BrowserContext, type Page } from '@playwright/test';
import type { Id, Signature } from '@corridor/ledger';
import { toHex } from '@corridor/ledger';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STORE_CONTRACT } from '../../testing/src/storeContract.ts';
import { createNodeCipher } from '../src/node/nodeCipher.ts';
import { lockRecord } from '../src/passphrase.ts';
import { sealEntry, sealSignature } from '../src/sealing.ts';
import { prepareBookKey } from '../src/sealingKey.ts';
import { REFUSED_WRITES } from './refusalsInBrowser.ts';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
/** What an origin may store until it is lifted: little, so that a story fills it quickly. */
const QUOTA_BYTES = 3_000_000;

/** The stories and the product's code, as the app is built: path and text of each script. */
const bundle = async (): Promise<ReadonlyMap<string, string>> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      target: 'es2024',
      rolldownOptions: {
        input: fileURLToPath(new URL('storeInBrowser.ts', import.meta.url)),
        output: { entryFileNames: 'stories.js', chunkFileNames: '[name].js' },
      },
    },
  });
  const files = ([built].flat() as Rolldown.RolldownOutput[]).flatMap(({ output }) => output);
  return new Map(
    files.flatMap((file) => (file.type === 'chunk' ? [[`/${file.fileName}`, file.code] as const] : [])),
  );
};

let scripts: ReadonlyMap<string, string>;
let server: Server;
let port: number;
let profile: string;
let browser: BrowserContext;
let origins = 0;

const launch = async (): Promise<void> => {
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: FLAGS,
  });
};

beforeAll(async () => {
  scripts = await bundle();
  server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    response.setHeader('content-security-policy', "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? '<!doctype html><script type="module" src="/stories.js"></script>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listening on a port');
  port = address.port;
  profile = mkdtempSync(join(tmpdir(), 'corridor-profile-'));
  await launch();
}, 120_000);

afterAll(async () => {
  await browser.close();
  server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

const openPage = async (origin: string): Promise<Page> => {
  const page = await browser.newPage();
  await page.goto(origin);
  await page.waitForFunction(() => globalThis.stories !== undefined);
  return page;
};
const newOrigin = (): string => `http://story-${origins++}.localhost:${port}`;

/** Runs a story in a page of an origin that has stored nothing yet. */
const inFreshOrigin = async <T>(story: (page: Page) => Promise<T>): Promise<T> => {
  const origin = newOrigin();
  const page = await openPage(origin);
  try {
    return await story(page);
  } finally {
    await page.close();
  }
};
/** The same with a small quota in force from the first write on. */
const withSmallQuota = async (story: (page: Page) => Promise<void>): Promise<void> => {
  const origin = newOrigin();
  const page = await browser.newPage();
  const protocol = await browser.newCDPSession(page);
  await protocol.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: QUOTA_BYTES });
  await page.exposeFunction('liftQuota', () => protocol.send('Storage.overrideQuotaForOrigin', { origin }));
  await page.goto(origin);
  await page.waitForFunction(() => globalThis.stories !== undefined);
  await story(page);
  await page.close();
};

describe('IndexedDB in Chromium', () => {
  test.for(STORE_CONTRACT.map(({ title }) => title))('%s', (title) =>
    withSmallQuota((page) => page.evaluate((one) => globalThis.stories.runClause(one, false), title)),
  );

  test.for(STORE_CONTRACT.map(({ title }) => title).filter((title) => /sign|seal|key/.test(title)))(
    'without key handles: %s',
    (title) =>
      withSmallQuota((page) => page.evaluate((one) => globalThis.stories.runClause(one, true), title)),
  );

  test('[W1] two connections race for each head, and exactly one is kept', () =>
    inFreshOrigin((page) => page.evaluate(() => globalThis.stories.raceTwoConnections())));

  test('[S4] a wipe takes under a second and leaves nothing, also while another tab holds the databases', async () => {
    const { milliseconds, left } = await inFreshOrigin((page) =>
      page.evaluate(() => globalThis.stories.wipeWhileHeld()),
    );
    expect(left.length).toBeGreaterThan(6);
    expect(left.filter((count) => count !== 0)).toEqual([]);
    expect(milliseconds).toBeLessThan(1000);
  });

  test('[S4] what signs goes first: cut short there, a wipe has sealed the book for ever', async () => {
    const { signing, book } = await inFreshOrigin((page) =>
      page.evaluate(() => globalThis.stories.wipeCutShort()),
    );
    expect(signing.length).toBe(5);
    expect(signing.filter((count) => count !== 0)).toEqual([]);
    expect(book.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });

  test('[S4] a disk that refuses to erase is told as what it kept, and a further try erases it', async () => {
    const [nothing, rest, all, listed] = await inFreshOrigin((page) =>
      page.evaluate(() => globalThis.stories.wipeRefused()),
    );
    expect(nothing).toEqual(['signing', 'book']);
    expect(rest).toEqual(['book']);
    expect(all).toEqual([]);
    expect(listed).toEqual([]);
  });

  test('[S4] a store that another tab wiped refuses and says so', () =>
    inFreshOrigin((page) => page.evaluate(() => globalThis.stories.wipedByAnother())));

  test.for(REFUSED_WRITES)(
    '[P6] %s: refused at each of its steps it says so, leaves nothing behind, and is kept once there is room',
    async (title) => {
      const steps = await inFreshOrigin((page) =>
        page.evaluate((one) => globalThis.stories.refuseEach(one), title),
      );
      expect(steps).toBeGreaterThan(1);
    },
  );

  test('[S4] keys are handles that the engine does not export', async () => {
    const found = await inFreshOrigin((page) => page.evaluate(() => globalThis.stories.keyIsAHandle()));
    expect(found).toEqual([false, 'InvalidAccessError', false, 'InvalidAccessError']);
  });

  test('[S4] without handles a secret lies sealed under its name', () =>
    inFreshOrigin((page) => page.evaluate(() => globalThis.stories.wrappedKeysAreSealed())));

  test('[P6] what was said to be kept is there after the browser has crashed', async () => {
    const origin = newOrigin();
    const page = await openPage(origin);
    const { device } = await page.evaluate(() => globalThis.stories.leave());
    const gone = new Promise((resolve) => browser.once('close', resolve));
    const protocol = await browser.newCDPSession(page);
    await protocol.send('Browser.crash').catch(() => undefined);
    await gone;
    await launch();
    const again = await openPage(origin);
    const found = await again.evaluate((key) => globalThis.stories.find(key), device);
    expect(found).toEqual([{ seq: 0, id: '1'.padStart(64, '0') }, { entry: 1 }, 128]);
    await again.close();
  });

  test('[W1] of two tabs one writes; the other writes when it is closed, and a third may give up', async () => {
    const origin = newOrigin();
    const [alice, bob, carol] = [await openPage(origin), await openPage(origin), await openPage(origin)];
    const writers = () => carol.evaluate(() => globalThis.stories.writers());
    expect(await writers()).toEqual({ taken: false, waiting: 0 });
    await alice.evaluate(() => globalThis.stories.write());
    const bobWrites = bob.evaluate(() => globalThis.stories.write());
    await expect.poll(writers).toEqual({ taken: true, waiting: 1 });
    expect(await carol.evaluate(() => globalThis.stories.giveUpWaiting())).toBe('AbortError');
    await alice.close();
    await bobWrites;
    await expect.poll(writers).toEqual({ taken: true, waiting: 0 });
    await bob.evaluate(() => globalThis.stories.stopWriting());
    await expect.poll(writers).toEqual({ taken: false, waiting: 0 });
    await bob.close();
    await carol.close();
  });
});

describe('sealing in Chromium', () => {
  test('[S1] a phone and an always-on machine seal to the same bytes', async () => {
    const raw = Array.from({ length: 32 }, (_, at) => at * 3);
    const entry = Array.from({ length: 250 }, (_, at) => at);
    const id = 'ab'.repeat(32) as Id;
    const signature = '5c'.repeat(64) as Signature;
    const key = await prepareBookKey(Uint8Array.from(raw), createNodeCipher());
    const inBrowser = await inFreshOrigin((page) =>
      page.evaluate((all) => globalThis.stories.seal(...all), [raw, entry, id, signature] as const),
    );
    expect(inBrowser).toEqual({
      entry: toHex(await sealEntry(key, Uint8Array.from(entry))),
      signature: toHex(await sealSignature(key, id, signature)),
    });
  });

  test('[S4] a passphrase locks and opens under the app’s policy, also a record made elsewhere', async () => {
    const record = [...(await lockRecord('correct horse', Uint8Array.of(9)))];
    const seen = await inFreshOrigin((page) =>
      page.evaluate((bytes) => globalThis.stories.lock(bytes), record),
    );
    expect(seen).toEqual([[1, 2, 3], [9], 'wrong-passphrase']);
  });

  test('[S4] what a lock or an older engine needs is not in the first script', () => {
    const first = scripts.get('/stories.js') ?? '';
    expect(first).not.toContain('AGFzbQ'); // the first bytes of a WebAssembly module in base64
    expect([...scripts.keys()]).toContain('/argon2.js');
    expect([...scripts.keys()]).toContain('/softHpke.js');
  });
});
