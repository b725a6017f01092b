/** Where this browser remembers which relays the app's host named: a word of that host to everybody, no secret. */
const MEMORY = 'corridor-relays';

/** Null where nothing is remembered, or the browser lets nothing be. */
export function rememberedRelays(): string | null {
  try {
    return localStorage.getItem(MEMORY);
  } catch {
    return null;
  }
}
export function rememberRelays(list: string): void {
  try {
    localStorage.setItem(MEMORY, list);
  } catch {
    // Then the host is asked again, as at the first start.
  }
}
