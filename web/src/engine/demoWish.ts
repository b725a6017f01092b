/** What is proposed in the demo, and what comes of it: as the rules have it, without keys or a network. */
import type { ActView, CircleView, Consent, DecisionView, MotionView, MotionWish } from '@corridor/peer';
import { consentNeeded } from '../app/consentNeeded.ts';
import { policyChanges } from '../words/ruleField.ts';

const nameOf = (circle: CircleView, member: string): string =>
  circle.people.find((person) => person.member === member)?.name ?? '';

/** The wish as everybody reads it; null: it changes nothing, or names what is not there. */
export const actOf = (circle: CircleView, wish: MotionWish): ActView | null => {
  const { governing, me } = circle;
  switch (wish.type) {
    case 'limits': {
      const { member, lowestBalance, highestBalance } = wish;
      const before = governing.limits.find((limits) => limits.member === member);
      if (!before) return null;
      if (before.lowestBalance === lowestBalance && before.highestBalance === highestBalance) return null;
      return { type: 'limits', who: nameOf(circle, member), member, lowestBalance, highestBalance, before };
    }
    case 'standing': {
      const { member, standing } = wish;
      const now = governing.standings.find((known) => known.member === member)?.standing ?? 'active';
      return now === standing ? null : { type: 'standing', who: nameOf(circle, member), member, standing };
    }
    case 'stewards':
      return [1, 4, 7, 10].includes(wish.members.length)
        ? { type: 'stewards', names: wish.members.map((member) => nameOf(circle, member)) }
        : null;
    case 'policy': {
      const changes = policyChanges(governing.rules, wish.policy);
      return changes.length === 0 ? null : { type: 'policy', changes };
    }
    case 'payout':
      return wish.amount > 0 && wish.amount <= governing.commons
        ? { type: 'payout', who: nameOf(circle, wish.member), amount: wish.amount }
        : null;
    case 'remove-device':
      return { type: 'replace', who: me.name, member: me.member, gone: 1, isNew: false };
    case 'helpers':
      return {
        type: 'helpers',
        who: me.name,
        helpers: wish.members.map((member) => nameOf(circle, member)),
        need: wish.need,
      };
    case 'close-book':
      return { type: 'close-book', book: governing.book.number };
  }
};

/** Which share of the stewards an act needs; null: nobody is asked. */
const consentOf = (wish: MotionWish): Consent | null => {
  switch (wish.type) {
    case 'standing':
      return 'expel';
    case 'remove-device':
    case 'helpers':
      return null;
    case 'close-book':
      return 'policy';
    default:
      return wish.type;
  }
};
/** How many stewards must say yes; 0: it is done at once [L3]. */
export const yesesNeeded = (circle: CircleView, wish: MotionWish): number => {
  const consent = consentOf(wish);
  return consent === null ? 0 : consentNeeded(circle, consent, 'member' in wish ? wish.member : null).need;
};

const decided = (circle: CircleView, decision: Omit<DecisionView, 'height'>): CircleView => ({
  ...circle,
  decisions: [...circle.decisions, { height: circle.decisions.length, ...decision }],
});

/** The circle after a decision that was agreed on, or that needed nobody. */
export const carriedOut = (circle: CircleView, wish: MotionWish, motion: MotionView): CircleView => {
  const { governing } = circle;
  const next = decided(
    {
      ...circle,
      governing: { ...governing, motions: governing.motions.filter(({ id }) => id !== motion.id) },
    },
    { act: motion.act, by: motion.by, reason: motion.reason, approvedBy: motion.yes },
  );
  const now = next.governing;
  const withGoverning = (change: Partial<typeof now>): CircleView => ({
    ...next,
    governing: { ...now, ...change },
  });
  switch (wish.type) {
    case 'limits': {
      const { member, lowestBalance, highestBalance } = wish;
      return withGoverning({
        limits: now.limits.map((limits) =>
          limits.member === member ? { ...limits, lowestBalance, highestBalance } : limits,
        ),
      });
    }
    case 'standing': {
      const { member, standing } = wish;
      const others = now.standings.filter((known) => known.member !== member);
      const isMine = member === circle.me.member;
      return withGoverning({
        standings: standing === 'active' ? others : [...others, { member, standing }],
        myStanding: isMine ? standing : now.myStanding,
      });
    }
    case 'stewards':
      return withGoverning({
        stewards: {
          ...now.stewards,
          next: wish.members.map((member) => nameOf(circle, member)),
          suggested: null,
        },
      });
    case 'policy':
      return { ...withGoverning({ rules: wish.policy }), policy: wish.policy };
    case 'payout':
      return withGoverning({ commons: now.commons - wish.amount });
    case 'remove-device':
      return withGoverning({
        devices: now.devices.map((device) => {
          if (device.device === wish.device)
            return { ...device, isClosed: true, connected: false, balance: 0, spendable: 0 };
          const gone = now.devices.find((other) => other.device === wish.device);
          if (!device.isThis || !gone) return device;
          const { balance, spendable } = device;
          return { ...device, balance: balance + gone.balance, spendable: spendable + gone.spendable };
        }),
      });
    case 'helpers':
      return {
        ...withGoverning({
          recovery: {
            ...now.recovery,
            helpers: wish.members.map((member) => ({ member, name: nameOf(circle, member) })),
            helpersNeeded: wish.need,
          },
        }),
        practice: false,
      };
    case 'close-book':
      return withGoverning({ book: { ...now.book, isClosing: true } });
  }
};
