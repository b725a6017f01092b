import { readFileSync } from 'node:fs';
import type { Words } from '../src/words/language.ts';

type Message = string | (Readonly<Record<string, string>> & { readonly by: string });
type Inputs = Readonly<Record<string, unknown>>;

const fill = (sentence: string, inputs: Inputs): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => `${inputs[name] as string}`);

/** The sentences of a language read straight from its file, as the compiler reads them. */
export const plainWords = (language: 'en' | 'es'): Words => {
  const file = new URL(`../messages/${language}.json`, import.meta.url);
  const messages = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Message>>;
  const plural = new Intl.PluralRules(language);
  const functions = Object.entries(messages).map(([name, message]) => [
    name,
    (inputs: Inputs = {}): string =>
      typeof message === 'string'
        ? fill(message, inputs)
        : fill(message[plural.select(Number(inputs[message.by]))] ?? message['other'] ?? '', inputs),
  ]);
  return Object.fromEntries(functions) as Words;
};
