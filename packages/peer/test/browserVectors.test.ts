import { chromium, type Browser, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyVectors, signatureVectors } from '../../testing/src/vectors.ts';
import { createSignatureChecker } from '../src/signatureChecker.ts';
import { HASHED_LENGTHS, type BrowserOutcome } from './vectorsInBrowser.ts';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** The product's code and the vectors as one script, built in memory as the app is. */
const bundle = async (): Promise<string> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      target: 'es2024',
      rolldownOptions: {
        input: fileURLToPath(new URL('vectorsInBrowser.ts', import.meta.url)),
        output: { entryFileNames: 'vectors.js' },
      },
    },
  });
  const [chunk] = ([built].flat() as Rolldown.RolldownOutput[]).flatMap(({ output }) => output);
  if (chunk?.type !== 'chunk') throw new Error('the bundle is one script');
  return chunk.code;
};

let server: Server;
let browser: Browser;
let page: Page;
let outcomes: Readonly<Record<'page' | 'worker', BrowserOutcome>>;

beforeAll(async () => {
  const script = await bundle();
  server = createServer((request, response) => {
    // The policy the app is served with, as far as scripts go.
    response.setHeader('content-security-policy', "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
    response.setHeader('content-type', request.url === '/vectors.js' ? 'text/javascript' : 'text/html');
    response.end(
      request.url === '/vectors.js'
        ? script
        : '<!doctype html><script type="module" src="/vectors.js"></script>',
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listening on a port');
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: FLAGS,
  });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  await page.waitForFunction(() => globalThis.corridorOutcome !== undefined);
  outcomes = {
    page: await page.evaluate(() => globalThis.corridorOutcome as Promise<BrowserOutcome>),
    worker: await page.evaluate(
      () =>
        new Promise<BrowserOutcome>((resolve, reject) => {
          const worker = new Worker('/vectors.js', { type: 'module' });
          worker.addEventListener('message', (event: MessageEvent<BrowserOutcome>) => resolve(event.data));
          worker.addEventListener('error', ({ message }) => reject(new Error(message)));
        }),
    ),
  };
}, 120_000);

afterAll(async () => {
  await browser.close();
  server.close();
});

describe.each(['page', 'worker'] as const)('in a Chromium %s', (where) => {
  test('[E5] [I17] every hard vector gets the verdict it gets in Node, with and without WebCrypto', async () => {
    const { accelerated, withEngine, alone } = outcomes[where];
    const node = await createSignatureChecker();
    const inNode = await node.check(signatureVectors, { left: Infinity });
    expect(inNode).toEqual(signatureVectors.map(({ valid }) => (valid ? 'valid' : 'invalid')));
    expect(accelerated).toBe(true);
    expect(withEngine).toEqual(inNode);
    expect(alone).toEqual(inNode);
  });

  test('[E5] WebCrypto alone accepts nothing that E5 refuses, and the ordinary signatures', () => {
    const { engine } = outcomes[where];
    expect(signatureVectors.filter(({ valid }, i) => engine[i] === true && !valid)).toEqual([]);
    const refused = signatureVectors.filter((_, i) => engine[i] === false).map(({ name }) => name);
    expect(refused).toContain('crafted, torsion 3 in R under an ordinary key');
    expect(refused).not.toContain('crafted, an ordinary signature');
    expect(refused.filter((name) => name.startsWith('RFC 8032'))).toEqual([]);
  });

  test('[E5] an engine that accepts everything is not admitted, and the same keys are', () => {
    expect(outcomes[where].faultyAdmitted).toBe(false);
    expect(outcomes[where].ordinaryKeys).toEqual(keyVectors.map(({ ordinary }) => ordinary));
  });

  test('[E3] WebAssembly hashes under the app’s policy, and as Node does', () => {
    const { wasmHash, hashes } = outcomes[where];
    expect(wasmHash).toBe(true);
    expect(hashes).toEqual(
      HASHED_LENGTHS.map((length) =>
        createHash('sha256')
          .update(new Uint8Array(length).fill(length & 255))
          .digest('hex'),
      ),
    );
  });
});
