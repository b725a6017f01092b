/** What is fuzzed [I16] [I18]. */
import type { Rng } from '../sim/rng.ts';

/** One hostile input on its way in. */
export interface Step {
  /** As a finding prints it: bytes in hex, text and values as JSON. */
  readonly input: unknown;
  /**
   * Hands it over and says in a word what came of it: a campaign counts the words, so that one sees how deep it gets.
   * Throws what the code under test throws, and where what must always hold does not.
   */
  readonly feed: () => string | Promise<string>;
}
export interface Subject {
  readonly name: string;
  /**
   * One life of the code under test, made from `rng` alone: a decoder's has one step, a session's goes on until the
   * session ends. What happens between two steps is neither timed nor counted.
   */
  episode(rng: Rng): Iterable<Step>;
}

/** A subject that remembers nothing: each input stands for itself. */
export const decoder = <I>(
  name: string,
  mutant: (rng: Rng) => I,
  feed: (input: I) => string | Promise<string>,
): Subject => ({
  name,
  *episode(rng) {
    const input = mutant(rng);
    yield { input, feed: () => feed(input) };
  },
});
