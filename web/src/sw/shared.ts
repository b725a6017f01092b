import { SHARED_CACHE, SHARED_PHOTO, SHARED_TEXT } from './names.ts';

/** A photo beyond this is no picture of a code. */
const MAX_PHOTO_BYTES = 30_000_000;

/** Takes what another app shares; it never leaves the phone. */
export const putAside = async (request: Request): Promise<Response> => {
  const form = await request.formData();
  const cache = await caches.open(SHARED_CACHE);
  const photo = form.get('photo');
  if (photo instanceof File && photo.size > 0 && photo.size <= MAX_PHOTO_BYTES) {
    await cache.put(SHARED_PHOTO, new Response(photo));
  }
  const text = ['url', 'text', 'title']
    .map((name) => form.get(name))
    .find((value) => typeof value === 'string' && value !== '');
  if (typeof text === 'string') await cache.put(SHARED_TEXT, new Response(text));
  return Response.redirect('/scan?shared', 303);
};
