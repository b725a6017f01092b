import { SHARED_CACHE, SHARED_PHOTO, SHARED_TEXT } from '../sw/names.ts';

/** What another app shared with this one: the service worker put it aside, the scan screen takes it once. */
export interface Shared {
  readonly text: string | null;
  readonly photo: Blob | null;
}

/** Takes what was shared, and removes it: it may be an invite. null when nothing is there. */
export const takeShared = async (): Promise<Shared | null> => {
  const cache = await caches.open(SHARED_CACHE);
  const [text, photo] = await Promise.all([cache.match(SHARED_TEXT), cache.match(SHARED_PHOTO)]);
  await caches.delete(SHARED_CACHE);
  if (!text && !photo) return null;
  return { text: text ? await text.text() : null, photo: photo ? await photo.blob() : null };
};
