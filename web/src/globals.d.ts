/** Twelve hex digits over the sources this app was built from; the same on every machine. Set by vite.config.ts. */
declare const BUILD_HASH: string;
