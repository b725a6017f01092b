import type { CircleView } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import type { Words } from '../words/language.ts';

/** When this phone last heard from the circle, as a sentence. */
export const freshnessText = (m: Words, format: Format, { freshness }: CircleView): string => {
  const heard = freshness.lastHeardAt === null ? null : format.shortWhen(freshness.lastHeardAt);
  switch (freshness.state) {
    case 'live':
      return heard === null ? m.fresh_live() : m.fresh_live_at({ when: heard });
    case 'alone':
      return heard === null ? m.fresh_alone() : m.fresh_alone_since({ when: heard });
    case 'offline':
      return heard === null ? m.fresh_offline() : m.fresh_offline_since({ when: heard });
  }
};
