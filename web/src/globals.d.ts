/** Twelve hex digits over the sources this app was built from; the same on every machine. Set by vite.config.ts. */
declare const BUILD_HASH: string;

/** The later sentences of a language: `web/splitWords.ts` makes the file, `words/language.ts` knows what is in it. */
declare module '*?later' {}
