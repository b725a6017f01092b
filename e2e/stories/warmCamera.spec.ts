import type { Page } from '@playwright/test';
import { FAKE_CAMERA } from '../actors/camera.ts';
import { expect, test } from '../actors/test.ts';

/** After {@link FAKE_CAMERA}: counts how often the camera was opened, and how many of its pictures still run. */
const COUNT_CAMERAS = `
  (() => {
    const ask = Permissions.prototype.query;
    globalThis.permissionsTold = 0;
    Permissions.prototype.query = async function (about) {
      const told = await ask.call(this, about);
      // after whoever asked has gone on
      setTimeout(() => globalThis.permissionsTold++, 0);
      return told;
    };
    const tracks = [];
    const media = navigator.mediaDevices;
    if (media === undefined) return;
    const open = media.getUserMedia.bind(media);
    media.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      tracks.push(...stream.getTracks());
      return stream;
    };
    globalThis.cameras = () => ({
      opened: tracks.length,
      running: tracks.filter(({ readyState }) => readyState === 'live').length,
    });
  })();
`;
declare global {
  /** What {@link COUNT_CAMERAS} counts. */
  var cameras: () => { readonly opened: number; readonly running: number };
  /** How often the app was told whether it may, and has acted on it. */
  var permissionsTold: number;
}

const cameras = (page: Page) => page.evaluate(() => globalThis.cameras());
const showCode = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Look around a demo circle' }).click();
  await page.getByRole('link', { name: 'Get paid' }).click();
  await page.getByRole('button', { name: 'Show code' }).click();
  await expect(page.getByRole('img', { name: /^QR code of your request/ })).toBeVisible();
};
const before = FAKE_CAMERA + COUNT_CAMERAS;

test('while a code is shown the camera is warm: the scan takes it over, and leaving or hiding stops it', async ({
  phone,
}) => {
  const { page } = await phone('Ana', { before, permissions: ['camera'] });
  await showCode(page);
  await expect.poll(() => cameras(page)).toEqual({ opened: 1, running: 1 });

  await page.getByRole('link', { name: 'Scan their screen' }).click();
  await expect
    .poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth))
    .toBeGreaterThan(0);
  expect(await cameras(page)).toEqual({ opened: 1, running: 1 });

  // Back at the code: that picture has ended, and the next is warm.
  await page.getByRole('link', { name: 'Back' }).click();
  await expect.poll(() => cameras(page)).toEqual({ opened: 2, running: 1 });
  const hide = (state: 'hidden' | 'visible') =>
    page.evaluate((now) => {
      Object.defineProperty(document, 'visibilityState', { value: now, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await hide('hidden');
  await expect.poll(() => cameras(page)).toEqual({ opened: 2, running: 0 });
  await hide('visible');
  await expect.poll(() => cameras(page)).toEqual({ opened: 3, running: 1 });

  await page.getByRole('link', { name: 'Back' }).click();
  await expect(page.getByTestId('balance')).toBeVisible();
  await expect.poll(() => cameras(page)).toEqual({ opened: 3, running: 0 });
});

test('where the browser would ask first, nothing is opened before the scan', async ({ phone }) => {
  const { page } = await phone('Ana', { before });
  await showCode(page);
  await expect.poll(() => page.evaluate(() => globalThis.permissionsTold)).toBe(1);
  expect(await cameras(page)).toEqual({ opened: 0, running: 0 });
  const { state } = await page.evaluate(() => navigator.permissions.query({ name: 'camera' }));
  expect(state).not.toBe('granted');
  await page.getByRole('link', { name: 'Scan their screen' }).click();
  await expect.poll(() => cameras(page)).toEqual({ opened: 1, running: 1 });
});
