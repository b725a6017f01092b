/** Builds the app: `web` in, `web/dist` out. Nothing here is needed to run the tests of a package. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { manifest } from './web/manifest.ts';
import { splitWords } from './web/splitWords.ts';

const root = dirname(fileURLToPath(import.meta.url));

/** The same sources give the same hash on every machine: what *Me › About* shows. */
const sourceHash = (): string => {
  const hash = createHash('sha256');
  const add = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!['node_modules', 'dist', 'paraglide', 'test'].includes(entry.name)) add(path);
      } else if (/\.(ts|tsx|css|json|html|js)$/.test(entry.name)) {
        hash.update(`${path}\0`).update(readFileSync(join(root, path)));
      }
    }
  };
  for (const folder of ['packages', 'web/src', 'web/messages']) add(folder);
  for (const file of ['package-lock.json', 'vite.config.ts', 'web/index.html'])
    hash.update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 12);
};

/** The latin letters are wanted at once; their file has a hash in its name, so the link is written here. */
const preloadFont = (): Plugin => ({
  name: 'corridor-preload-font',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) => {
      const font = Object.keys(bundle ?? {}).find((name) =>
        /public-sans-latin-wght-normal.*\.woff2$/.test(name),
      );
      if (font === undefined) return [];
      const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${font}` };
      return [{ tag: 'link', attrs, injectTo: 'head' }];
    },
  },
});

/** Enough of a bundler's view of a module to walk its imports. */
interface ChunkContext {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** Everything main.tsx imports before the first picture goes in one file: each request costs a round trip. */
const shellChunk = (): ((id: string, context: ChunkContext) => string | null) => {
  let shell: Set<string> | null = null;
  return (id, context) => {
    if (!shell) {
      shell = new Set();
      const queue = [join(root, 'web/src/main.tsx')];
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        if (shell.has(next)) continue;
        shell.add(next);
        queue.push(...(context.getModuleInfo(next)?.importedIds ?? []));
      }
    }
    return shell.has(id) && !id.endsWith('.css') ? 'shell' : null;
  };
};

/** The chunk a module goes to. boot stands alone and first: it hides an invite's secret before other code runs. */
const chunkGroups = [
  // the plural rules ride along: left to themselves they would tie one language's file to the other's
  { name: 'boot', test: /web\/src\/boot\.ts$|paraglide\/registry\.js$/, priority: 30 },
  { name: 'words-en', test: /paraglide\/messages\/en\.js$/, priority: 20 },
  { name: 'words-es', test: /paraglide\/messages\/es\.js$/, priority: 20 },
  { name: 'words-en-later', test: /paraglide\/messages\/en\.js\?later$/, priority: 20 },
  { name: 'words-es-later', test: /paraglide\/messages\/es\.js\?later$/, priority: 20 },
  { name: shellChunk(), priority: 10 },
];

export default defineConfig({
  root: join(root, 'web'),
  publicDir: 'public',
  define: { BUILD_HASH: JSON.stringify(sourceHash()) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: join(root, 'web/dist'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
  },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
  plugins: [
    paraglideVitePlugin({
      project: join(root, 'web/project.inlang'),
      outdir: join(root, 'web/src/paraglide'),
      outputStructure: 'locale-modules',
      strategy: ['globalVariable', 'baseLocale'],
    }),
    splitWords(join(root, 'web/messages/later/en.json')),
    preloadFont(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      injectRegister: false,
      manifest,
      injectManifest: {
        globPatterns: ['**/*.{js,css,html,woff2,svg,wasm}'],
        globIgnores: ['**/sw.js', '**/*latin-ext*'],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
      },
    }),
  ],
});
