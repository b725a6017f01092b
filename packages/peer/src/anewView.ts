/** A circle founded anew, as a screen sees it [K1]. Amounts are integers of minor units. */
import type { Id } from '@corridor/ledger';
import type { Answer } from './view.ts';

export interface NewCircleView {
  readonly circle: Id;
  /** Who founded it and keeps its book. */
  readonly founder: string;
  readonly isMine: boolean;
  /** Names of those who go along. */
  readonly company: readonly string[];
  readonly members: number;
  /** 'differs': it does not begin with what this phone holds. 'not-here-yet': this phone lacks something of it. */
  readonly check: 'fits' | 'differs' | 'not-here-yet';
  /** What this member has there at its beginning. */
  readonly balance: number;
  /** What this phone has signed and nobody made final: it is signed again there. */
  readonly waiting: number;
}
export interface AnewView {
  /** Whether this member may go on with the book: one phone keeps it, and it is somebody else's. */
  readonly canFound: boolean;
  /** Unix seconds at which this phone last heard the keeper's; null: it never did. */
  readonly keeperHeardAt: number | null;
  /** Founded from this circle, those with the most company first. */
  readonly offers: readonly NewCircleView[];
  /** In a circle founded anew: who of the old one has not come along. */
  readonly away: readonly string[];
}
export interface AnewIntents {
  /** Goes on with the book on this phone, for whoever goes along. */
  foundAnew(): Promise<Answer<null>>;
  /** Goes along with one of those founded anew: this phone leaves the old circle. */
  goAlong(circle: Id): Promise<Answer<null>>;
}
