/** Whether a path is the font of the easier letters: fetched by who chose them, and kept there. */
export const isEasyLetters = (path: string): boolean =>
  /(^|\/)assets\/atkinson-hyperlegible-[\w-]+\.woff2$/.test(path);

export const LETTERS_CACHE = 'corridor-letters';
