import type { CircleView, Consent, MemberId } from '@corridor/peer';
import { shareOf } from '../words/ruleField.ts';

/** How many stewards must say yes, of how many. */
export interface ConsentNeeded {
  readonly need: number;
  readonly count: number;
}

/** A share of the stewards; whoever it is about is not asked, unless there is nobody else [L3]. */
export const consentNeeded = (
  { governing }: CircleView,
  consent: Consent,
  about: MemberId | null,
): ConsentNeeded => {
  const active = governing.stewards.stewards.filter(
    ({ member }) => !governing.standings.some((known) => known.member === member),
  );
  const others = active.filter(({ member }) => member !== about);
  const count = others.length > 0 ? others.length : active.length;
  return { need: shareOf(governing.rules.consents[consent], count), count };
};
