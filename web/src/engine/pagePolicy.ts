/**
 * The page's content policy names the relays it may contact, and comes with the page. A phone keeps the page, policy
 * and all, until the app itself is another; its host may name other relays any day. So the policy is renewed by
 * itself: the same page is kept again, under the policy that it is served with now. The next load goes by it.
 */
const POLICY = 'Content-Security-Policy';
/** As Workbox names the cache from which the service worker takes the page. */
const KEPT_PAGES = 'workbox-precache';
const PAGE = '/index.html';
/** The service worker answers for the page itself; with this it lets the question through. */
const FRESH_PAGE = `${PAGE}?policy`;

const policyOf = (page: Response | undefined): string | null => page?.headers.get(POLICY) ?? null;
const ask = (method: 'HEAD' | 'GET'): Promise<Response> =>
  fetch(FRESH_PAGE, { method, cache: 'no-store', credentials: 'omit', redirect: 'error' });

async function renewIn(cache: Cache, key: Request, policy: string): Promise<void> {
  const [kept, fresh] = await Promise.all([cache.match(key), ask('GET')]);
  if (kept === undefined || !fresh.ok || policyOf(fresh) !== policy) return;
  const page = await kept.text();
  // Another page belongs to another version of the app, which comes as a whole or not at all.
  if (page !== (await fresh.text())) return;
  const headers = new Headers(kept.headers);
  headers.set(POLICY, policy);
  await cache.put(key, new Response(page, { status: kept.status, headers }));
}

/** Does nothing where no page is kept, or the host does not answer. */
export async function renewPagePolicy(): Promise<void> {
  try {
    const served = await ask('HEAD');
    const policy = policyOf(served);
    if (!served.ok || policy === null) return;
    for (const name of await caches.keys()) {
      if (!name.startsWith(KEPT_PAGES)) continue;
      const cache = await caches.open(name);
      for (const key of await cache.keys())
        if (new URL(key.url).pathname === PAGE && policyOf(await cache.match(key)) !== policy)
          await renewIn(cache, key, policy);
    }
  } catch {
    // Without the host, without a cache: what is kept stands.
  }
}
