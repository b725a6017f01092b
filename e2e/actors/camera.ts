import type { Locator } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Phone } from './phone.ts';

/**
 * For `before`: this phone's camera shows what the test holds in front of it. The stream, the video element, the
 * decoder and its worker stay the app's own.
 */
export const FAKE_CAMERA = `
  (() => {
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const context = canvas.getContext('2d');
    let seen = null;
    let frame = 0;
    const draw = () => {
      // A camera's picture is never still: the light moves, and the hand a little.
      frame += 1;
      context.fillStyle = frame % 2 === 0 ? '#6b6f6a' : '#6d706c';
      context.fillRect(0, 0, canvas.width, canvas.height);
      if (seen === null) return;
      const scale = 640 / Math.max(seen.width, seen.height);
      context.save();
      context.translate(canvas.width / 2 + (frame % 3), canvas.height / 2);
      context.rotate(0.05);
      context.drawImage(seen, (-seen.width * scale) / 2, (-seen.height * scale) / 2, seen.width * scale, seen.height * scale);
      context.restore();
    };
    setInterval(draw, 100);
    window.holdInFrontOfCamera = async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      seen = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    };
    const media = navigator.mediaDevices;
    if (media === undefined) return;
    media.getUserMedia = async () => canvas.captureStream(10);
    media.enumerateDevices = async () => [{ kind: 'videoinput', deviceId: 'back', groupId: '', label: 'back' }];
  })();
`;

declare global {
  /** What {@link FAKE_CAMERA} adds to a page. */
  var holdInFrontOfCamera: (base64: string) => Promise<void>;
}

/** Holds a phone, showing `code` on its screen, in front of another one's camera. */
export const holdInFront = async (camera: Phone, code: Locator): Promise<void> => {
  await expect(code).toBeVisible();
  const pixels = await code.screenshot();
  await camera.page.evaluate((base64) => globalThis.holdInFrontOfCamera(base64), pixels.toString('base64'));
};

/** How many bytes a code on the screen carries: base45 packs two bytes into three letters. */
export const bytesOfCode = async (code: Locator): Promise<number> => {
  const text = (await code.getAttribute('data-code')) ?? '';
  expect(text).toMatch(/^CORRIDOR:[0-9A-Z $%*+./:-]+$/);
  return Math.floor(((text.length - 'CORRIDOR:'.length) * 2) / 3);
};
