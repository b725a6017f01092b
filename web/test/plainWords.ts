import { readFileSync } from 'node:fs';
import type { AllWords } from '../src/words/language.ts';

export type Message = string | (Readonly<Record<string, string>> & { readonly by: string });
type Inputs = Readonly<Record<string, unknown>>;

const fill = (sentence: string, inputs: Inputs): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => `${inputs[name] as string}`);

/** A file of sentences as it is written. */
export const readMessages = (file: string): Readonly<Record<string, Message>> =>
  JSON.parse(readFileSync(new URL(`../messages/${file}.json`, import.meta.url), 'utf8')) as Record<
    string,
    Message
  >;

/** The sentences of a language read straight from its files, as the compiler reads them. */
export const plainWords = (language: 'en' | 'es'): AllWords => {
  const messages = { ...readMessages(language), ...readMessages(`later/${language}`) };
  const plural = new Intl.PluralRules(language);
  const functions = Object.entries(messages).map(([name, message]) => [
    name,
    (inputs: Inputs = {}): string =>
      typeof message === 'string'
        ? fill(message, inputs)
        : fill(message[plural.select(Number(inputs[message.by]))] ?? message['other'] ?? '', inputs),
  ]);
  return Object.fromEntries(functions) as AllWords;
};
