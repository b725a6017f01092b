import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readOptions } from '../src/options.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const FREE = ['--ephemeral', '--host', '127.0.0.1', '--port', '0', '--stun-port', '0', '--status-port', '0'];

/** `npm run relay` as a process of its own. */
const start = (args: readonly string[], env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env['PATH'], ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const out = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out.stdout += chunk.toString();
      if (out.stdout.includes('\n')) resolve(out.stdout.slice(0, out.stdout.indexOf('\n')));
    });
    child.once('exit', () => reject(new Error(`it ended: ${out.stderr}`)));
  });
  firstLine.catch(() => undefined);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, out, firstLine, ended };
};

describe('npm run relay', () => {
  test('--json tells a program where everything is; SIGTERM ends it cleanly within two seconds', async () => {
    const { child, firstLine, ended } = start([...FREE, '--json']);
    const told = JSON.parse(await firstLine) as Record<string, unknown>;
    expect(told).toMatchObject({
      appUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      httpPort: expect.any(Number),
      stunPort: expect.any(Number),
      statusPort: expect.any(Number),
      peerId: expect.stringMatching(/^12D3KooW/),
    });
    const about = (await (await fetch(`${String(told['appUrl'])}relay.json`)).json()) as Record<
      string,
      unknown
    >;
    expect(about['peerId']).toBe(told['peerId']);
    const status = `http://127.0.0.1:${String(told['statusPort'])}`;
    expect(await (await fetch(`${status}/health`)).text()).toBe('ok\n');
    const metrics = await (await fetch(`${status}/metrics`)).text();
    expect(metrics).toContain('corridor_relay_reservations 0\n');
    expect(metrics).not.toContain(String(told['peerId']));
    const held = new WebSocket(String(told['appUrl']).replace('http', 'ws'));
    await new Promise((resolve) => (held.onopen = resolve));
    const from = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(performance.now() - from).toBeLessThan(2000);
  });

  test('without --json it speaks in sentences, and Ctrl-C ends it', async () => {
    const { child, out, firstLine, ended } = start(FREE);
    expect(await firstLine).toMatch(/^The app is at http:\/\/127\.0\.0\.1:\d+\/$/);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(out.stderr).toBe('');
  });

  test('--help lists every option', async () => {
    const { out, ended } = start(['--help']);
    expect(await ended).toBe(0);
    for (const flag of [
      '--port',
      '--stun-port',
      '--cert',
      '--data',
      '--trust-proxy',
      'CORRIDOR_RELAY_STUN_PORT',
    ])
      expect(out.stdout).toContain(flag);
  });

  test('a port in use is told in a sentence, with what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const port = String((other.address() as AddressInfo).port);
    const { out, ended } = start([
      ...FREE.slice(0, 3),
      '--port',
      port,
      '--stun-port',
      'off',
      '--status-port',
      'off',
    ]);
    expect(await ended).toBe(2);
    expect(out.stderr).toBe(
      `The web port ${port} is in use by another program. Stop that one, or choose another port with --port.\n`,
    );
  });
});

describe('options', () => {
  test('the command line wins over the environment, which wins over the defaults', () => {
    const env = {
      CORRIDOR_RELAY_PORT: '5000',
      CORRIDOR_RELAY_STUN_PORT: 'off',
      CORRIDOR_RELAY_TRUST_PROXY: '1',
      OTHER: 'x',
    };
    expect(readOptions(['--port', '6000', '--circuit-mib=3'], env)).toMatchObject({
      kind: 'run',
      json: false,
      config: {
        httpPort: 6000,
        stunPort: 'off',
        statusPort: 4701,
        trustProxy: true,
        limits: { circuitBytes: 3 * 2 ** 20, circuitSeconds: 7200 },
      },
    });
    expect(readOptions(['--max-connections', '8'], {})).toMatchObject({
      config: { limits: { connections: 8, connectionsPerAddress: 8 } },
    });
  });

  test('without a folder of its own the key is kept in the home of the user', () => {
    expect(readOptions([], { XDG_DATA_HOME: '/home/ana/data' })).toMatchObject({
      config: { dataDir: '/home/ana/data/corridor-relay' },
    });
    expect(readOptions(['--ephemeral'], {})).toMatchObject({ config: { dataDir: undefined } });
  });

  test.each([
    [['--prot', '1'], '--prot is not an option. See --help.'],
    [['serve'], '"serve" is not an option. See --help.'],
    [['--port'], '--port needs a value: PORT.'],
    [['--port', '70000'], '--port is a whole number from 0 to 65535, not "70000".'],
    [['--port', '-1'], '--port is a whole number from 0 to 65535, not "-1".'],
    [['--port', '1', '--port', '2'], '--port is given twice.'],
    [['--trust-proxy=yes'], '--trust-proxy takes no value.'],
    [['--cert', 'a.pem'], '--cert and --key belong together: give both.'],
    [['--data', 'x', '--ephemeral'], 'Give either --data or --ephemeral, not both.'],
    [['--stun-address', 'localhost'], '--stun-address is an IP address of this machine, not "localhost".'],
    [['--max-circuits', '0'], '--max-circuits is a whole number from 1 to 100000, not "0".'],
  ])('%j: %s', (args, sentence) => {
    expect(readOptions(args, {})).toEqual({ kind: 'wrong', sentence });
  });

  test('a variable that is misspelt is told too', () => {
    expect(readOptions([], { CORRIDOR_RELAY_PROT: '1' })).toEqual({
      kind: 'wrong',
      sentence: 'The environment variable CORRIDOR_RELAY_PROT is not known.',
    });
  });
});
