import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The real relay in a process of its own, on loopback. */
export interface RelayProcess {
  /** Where the app is, without a slash at its end. */
  readonly url: string;
  readonly httpPort: number;
  readonly stunPort: number;
  readonly multiaddr: string;
  /** Cuts it off as a power failure would. */
  kill(): Promise<void>;
  /** Runs it again: same key, same ports; with these options from then on. */
  restart(more?: readonly string[]): Promise<void>;
  /** Ends it and forgets its key. */
  end(): Promise<void>;
}

interface Announcement {
  readonly httpPort: number;
  readonly stunPort: number;
  readonly multiaddrs: readonly string[];
}

const MAIN = fileURLToPath(new URL('../../relay/src/main.ts', import.meta.url));

const launch = async (
  options: readonly string[],
  httpPort: number,
  stunPort: number,
): Promise<{ child: ChildProcess; said: Announcement }> => {
  const args = ['--json', '--host', '127.0.0.1', '--status-port', 'off', ...options];
  const child = spawn(
    process.execPath,
    [MAIN, ...args, '--port', String(httpPort), '--stun-port', String(stunPort)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  for await (const line of createInterface(child.stdout)) {
    return { child, said: JSON.parse(line) as Announcement };
  }
  throw new Error(`The relay did not start. ${complaint}`);
};

/** `webDir`: another app than the one that was built here. */
export const startRelay = async (webDir?: string): Promise<RelayProcess> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'corridor-relay-'));
  const own = ['--data', dataDir, ...(webDir === undefined ? [] : ['--web', webDir])];
  let options: readonly string[] = own;
  let { child, said } = await launch(options, 0, 0);
  const { httpPort, stunPort } = said;
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    // A name, so that the page's origin is as on a person's own machine.
    url: `http://localhost:${httpPort}`,
    httpPort,
    stunPort,
    multiaddr: said.multiaddrs[0] ?? '',
    kill,
    async restart(more) {
      await kill();
      if (more !== undefined) options = [...own, ...more];
      ({ child } = await launch(options, httpPort, stunPort));
    },
    async end() {
      await kill();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
