/** The relay with the built app, a browser, and phones in it that can be measured. All on loopback. */
import { join } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { createRelay, type Relay, type RelayWish } from '../../../relay/src/index.ts';
import { newPhone, type Phone } from '../../../e2e/actors/phone.ts';
import { PAGE_INSTRUMENT, WORKER_INSTRUMENT } from './instruments.ts';

/** Without these a headless Chromium talks to its maker, hides local addresses, or needs a graphics card. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  // Both phones are to be looked at at once: neither is in the background.
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];
const WAIT_MS = 120_000;

export interface Stage {
  readonly relay: Relay;
  readonly url: string;
  phone(name: string): Promise<Phone>;
  close(): Promise<void>;
}
/** Opens it. `root`: the project's folder, where the app has been built. */
export async function openStage(root: string, wish: RelayWish = {}): Promise<Stage> {
  const relay = await createRelay({
    host: '127.0.0.1',
    httpPort: 0,
    stunPort: 0,
    statusPort: 'off',
    webDir: join(root, 'web/dist'),
    ...wish,
  });
  const browser: Browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
    args: FLAGS,
  });
  const url = `http://localhost:${relay.httpPort}`;
  return {
    relay,
    url,
    async phone(name) {
      // A service worker would hand out the worker's code before it can be given its clock.
      const phone = await newPhone(browser, url, name, { before: PAGE_INSTRUMENT, serviceWorkers: 'block' });
      phone.context.setDefaultTimeout(WAIT_MS);
      await phone.context.route('**/assets/peer.worker-*.js', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: WORKER_INSTRUMENT + (await response.text()) });
      });
      await phone.page.goto('/');
      return phone;
    },
    async close() {
      await browser.close();
      await relay.stop();
    },
  };
}
