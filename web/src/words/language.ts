/** Languages the app speaks. `en-XA` is English stretched by 40 %, for tests; no menu offers it. */
export type Language = 'en' | 'es' | 'en-XA';
type Compiled = typeof import('../paraglide/messages/en.js');
type Later = typeof import('../../messages/later/en.json');
type Sentence<I> = Record<never, never> extends I ? () => string : (inputs: I) => string;
/** Every sentence of the app by its name, as a function of what stands in its places. */
export type AllWords = {
  readonly [Name in keyof Compiled]: Compiled[Name] extends (inputs: infer I) => string ? Sentence<I> : never;
};
/** The sentences of the first load: what every screen can say, and the screens of the first load alone. */
export type Words = Omit<AllWords, keyof Later>;

/** The compiler asks for an empty object where a sentence has no places; it never reads it. */
const asWords = (compiled: object): Words => compiled as Words;
const asAllWords = (first: object, later: object): AllWords => ({ ...first, ...later }) as AllWords;

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

/** Loads the first sentences of one language; only that one travels. */
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

/** Loads the rest of them as well: whoever opens a screen that comes later needs both. */
export const loadAllWords = async (language: Language): Promise<AllWords> => {
  if (language === 'es') {
    const parts = [
      import('../paraglide/messages/es.js'),
      import('../paraglide/messages/es.js?later'),
    ] as const;
    return asAllWords(...(await Promise.all(parts)));
  }
  const parts = [import('../paraglide/messages/en.js'), import('../paraglide/messages/en.js?later')] as const;
  const english = asAllWords(...(await Promise.all(parts)));
  return language === 'en' ? english : (await import('./stretch.ts')).stretch(english);
};

/** The tag numbers and dates are written in. */
export const formatTag = (language: Language, preferred: readonly string[]): string => {
  const base = language === 'en-XA' ? 'en' : language;
  return preferred.find((tag) => tag.toLowerCase().startsWith(base)) ?? (base === 'en' ? 'en-GB' : base);
};
