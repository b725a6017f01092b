/** Shown in relay.json and to peers. */
export const VERSION = '0.1.0';
