import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { chooseEncoding, encodeBody } from './encoding.ts';
import { MAX_STATIC_FILE, MAX_URL_LENGTH, STATIC_CACHE_BYTES } from './limits.ts';

export interface StaticRequest {
  /** The request's path and query as they came. */
  readonly url: string;
  readonly accept: string | undefined;
  readonly acceptEncoding: string | undefined;
  readonly ifNoneMatch: string | undefined;
}
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
};

/** A short answer in words. */
export const textAnswer = (
  status: number,
  sentence: string,
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
  body: Buffer.from(`${sentence}\n`),
});

/** Path segments of a URL; undefined if it points out of the folder or at something hidden. */
const segmentsOf = (url: string): readonly string[] | undefined => {
  if (url.length > MAX_URL_LENGTH || !url.startsWith('/')) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.split(/[?#]/)[0] ?? '');
  } catch {
    return undefined;
  }
  if ([...path].some((char) => char < ' ' || char === '\\')) return undefined;
  const segments = path.split('/').filter((segment) => segment !== '');
  return segments.some((segment) => segment.startsWith('.')) ? undefined : segments;
};

interface Found {
  readonly file: string;
  readonly bytes: number;
  readonly tag: string;
}
const MISSING: Answer = textAnswer(404, 'There is nothing at this address.');

/**
 * Serves the built app out of `dir`: hashed files under /assets/ for ever, all else checked each time, and
 * index.html for every page address the app has of its own. Bodies are kept encoded, within a bound.
 */
export const createStaticFiles = (dir: string): ((request: StaticRequest) => Promise<Answer>) => {
  const cache = new Map<string, Promise<Buffer>>();
  let cachedBytes = 0;

  /** A plain file inside `dir`, links followed and judged by where they lead. */
  const find = async (segments: readonly string[]): Promise<Found | undefined> => {
    try {
      const root = await realpath(dir);
      const file = await realpath(join(root, ...segments));
      if (!file.startsWith(root + sep)) return undefined;
      const about = await stat(file);
      if (!about.isFile() || about.size > MAX_STATIC_FILE) return undefined;
      return {
        file,
        bytes: about.size,
        tag: `${about.size.toString(36)}-${Math.floor(about.mtimeMs).toString(36)}`,
      };
    } catch {
      return undefined;
    }
  };

  const body = async (found: Found, encoding: ReturnType<typeof chooseEncoding>): Promise<Buffer> => {
    const key = `${encoding} ${found.tag} ${found.file}`;
    const kept = cache.get(key);
    if (kept !== undefined) return await kept;
    const made = readFile(found.file).then((bytes) => encodeBody(bytes, encoding));
    cache.set(key, made);
    try {
      const bytes = await made;
      cachedBytes += bytes.length;
      if (cachedBytes > STATIC_CACHE_BYTES) {
        cache.clear();
        cachedBytes = 0;
      }
      return bytes;
    } catch (cause) {
      cache.delete(key);
      throw cause;
    }
  };

  const serve = async (found: Found, request: StaticRequest, forEver: boolean): Promise<Answer> => {
    const type = TYPES[extname(found.file).toLowerCase()] ?? 'application/octet-stream';
    const encoding = chooseEncoding(request.acceptEncoding, type, found.bytes);
    const headers: Record<string, string> = {
      'Content-Type': type,
      'Cache-Control': forEver ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: `"${found.tag}-${encoding}"`,
      Vary: 'Accept-Encoding',
    };
    if (request.ifNoneMatch?.includes(headers['ETag'] ?? '') === true)
      return { status: 304, headers, body: Buffer.alloc(0) };
    if (encoding !== 'identity') headers['Content-Encoding'] = encoding;
    return { status: 200, headers, body: await body(found, encoding) };
  };

  return async (request) => {
    const segments = segmentsOf(request.url);
    if (segments === undefined) return textAnswer(400, 'This address can not be read.');
    const asset = segments[0] === 'assets';
    const found = segments.length === 0 ? undefined : await find(segments);
    if (found !== undefined) return await serve(found, request, asset);
    const navigation = request.accept?.includes('text/html') === true || segments.length === 0;
    if (asset || !navigation) return MISSING;
    const page = await find(['index.html']);
    if (page !== undefined) return await serve(page, request, false);
    return textAnswer(
      503,
      'The relay runs, but the app has not been built yet: run `npm run build`, or give its folder with --web.',
    );
  };
};
