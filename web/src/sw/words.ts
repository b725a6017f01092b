/** Whether a path is a language's file of sentences. */
export const isWords = (path: string): boolean => /(^|\/)assets\/words-[\w-]+\.js$/.test(path);

/** Whether it is that language's. */
export const isWordsOf = (path: string, language: string): boolean => {
  const base = language.toLowerCase().split('-')[0] ?? '';
  return new RegExp(`(^|/)assets/words-${base}-`).test(path);
};
