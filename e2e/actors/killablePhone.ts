/** A phone whose browser can be killed at any moment, and is opened again on what its disk has. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type LaunchOptions } from '@playwright/test';
import type { Phone } from './phone.ts';

export interface KillablePhone {
  readonly name: string;
  /** The browser as it runs now; the app's first page is open in it. */
  phone(): Phone;
  /** Ends the browser's process as a power cut would, its helpers with it or left behind to find out. */
  kill(how: 'all at once' | 'the browser alone'): Promise<void>;
  /** Starts it again on the same profile. */
  open(): Promise<void>;
  /** Closes it and forgets its profile. */
  end(): Promise<void>;
}
interface Running {
  readonly phone: Phone;
  /** The browser's own process first. */
  readonly processes: () => Promise<readonly number[]>;
}

/** `launch`: how this project starts its browser. */
export async function openKillable(name: string, url: string, launch: LaunchOptions): Promise<KillablePhone> {
  const profile = await mkdtemp(join(tmpdir(), 'corridor-profile-'));
  const faults: string[] = [];
  const start = async (): Promise<Running> => {
    const context = await chromium.launchPersistentContext(profile, {
      ...launch,
      headless: true,
      baseURL: url,
      locale: 'en-GB',
      viewport: { width: 360, height: 740 },
    });
    context.on('weberror', (event) => faults.push(`${name}: ${event.error().message}`));
    const page = context.pages()[0] ?? (await context.newPage());
    const protocol = await context.browser()?.newBrowserCDPSession();
    if (protocol === undefined) throw new Error('a browser of its own');
    await page.goto('/');
    return {
      phone: { name, context, page, url, faults },
      async processes() {
        const { processInfo } = await protocol.send('SystemInfo.getProcessInfo');
        const own = processInfo.filter(({ type }) => type === 'browser');
        return [...own, ...processInfo.filter(({ type }) => type !== 'browser')].map(({ id }) => id);
      },
    };
  };
  let running = await start();
  let ids = await running.processes();
  return {
    name,
    phone: () => running.phone,
    async kill(how) {
      const gone = closed(running.phone.context);
      for (const id of how === 'all at once' ? ids : ids.slice(0, 1)) killed(id);
      await gone;
    },
    async open() {
      running = await start();
      ids = await running.processes();
    },
    async end() {
      await running.phone.context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
const closed = (context: BrowserContext): Promise<void> =>
  new Promise((resolve) => void context.once('close', () => resolve()));
/** It may be gone already: its browser was the first to go. */
function killed(process_: number): void {
  try {
    process.kill(process_, 'SIGKILL');
  } catch {
    return;
  }
}
