import type { RecoveryView } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import type { AllWords } from '../words/language.ts';

/** What is prepared for the day this phone is lost, in two words. */
export const recoveryFact = (m: AllWords, format: Format, recovery: RecoveryView): string => {
  const { wordsAt, helpers, helpersNeeded } = recovery;
  if (wordsAt !== null) return m.recovery_words_short();
  if (helpers.length === 0) return m.recovery_none_short();
  return m.recovery_helpers_short({
    need: format.number(helpersNeeded),
    count: format.number(helpers.length),
  });
};
