import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Relay, RelayWish } from '../src/index.ts';
import { MAX_OTHER_RELAYS } from '../src/limits.ts';
import { runRelay } from './neighbours.ts';

const SCRIPT = 'export const greeting = "good morning";\n'.repeat(50);
const PAGE = '<!doctype html><title>Corridor</title>';
const SECRET = 'not for the network';

const folder = async (): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'corridor-web-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
};

/** A relay that serves a small app; beside the app's folder lies a file that nobody may see. */
const serveApp = async (wish: RelayWish = {}): Promise<Relay> => {
  const dir = await folder();
  const webDir = join(dir, 'dist');
  await mkdir(join(webDir, 'assets'), { recursive: true });
  await Promise.all([
    writeFile(join(webDir, 'index.html'), PAGE),
    writeFile(join(webDir, 'sw.js'), 'self.skipWaiting;\n'),
    writeFile(join(webDir, 'manifest.webmanifest'), '{}'),
    writeFile(join(webDir, 'assets', 'app-1a2b.js'), SCRIPT),
    writeFile(join(webDir, 'assets', 'font-3c.woff2'), 'font'),
    writeFile(join(webDir, '.env'), SECRET),
    writeFile(join(dir, 'secret.txt'), SECRET),
    writeFile(join(dir, 'dist-secret.txt'), SECRET),
  ]);
  await symlink(join(dir, 'secret.txt'), join(webDir, 'assets', 'link.txt'));
  return await runRelay({ webDir, ...wish });
};

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
/** Asks for the path as it stands: no client tidies it first. */
const get = (
  relay: Relay,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Got> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: relay.httpPort, path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
const NAVIGATION = { Accept: 'text/html,application/xhtml+xml' };

describe('the app from the relay', () => {
  test('hashed files stay for ever, everything else is asked for again', async () => {
    const relay = await serveApp();
    const asset = await get(relay, '/assets/app-1a2b.js');
    expect(asset.status).toBe(200);
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(asset.body.toString()).toBe(SCRIPT);
    for (const [path, type] of [
      ['/', 'text/html; charset=utf-8'],
      ['/sw.js', 'text/javascript; charset=utf-8'],
      ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8'],
    ] as const) {
      const got = await get(relay, path);
      expect([path, got.status, got.headers['cache-control'], got.headers['content-type']]).toEqual([
        path,
        200,
        'no-cache',
        type,
      ]);
    }
    const again = await get(relay, '/sw.js', {
      'If-None-Match': String((await get(relay, '/sw.js')).headers.etag),
    });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect((await get(relay, '/assets/font-3c.woff2')).headers['content-type']).toBe('font/woff2');
  });

  test('text is compressed as the browser allows', async () => {
    const relay = await serveApp();
    const br = await get(relay, '/assets/app-1a2b.js', { 'Accept-Encoding': 'gzip, deflate, br' });
    expect(br.headers['content-encoding']).toBe('br');
    expect(br.headers.vary).toBe('Accept-Encoding');
    expect(brotliDecompressSync(br.body).toString()).toBe(SCRIPT);
    const gz = await get(relay, '/assets/app-1a2b.js', { 'Accept-Encoding': 'gzip, br;q=0' });
    expect(gz.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gz.body).toString()).toBe(SCRIPT);
    expect(gz.headers.etag).not.toBe(br.headers.etag);
    const head = await get(relay, '/assets/app-1a2b.js', { 'Accept-Encoding': 'br' }, 'HEAD');
    expect([head.status, head.body.length, head.headers['content-length']]).toEqual([
      200,
      0,
      String(br.body.length),
    ]);
  });

  test("the app's own addresses get its page; missing files and other methods do not", async () => {
    const relay = await serveApp();
    const page = await get(relay, '/join/circle?x=1', NAVIGATION);
    expect([page.status, page.body.toString()]).toEqual([200, PAGE]);
    expect((await get(relay, '/assets/gone-9z.js', NAVIGATION)).status).toBe(404);
    expect((await get(relay, '/gone.png', { Accept: 'image/*' })).status).toBe(404);
    const post = await get(relay, '/', {}, 'POST');
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  test('no path leads out of the folder, to hidden files or through a link', async () => {
    const relay = await serveApp();
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/../dist-secret.txt',
      '/assets/link.txt',
      '/.env',
      '/%00',
      '/%zz',
      '//secret.txt',
    ]) {
      const got = await get(relay, path, { Accept: '*/*' });
      expect([path, [400, 404].includes(got.status), got.body.includes(SECRET)]).toEqual([path, true, false]);
    }
  });

  test('every answer forbids what the app does not need', async () => {
    const other =
      '/dns4/relay.example.org/tcp/443/tls/ws/p2p/12D3KooWNRDGCQHMonR2wWm9DNX1iZbkWaHzaFqPB6Rz9fnVbzVL';
    const relay = await serveApp({ otherRelays: [other] });
    for (const path of ['/', '/assets/app-1a2b.js', '/gone', '/relay.json', '/%zz']) {
      const { headers } = await get(relay, path, { Host: 'corridor.lan:4700' });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ");
      expect(policy).toContain(
        "connect-src 'self' ws://corridor.lan:4700 wss://corridor.lan:4700 wss://relay.example.org:443;",
      );
      expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'");
      expect(policy).not.toContain('unsafe-inline');
      expect(headers['permissions-policy']).toContain('camera=(self)');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    }
    const forged = await get(relay, '/', { Host: "x; script-src 'unsafe-inline'" });
    expect(forged.headers['content-security-policy']).toContain(
      "connect-src 'self' wss://relay.example.org:443;",
    );
  });

  test('[S3] relay.json tells the app what it needs to reach this relay, and nothing else', async () => {
    const relay = await runRelay({ stunPort: 0 }, { now: () => 20_000.5 * 86_400_000 });
    const got = await get(relay, '/relay.json');
    expect(JSON.parse(got.body.toString())).toEqual({
      peerId: relay.peerId,
      path: '/',
      stunPort: relay.stunPort,
      stunHost: '',
      day: 20_000,
      version: '0.1.0',
      otherRelays: [],
    });
    expect(got.headers['cache-control']).toBe('no-store');
  });

  test('[S3] the app is told of the further relays, and its policy lets it reach them and no other', async () => {
    const named = (n: number): string =>
      `/dns4/r${n}.example.org/tcp/443/tls/ws/p2p/12D3KooWNRDGCQHMonR2wWm9DNX1iZbkWaHzaFqPB6Rz9fnVbzVL`;
    const plain = '/ip4/10.0.0.7/tcp/4700/ws/p2p/12D3KooWNRDGCQHMonR2wWm9DNX1iZbkWaHzaFqPB6Rz9fnVbzVL';
    const relay = await runRelay({ otherRelays: [named(1), plain] });
    const got = await get(relay, '/relay.json', { Host: 'corridor.lan' });
    expect(JSON.parse(got.body.toString())).toMatchObject({ otherRelays: [named(1), plain] });
    expect(String(got.headers['content-security-policy'])).toContain(
      "connect-src 'self' ws://corridor.lan wss://corridor.lan wss://r1.example.org:443 ws://10.0.0.7:4700;",
    );
    await expect(
      runRelay({ publicUrl: 'https://app.example.org', otherRelays: [named(1), plain] }),
    ).rejects.toThrow(`--other-relay ${plain} is without TLS`);
    const many = Array.from({ length: MAX_OTHER_RELAYS + 1 }, (_, n) => named(n));
    await expect(runRelay({ otherRelays: many })).rejects.toThrow('15 times at most');
    await expect(runRelay({ otherRelays: ['relay.example.org'] })).rejects.toThrow("no relay's address");
  });

  test('an app that is not built yet is told in a sentence', async () => {
    const relay = await runRelay({ webDir: join(await folder(), 'nothing') });
    const got = await get(relay, '/', NAVIGATION);
    expect([got.status, got.body.toString()]).toEqual([
      503,
      expect.stringContaining('has not been built yet'),
    ]);
  });
});

