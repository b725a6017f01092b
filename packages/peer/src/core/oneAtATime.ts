/** Work that must not run beside itself: a call while it runs has it run once more, and answers when all of it is done. */
export function oneAtATime(turn: () => Promise<void>): () => Promise<void> {
  let working: Promise<void> | undefined;
  let oneMore = false;
  return () => {
    if (working !== undefined) {
      oneMore = true;
      return working;
    }
    // Cleared in the same step in which the loop ends: a call in between would be heard by nobody.
    working = (async () => {
      try {
        do {
          oneMore = false;
          await turn();
        } while (oneMore);
      } finally {
        working = undefined;
      }
    })();
    return working;
  };
}
