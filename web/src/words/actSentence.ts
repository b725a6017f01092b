import { h } from 'preact';
import type { ComponentChildren } from 'preact';
import type { ActView, Standing } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import { listed, named, sum } from './inSentence.tsx';
import type { AllWords } from './language.ts';
import { rich } from './rich.ts';
import { ruleSentence } from './ruleSentence.ts';

/** A book's number as people count: the first is 1. */
export const bookNumber = (format: Format, book: number): string => format.number(book + 1);

const standingMessage = (m: AllWords, standing: Standing): ((inputs: { who: string }) => string) => {
  switch (standing) {
    case 'active':
      return m.act_active;
    case 'suspended':
      return m.act_suspended;
    case 'expelled':
      return m.act_expelled;
  }
};

/**
 * An act of the circle as a sentence that is true once it is decided: it stands so under what was decided, and over a
 * motion as what is proposed. `by`: who did it, where the act itself names nobody.
 */
export const actSentence = (m: AllWords, format: Format, act: ActView, by: string): ComponentChildren[] => {
  switch (act.type) {
    case 'found':
      return rich(m.act_found, { by: named(m, by) });
    case 'admit-member':
      return rich(m.act_admit_member, { who: named(m, act.who), inviter: named(m, act.inviter) });
    case 'admit-device':
      return rich(m.act_admit_device, { who: named(m, act.who) });
    case 'keeper':
      return rich(m.act_keeper, { who: named(m, act.who) });
    case 'limits':
      return rich(m.act_limits, {
        who: named(m, act.who),
        lowest: sum(format, act.lowestBalance),
        highest: sum(format, act.highestBalance, 'plus'),
      });
    case 'standing':
      return rich(standingMessage(m, act.standing), { who: named(m, act.who) });
    case 'replace': {
      const counted = { count: act.gone, shown: format.number(act.gone) };
      const message = act.isNew ? m.act_replaced : m.act_removed;
      return rich(({ who }) => message({ ...counted, who }), { who: named(m, act.who) });
    }
    case 'stewards':
      return rich(({ names }) => m.act_stewards({ count: act.names.length, names }), {
        names: listed(m, format, act.names),
      });
    case 'policy':
      if (act.changes.length === 0) return [m.act_policy_none()];
      return act.changes.flatMap(({ field, to }, at) => [
        ...(at === 0 ? [] : [' ']),
        ...ruleSentence(m, format, field, to),
      ]);
    case 'payout':
      return rich(m.act_payout, { who: named(m, act.who), amount: sum(format, act.amount) });
    case 'helpers':
      if (act.helpers.length === 0) return rich(m.act_helpers_none, { who: named(m, act.who) });
      return rich(
        ({ who, names }) => m.act_helpers({ count: act.need, shown: format.number(act.need), who, names }),
        { who: named(m, act.who), names: listed(m, format, act.helpers) },
      );
    case 'unlock':
      return rich(m.act_unlock, { who: named(m, act.who) });
    case 'close-book':
      return [m.act_close_book({ book: bookNumber(format, act.book) })];
  }
};

/** How it was until now, as sentences; none where nothing of the kind was there before. */
export const beforeSentences = (m: AllWords, format: Format, act: ActView): readonly ComponentChildren[] => {
  if (act.type === 'limits' && act.before !== null) {
    const { lowestBalance, highestBalance } = act.before;
    const before = { lowest: sum(format, lowestBalance), highest: sum(format, highestBalance, 'plus') };
    return [rich(m.act_limits_before, before)];
  }
  if (act.type !== 'policy') return [];
  return act.changes.map(({ field, from }) => {
    const text = ruleSentence(m, format, field, from);
    return rich(m.motion_until_now, { before: h('span', null, text) });
  });
};
