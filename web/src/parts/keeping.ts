/** Who keeps the book, in the words of a circle with one steward or with several. */
import type { CircleView } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import type { Words } from '../words/language.ts';

/** Several stewards keep the book together: nobody is waited for by name. */
export const isKeptTogether = ({ governing }: CircleView): boolean => governing.stewards.stewards.length > 1;

/** Stewards' phones that can be reached now. */
export const stewardsHere = ({ governing }: CircleView): number =>
  governing.stewards.stewards.filter(({ isMe, reachable }) => isMe || reachable).length;

/** Whether a payment can become final now [P7]. */
export const isBookReachable = (circle: CircleView): boolean =>
  isKeptTogether(circle)
    ? stewardsHere(circle) >= circle.governing.stewards.quorum
    : circle.keeper.isThisDevice || circle.keeper.reachable;

const LONG_GONE = 24 * 3600;
/** The one phone that keeps the book has not been heard for a day: time to ask whether it is lost [K1]. */
export const isLongGone = ({ anew, keeper }: CircleView): boolean =>
  anew.canFound &&
  !keeper.reachable &&
  (anew.keeperHeardAt === null || Date.now() / 1000 - anew.keeperHeardAt > LONG_GONE);

export const keptByText = (m: Words, format: Format, circle: CircleView): string => {
  if (isKeptTogether(circle))
    return m.book_kept_by_stewards({ count: format.number(circle.governing.stewards.stewards.length) });
  return circle.keeper.isThisDevice
    ? m.book_kept_here()
    : m.book_kept_by({ name: circle.keeper.name || m.someone() });
};
