/** A host as it stands in a URL; anything else in a Host header stays out of our headers. */
const HOST_FORM = /^(?:[0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/**
 * What the browser may do with the app's pages: run and load from this origin alone, and open WebSockets to
 * this relay (`host` is the request's Host header) and to the other relays the host of this one named.
 */
export const securityHeaders = (
  host: string | undefined,
  otherOrigins: readonly string[],
): Readonly<Record<string, string>> => {
  const own = host !== undefined && HOST_FORM.test(host) ? [`ws://${host}`, `wss://${host}`] : [];
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "worker-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob: data:",
      "media-src 'self' blob:",
      "font-src 'self'",
      `connect-src ${["'self'", ...own, ...otherOrigins].join(' ')}`,
      "manifest-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
};
