/** Languages the app speaks. `en-XA` is English stretched by 40 %, for tests; no menu offers it. */
export type Language = 'en' | 'es' | 'en-XA';
type Compiled = typeof import('../paraglide/messages/en.js');
type Sentence<I> = Record<never, never> extends I ? () => string : (inputs: I) => string;
/** Every sentence of the app by its name, as a function of what stands in its places. */
export type Words = {
  readonly [Name in keyof Compiled]: Compiled[Name] extends (inputs: infer I) => string ? Sentence<I> : never;
};

/** The compiler asks for an empty object where a sentence has no places; it never reads it. */
const asWords = (compiled: Compiled): Words => compiled as unknown as Words;

/** Languages a person can choose, each by its own name. */
export const LANGUAGES = [
  { id: 'en', name: 'English' },
  { id: 'es', name: 'Español' },
] as const;

const known = (tag: string): Language | null => {
  if (tag === 'en-XA') return tag;
  const base = tag.toLowerCase().split('-')[0];
  return base === 'en' || base === 'es' ? base : null;
};

/** The first language of `wanted` (chosen one first, then the browser's) that the app speaks; else English. */
export const chooseLanguage = (wanted: readonly (string | null)[]): Language => {
  for (const tag of wanted) {
    const language = tag === null ? null : known(tag);
    if (language) return language;
  }
  return 'en';
};

/** Loads the sentences of one language; only that one travels. */
export const loadWords = async (language: Language): Promise<Words> => {
  switch (language) {
    case 'en':
      return asWords(await import('../paraglide/messages/en.js'));
    case 'es':
      return asWords(await import('../paraglide/messages/es.js'));
    case 'en-XA': {
      const [english, { stretch }] = await Promise.all([
        import('../paraglide/messages/en.js'),
        import('./stretch.ts'),
      ]);
      return asWords(stretch(english));
    }
  }
};

/** The tag numbers and dates are written in. */
export const formatTag = (language: Language, preferred: readonly string[]): string => {
  const base = language === 'en-XA' ? 'en' : language;
  return preferred.find((tag) => tag.toLowerCase().startsWith(base)) ?? (base === 'en' ? 'en-GB' : base);
};
