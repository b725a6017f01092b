/** From the cache, else from the network, and then kept. Names carry a hash, so a kept one is never stale. */
export const keptOnUse = async (cacheName: string, request: Request): Promise<Response> => {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request.url, response.clone());
  return response;
};
