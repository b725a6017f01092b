import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile } from '@inlang/paraglide-js';
import type { Words } from '../src/words/language.ts';

/** Compiles the sentences as the build does, into a folder of the test's own, and loads both languages. */
export const compiledWords = async (): Promise<{ en: Words; es: Words; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'corridor-words-'));
  const project = fileURLToPath(new URL('../project.inlang', import.meta.url));
  await compile({ project, outdir: folder, outputStructure: 'locale-modules', strategy: ['baseLocale'] });
  const load = async (language: string): Promise<Words> => {
    const found: Words = await import(pathToFileURL(join(folder, `messages/${language}.js`)).href);
    return found;
  };
  return {
    en: await load('en'),
    es: await load('es'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
