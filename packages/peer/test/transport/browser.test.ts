import { chromium } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import type { Relay } from '@corridor/relay';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import type { Rolldown } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Link } from '../../src/ports.ts';
import { seedOf, startRelay } from './lab.ts';
import type { PageDriver } from './pageInBrowser.ts';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-component-update'],
  ...['--disable-background-networking', '--disable-sync', '--disable-features=WebRtcHideLocalIpsWithMdns'],
];
/** The whole peer chunk may weigh 190 kB; the transport is its largest part. */
const MAX_TRANSPORT_GZ_BYTES = 150_000;

const inTransport = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** One script, built in memory as the app is. */
async function bundle(input: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      target: 'es2024',
      modulePreload: false,
      rolldownOptions: { input, preserveEntrySignatures: 'strict', output: { codeSplitting: false } },
    },
  });
  const chunks = ([built].flat() as Rolldown.RolldownOutput[]).flatMap(({ output }) => output);
  const [chunk] = chunks;
  if (chunk?.type !== 'chunk' || chunks.length !== 1) throw new Error('the bundle is one script');
  return chunk.code;
}

let script: string;
let server: Server;
let origin: string;
let browser: Browser;
let dataDir: string;
let relay: Relay;

beforeAll(async () => {
  script = await bundle(inTransport('pageInBrowser.ts'));
  server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listening on a port');
  origin = `http://127.0.0.1:${address.port}/`;
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: FLAGS,
  });
});
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'corridor-relay-'));
  relay = await startRelay(dataDir);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await relay.stop();
  await rm(dataDir, { recursive: true });
});
afterAll(async () => {
  await browser.close();
  server.close();
});

/** Runs in the page before anything else: notes which servers each peer connection is told to ask. */
function notePeerConnections(): void {
  window.stunServers = [];
  const Native = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      const servers = configuration?.iceServers ?? [{ urls: 'defaults' }];
      window.stunServers.push(servers.flatMap(({ urls }) => urls));
    }
  };
}

/** A page of one person in a profile of their own. Their calls run in the page. */
async function open(name: string, word: string, relayOnly = false) {
  const context = await browser.newContext();
  const page: Page = await context.newPage();
  const strangers: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') strangers.push(request.url());
  });
  await page.addInitScript(notePeerConnections);
  await page.goto(origin);
  const call = <K extends keyof PageDriver>(method: K, ...args: Parameters<PageDriver[K]>) =>
    page.evaluate(([key, given]) => Reflect.apply(window.driver[key], undefined, given), [
      method,
      args,
    ] as const) as Promise<Awaited<ReturnType<PageDriver[K]>>>;
  await call('start', [...seedOf(name)], relay.multiaddrs, word);
  if (relayOnly) await call('setRelayOnly', true);
  return { page, call, strangers };
}
type Person = Awaited<ReturnType<typeof open>>;

async function exchange(from: Person, near: Link, to: Person, far: Link): Promise<void> {
  expect(await from.call('send', near.id, [1, 2, 3])).toBe(true);
  expect(await from.call('send', near.id, Array<number>(60_000).fill(9))).toBe(true);
  const got = await to.call('received', far.id, 2);
  expect([got[0], got[1]?.length]).toEqual([[1, 2, 3], 60_000]);
}

test('two browsers meet at the relay, connect directly, and go on when the relay is gone', async () => {
  const [ana, ben] = await Promise.all([open('Ana', 'street'), open('Ben', 'street')]);
  const [near, far] = await Promise.all([ana.call('linkBy', 'direct'), ben.call('linkBy', 'direct')]);
  expect(near.outgoing).not.toBe(far.outgoing);

  await relay.stop();
  await Promise.all([ana.call('relayIs', 'down'), ben.call('relayIs', 'down')]);
  await exchange(ana, near, ben, far);
  await exchange(ben, far, ana, near);

  // No third party was asked anything: not over HTTP, and not for our address.
  for (const who of [ana, ben]) {
    expect(who.strangers).toEqual([]);
    const asked = await who.page.evaluate(() => window.stunServers);
    expect(asked.length).toBeGreaterThan(0);
    expect(new Set(asked.flat())).toEqual(new Set([`stun:127.0.0.1:${relay.stunPort}`]));
  }
});

test('[S3] in relay-only mode no peer connection is made on either side, and messages go by the relay', async () => {
  const [ana, ben] = await Promise.all([open('Ana', 'quiet', true), open('Ben', 'quiet')]);
  const [near, far] = await Promise.all([ana.call('linkBy', 'relayed'), ben.call('linkBy', 'relayed')]);
  await exchange(ana, near, ben, far);
  await exchange(ben, far, ana, near);
  expect(await ana.page.evaluate(() => window.stunServers)).toEqual([]);
});

test('[S3] a direct connection that ends falls back to the relay, and comes again when it may', async () => {
  const [ana, ben] = await Promise.all([open('Ana', 'back'), open('Ben', 'back')]);
  const [before] = await Promise.all([ana.call('linkBy', 'direct'), ben.call('linkBy', 'direct')]);
  await ana.call('setRelayOnly', true);
  await ana.call('closed', before.id);
  const [near, far] = await Promise.all([ana.call('linkBy', 'relayed'), ben.call('linkBy', 'relayed')]);
  await exchange(ana, near, ben, far);
  await ana.call('setRelayOnly', false);
  const [direct, other] = await Promise.all([
    ana.call('linkBy', 'direct', before.id),
    ben.call('linkBy', 'direct'),
  ]);
  await exchange(ana, direct, ben, other);
});

test('a reloaded page is back on a direct connection', async () => {
  const [ana, ben] = await Promise.all([open('Ana', 'again'), open('Ben', 'again')]);
  const [, before] = await Promise.all([ana.call('linkBy', 'direct'), ben.call('linkBy', 'direct')]);
  await ana.page.reload();
  await ana.call('start', [...seedOf('Ana')], relay.multiaddrs, 'again');
  const [near, far] = await Promise.all([
    ana.call('linkBy', 'direct'),
    ben.call('linkBy', 'direct', before.id),
  ]);
  await exchange(ben, far, ana, near);
});

test('the transport fits into the peer chunk', async () => {
  const code = await bundle(inTransport('../../src/transport/index.ts'));
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(MAX_TRANSPORT_GZ_BYTES);
});
