import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** `npm run peer` as a process of its own, with a folder of its own. */
export interface AlwaysOnProcess {
  /** What its status page says. */
  status(): Promise<Readonly<Record<string, string>>>;
  end(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../packages/peer/src/node/main.ts', import.meta.url));

export const startAlwaysOn = async (invite: string): Promise<AlwaysOnProcess> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'corridor-always-on-'));
  const args = ['--invite', invite, '--data', dataDir, '--status-port', '0', '--json'];
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  for await (const line of createInterface(child.stdout)) {
    const { status } = JSON.parse(line) as { status: string };
    return {
      async status() {
        const answer = await fetch(`${status}status.json`);
        return (await answer.json()) as Record<string, string>;
      },
      async end() {
        if (child.exitCode === null && child.signalCode === null) {
          const gone = once(child, 'exit');
          child.kill('SIGTERM');
          await gone;
        }
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  }
  throw new Error(`The always-on peer did not start. ${complaint}`);
};