describe('https from a given certificate', () => {
  const makeCertificate = async (): Promise<{ certFile: string; keyFile: string }> => {
    const dir = await folder();
    const [certFile, keyFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ];
    await promisify(execFile)('openssl', [
      ...made,
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', keyFile, '-out', certFile],
    ]).catch((cause: unknown) => {
      throw new Error('This test makes its certificate with openssl: install it (apt-get install openssl).', {
        cause,
      });
    });
    return { certFile, keyFile };
  };

  test('the app and the WebSocket come over TLS, on the one port', async () => {
    const { certFile, keyFile } = await makeCertificate();
    const relay = await serveApp({ certFile, keyFile });
    expect(relay.appUrl).toBe(`https://127.0.0.1:${relay.httpPort}/`);
    expect(relay.multiaddrs[0]).toContain('/tls/ws/p2p/');

    const ca = await readFile(certFile);
    const options = { host: '127.0.0.1', port: relay.httpPort, ca, agent: false as const };
    const status = await new Promise((resolve, reject) => {
      secureRequest({ ...options, path: '/' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    const upgraded = await new Promise<number>((resolve, reject) => {
      secureRequest({
        ...options,
        path: '/',
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        },
      })
        .on('upgrade', (response, socket) => {
          socket.destroy();
          resolve(response.statusCode ?? 0);
        })
        .on('error', reject)
        .end();
    });
    expect(upgraded).toBe(101);
  });

  test('a key that does not fit, or a missing file, is named', async () => {
    const [mine, other] = [await makeCertificate(), await makeCertificate()];
    await expect(runRelay({ certFile: mine.certFile, keyFile: other.keyFile })).rejects.toThrow(
      /belong together/,
    );
    await expect(runRelay({ certFile: '/nowhere/cert.pem', keyFile: mine.keyFile })).rejects.toThrow(
      '/nowhere/cert.pem, could not be read (ENOENT)',
    );
    await expect(runRelay({ certFile: mine.certFile })).rejects.toThrow('--cert and --key belong together');
  });
});
