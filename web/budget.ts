/**
 * Weighs the built app, as a phone receives it: gzipped bytes of each group of files, and how many requests the
 * first load makes. Pure reading of a folder; whoever calls it holds the result against LOOK's budget.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Weights {
  /** Page, styles, first scripts, one language, the latin letters, the manifest and the icon. */
  readonly firstLoad: number;
  readonly firstLoadFiles: readonly string[];
  /** The scripts among them: what must run before the first picture. */
  readonly initialScripts: number;
  readonly htmlAndStyles: number;
  /** The sentences that come with the first screen that needs them: the heavier language's. */
  readonly laterWords: number;
  /** Each screen that comes later, with what only it brings along. */
  readonly screens: Readonly<Record<string, number>>;
  readonly largestScreen: number;
  /** The scan screen's decoder. */
  readonly decoder: number;
  /** The engine on the page's side: network and its libraries. */
  readonly network: number;
  /** The worker with the ledger. */
  readonly peerWorker: number;
  readonly demo: number;
}

/** LOOK's lines, in gzipped bytes. The peer's worker has a line of its own and no limit here. */
export const BUDGET = {
  htmlAndStyles: 14_000,
  initialScripts: 60_000,
  firstLoad: 110_000,
  firstLoadRequests: 12,
  laterWords: 20_000,
  largestScreen: 20_000,
  decoder: 20_000,
  network: 190_000,
} as const;

const gzipped = (path: string): number => gzipSync(readFileSync(path), { level: 9 }).length;

/** The files a script names: as imports that run with it, or as ones that may come later. */
const imports = (code: string): { readonly now: readonly string[]; readonly later: readonly string[] } => {
  const names = (pattern: RegExp): string[] => [...code.matchAll(pattern)].map((match) => match[1] ?? '');
  return {
    now: names(/(?:from|^import|[;}]import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g),
    later: names(/import\(\s*["'`]\.\/([\w.-]+\.js)["'`]/g),
  };
};

/** Weighs `dist`. Throws when it holds no built app. */
export const weigh = (dist: string): Weights => {
  const assets = join(dist, 'assets');
  const files = readdirSync(assets);
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const size = (name: string): number => gzipped(join(assets, name));
  const sum = (names: Iterable<string>): number => [...names].reduce((total, name) => total + size(name), 0);
  const code = (name: string): string => readFileSync(join(assets, name), 'utf8');

  /** A script and everything that must be there with it. */
  const closure = (start: readonly string[]): Set<string> => {
    const found = new Set<string>();
    const queue = [...start];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (found.has(name) || !files.includes(name)) continue;
      found.add(name);
      queue.push(...imports(code(name)).now);
    }
    return found;
  };

  const linked = [...html.matchAll(/(?:src|href)="\/assets\/([\w.-]+)"/g)].map((match) => match[1] ?? '');
  const first = closure(linked.filter((name) => name.endsWith('.js')));
  const words = files.filter((name) => /^words-\w\w-(?!later-).*\.js$/.test(name));
  const heaviest = words.toSorted((a, b) => size(b) - size(a))[0];
  if (heaviest !== undefined) for (const name of closure([heaviest])) first.add(name);
  const styles = linked.filter((name) => name.endsWith('.css'));
  const fonts = linked.filter((name) => name.endsWith('.woff2'));
  const page = gzipped(join(dist, 'index.html'));
  const besides = ['manifest.webmanifest', 'icons/mark.svg'].map((name) => join(dist, name));

  const named = (pattern: RegExp): readonly string[] => files.filter((name) => pattern.test(name));
  const brings = (names: readonly string[]): Set<string> =>
    new Set([...closure(names)].filter((name) => !first.has(name)));
  const engine = named(/^start-.*\.js$/);
  const later = new Set(engine.flatMap((name) => imports(code(name)).later));
  const network = brings([...engine, ...later]);
  const screens: Record<string, number> = {};
  for (const name of named(/^[A-Z]\w*-[\w-]{8}\.js$/)) {
    screens[name.replace(/-[\w-]{8}\.js$/, '')] = sum(brings([name]));
  }
  const initialScripts = sum(first);
  const firstLoad =
    page + sum(styles) + sum(fonts) + initialScripts + besides.map(gzipped).reduce((a, b) => a + b, 0);
  return {
    firstLoad,
    firstLoadFiles: ['index.html', ...styles, ...fonts, ...first, 'manifest.webmanifest', 'icons/mark.svg'],
    initialScripts,
    htmlAndStyles: page + sum(styles),
    laterWords: Math.max(0, ...named(/^words-\w\w-later-.*\.js$/).map(size)),
    screens,
    largestScreen: Math.max(0, ...Object.values(screens)),
    decoder: sum(named(/^decoder\.worker-/)),
    network: sum(network),
    peerWorker: sum(named(/^peer\.worker-/)),
    demo: sum(brings(named(/^demo-.*\.js$/))),
  };
};
