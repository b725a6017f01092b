import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

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
  // No name leads off this machine; this one is a village's laptop as its neighbours' phones see it.
  '--host-resolver-rules=MAP village.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

export default defineConfig({
  testDir: './stories',
  outputDir: '../test-results',
  globalSetup: fileURLToPath(new URL('./globalSetup.ts', import.meta.url)),
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    headless: true,
    screenshot: 'only-on-failure',
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    launchOptions: { executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium', args: FLAGS },
  },
});
