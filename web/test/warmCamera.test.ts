import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWarmCamera } from '../src/scan/warmCamera.ts';
import type { CameraPorts } from '../src/scan/warmCamera.ts';

interface Track {
  readyState: 'live' | 'ended';
}
/** A stream as far as anybody here looks at one. */
const streamOf = (track: Track): MediaStream =>
  Object.assign(Object.create(null), { getVideoTracks: () => [track] });

/** A phone with one camera, which notes what is done to it. */
const phone = (may = true) => {
  const opened: string[] = [];
  const stopped: MediaStream[] = [];
  const opening: (() => void)[] = [];
  const tracks: Track[] = [];
  const ports: CameraPorts = {
    mayOpen: async () => may,
    open: (facing) =>
      new Promise((resolve) => {
        opened.push(facing);
        opening.push(() => {
          const track: Track = { readyState: 'live' };
          tracks.push(track);
          resolve({ ok: true, stream: streamOf(track), cameras: 1 });
        });
      }),
    stop: (stream) => stopped.push(stream),
  };
  /** Lets promises run, and the camera open as far as it was asked to. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) {
      await Promise.resolve();
      opening.shift()?.();
    }
  };
  return { opened, stopped, tracks, settle, camera: createWarmCamera(ports) };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a browser that would ask is not asked: the camera opens when it is wanted', async () => {
  const { camera, opened, settle } = phone(false);
  camera.warm();
  await settle();
  expect(opened).toEqual([]);
  const taken = camera.take('environment');
  await settle();
  expect((await taken).ok).toBe(true);
  expect(opened).toEqual(['environment']);
});

test('who scans gets the warm camera, also while it is still opening; the next gets a new one', async () => {
  const { camera, opened, stopped, settle } = phone();
  camera.warm();
  camera.warm();
  await Promise.resolve();
  await Promise.resolve();
  const first = camera.take('environment');
  await settle();
  const outcome = await first;
  expect(opened).toHaveLength(1);
  const second = camera.take('environment');
  await settle();
  expect(await second).not.toBe(outcome);
  expect(opened).toHaveLength(2);
  camera.cool('now');
  await settle();
  // what was taken is the taker's to stop
  expect(stopped).toEqual([]);
});

test('left for another screen it is stopped at once, also when it opens only afterwards', async () => {
  const { camera, opened, stopped, settle } = phone();
  camera.warm();
  await settle();
  camera.cool('now');
  await settle();
  expect(stopped).toHaveLength(1);
  camera.warm();
  await Promise.resolve();
  await Promise.resolve();
  expect(opened).toHaveLength(2);
  camera.cool('now');
  await settle();
  expect(stopped).toHaveLength(2);
});

test('left before the browser has said what it allows, it is not opened at all', async () => {
  const { camera, opened, settle } = phone();
  camera.warm();
  camera.cool('now');
  await settle();
  expect(opened).toEqual([]);
});

test('on the way to the scan screen it stays warm for a moment, and no longer', async () => {
  const { camera, opened, stopped, settle } = phone();
  camera.warm();
  await settle();
  camera.cool('soon');
  vi.advanceTimersByTime(1000);
  const taken = camera.take('environment');
  await settle();
  expect((await taken).ok).toBe(true);
  vi.advanceTimersByTime(60_000);
  await settle();
  expect([opened.length, stopped.length]).toEqual([1, 0]);

  camera.warm();
  await settle();
  camera.cool('soon');
  vi.advanceTimersByTime(60_000);
  await settle();
  expect(stopped).toHaveLength(1);
});

test('the other camera, or one that another app took meanwhile, is not handed on', async () => {
  const { camera, opened, stopped, tracks, settle } = phone();
  camera.warm();
  await settle();
  const front = camera.take('user');
  await settle();
  expect((await front).ok).toBe(true);
  expect(opened).toEqual(['environment', 'user']);
  expect(stopped).toHaveLength(1);

  camera.warm();
  await settle();
  for (const track of tracks) track.readyState = 'ended';
  const fresh = camera.take('environment');
  await settle();
  expect((await fresh).ok).toBe(true);
  expect(opened).toEqual(['environment', 'user', 'environment', 'environment']);
});
