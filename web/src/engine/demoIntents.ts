/** The intents of governing in the demo: each answers as the peer would, and a neighbour says yes after a while. */
import type { Signal } from '@preact/signals';
import type {
  Answer,
  CircleView,
  GoverningIntents,
  Id,
  MotionView,
  MotionWish,
  Refusal,
} from '@corridor/peer';
import { consentNeeded } from '../app/consentNeeded.ts';
import { ANA, madeUpId, ROSA, villager } from './demoPeople.ts';
import { actOf, carriedOut, yesesNeeded } from './demoWish.ts';

/** A neighbour looks at what was proposed; what is agreed is carried out; a book is closed and the next one opens. */
const LOOKED_MS = 6000;
const CARRIED_OUT_MS = 2500;
const NEXT_BOOK_MS = 6000;
const MAX_REASON = 500;
/** Twelve words of the standard's own examples: they open nothing. */
const WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

const ok = <T>(value: T): Answer<T> => ({ ok: true, value });
const refuse = (code: Refusal['code'], values: Refusal['values'] = {}): Answer<never> => ({
  ok: false,
  refusal: { code, values },
});
const unixNow = (): number => Math.floor(Date.now() / 1000);
/** As typed, pasted or read out. */
const plain = (words: string): string =>
  words
    .trim()
    .toLowerCase()
    .split(/[\s,.]+/)
    .join(' ');

export const demoGoverning = (
  circle: Signal<CircleView>,
  language: 'en' | 'es',
  origin: string,
): GoverningIntents => {
  let seed = 9100;
  const wishes = new Map<Id, MotionWish>();
  const change = (next: (circle: CircleView) => CircleView): void => {
    circle.value = next(circle.value);
  };
  const govern = (next: Partial<CircleView['governing']>): void =>
    change((now) => ({ ...now, governing: { ...now.governing, ...next } }));
  const find = (id: Id): MotionView | undefined =>
    circle.value.governing.motions.find((motion) => motion.id === id);
  const changeMotion = (id: Id, next: Partial<MotionView>): void =>
    govern({
      motions: circle.value.governing.motions.map((motion) =>
        motion.id === id ? { ...motion, ...next } : motion,
      ),
    });
  const nextBook = (): void => {
    const { book } = circle.value.governing;
    govern({
      book: {
        ...book,
        number: book.number + 1,
        isClosing: false,
        since: unixNow(),
        entries: 0,
        olderKept: 3,
      },
    });
  };
  /** What has its yeses is carried out a little later, by the stewards' phones. */
  const settle = (id: Id): void => {
    const motion = find(id);
    if (!motion || motion.state === 'agreed' || motion.yes.length < motion.need) return;
    changeMotion(id, { state: 'agreed', mayAnswer: false });
    setTimeout(() => {
      const agreed = find(id);
      const wish = wishes.get(id);
      if (agreed && wish) {
        change((now) => carriedOut(now, wish, agreed));
        if (wish.type === 'close-book') setTimeout(nextBook, NEXT_BOOK_MS);
      } else if (agreed) letIn(agreed);
    }, CARRIED_OUT_MS);
  };
  /** What was open when one came to look has no wish behind it. */
  const letIn = (motion: MotionView): void => {
    const { governing, decisions } = circle.value;
    const { act, by, reason, yes } = motion;
    change((now) => ({
      ...now,
      decisions: [...decisions, { height: decisions.length, act, by, reason, approvedBy: yes }],
    }));
    govern({
      motions: governing.motions.filter(({ id }) => id !== motion.id),
      joinWishes: governing.joinWishes.filter((wish) => wish.motion !== motion.id),
    });
  };
  const sayYes = (id: Id, name: string): void => {
    const motion = find(id);
    if (motion?.state !== 'open' || motion.yes.includes(name)) return;
    changeMotion(id, { yes: [...motion.yes, name] });
    settle(id);
  };

  return {
    propose: async (wish, reason) => {
      const { governing, me } = circle.value;
      const isAppeal = wish.type === 'standing' && wish.member === me.member && wish.standing === 'active';
      if (governing.myStanding !== 'active' && !isAppeal) return refuse('account-closed');
      if (reason.length > MAX_REASON) return refuse('text-too-long');
      const act = actOf(circle.value, wish);
      if (!act) return refuse('not-lawful', { rule: 'C3' });
      const need = yesesNeeded(circle.value, wish);
      const isSteward = governing.stewards.iAm && !isAppeal;
      const motion: MotionView = {
        id: madeUpId(seed++),
        act,
        by: me.name,
        byMe: true,
        at: unixNow(),
        reason,
        yes: isSteward ? [me.name] : [],
        no: [],
        need,
        who: need === 0 ? 'own-device' : 'stewards',
        mayAnswer: isSteward,
        myAnswer: isSteward ? 'yes' : null,
        state: 'open',
        comments: [],
      };
      if (need === 0) {
        change((now) => carriedOut(now, wish, motion));
        return ok(motion.id);
      }
      wishes.set(motion.id, wish);
      govern({ motions: [motion, ...governing.motions] });
      settle(motion.id);
      for (const [at, index] of [ANA, ROSA].entries())
        setTimeout(() => sayYes(motion.id, villager(index).name), LOOKED_MS * (at + 1));
      return ok(motion.id);
    },
    answer: async (id, yes) => {
      const motion = find(id);
      const { me } = circle.value;
      if (motion?.mayAnswer !== true) return refuse('not-lawful', { rule: 'L3' });
      const without = (names: readonly string[]): readonly string[] =>
        names.filter((name) => name !== me.name);
      changeMotion(id, {
        yes: yes ? [...without(motion.yes), me.name] : without(motion.yes),
        no: yes ? without(motion.no) : [...without(motion.no), me.name],
        myAnswer: yes ? 'yes' : 'no',
      });
      settle(id);
      return ok(null);
    },
    comment: async (id, text) => {
      const motion = find(id);
      if (!motion) return refuse('not-lawful', { rule: 'L3' });
      const comment = { who: circle.value.me.name, text, at: unixNow() };
      changeMotion(id, { comments: [...motion.comments, comment] });
      return ok(null);
    },
    offerSteward: async (iOffer) => {
      const { stewards, myStanding } = circle.value.governing;
      const { member, name } = circle.value.me;
      if (myStanding !== 'active') return refuse('account-closed');
      const others = stewards.offers.filter((offer) => offer.member !== member);
      govern({ stewards: { ...stewards, iOffer, offers: iOffer ? [...others, { member, name }] : others } });
      return ok(null);
    },
    letIn: async (device) => {
      const { governing, me } = circle.value;
      const wish = governing.joinWishes.find((known) => known.device === device);
      if (!wish || !governing.stewards.iAm) return refuse('not-ready');
      if (wish.motion !== null) {
        sayYes(wish.motion, me.name);
        changeMotion(wish.motion, { myAnswer: 'yes' });
        return ok(null);
      }
      const motion: MotionView = {
        id: madeUpId(seed++),
        act: { type: 'admit-member', who: wish.name, inviter: wish.inviter },
        by: me.name,
        byMe: true,
        at: unixNow(),
        reason: '',
        yes: [me.name],
        no: [],
        need: consentNeeded(circle.value, 'admit', null).need,
        who: 'stewards',
        mayAnswer: true,
        myAnswer: 'yes',
        state: 'open',
        comments: [],
      };
      govern({
        motions: [motion, ...governing.motions],
        joinWishes: governing.joinWishes.map((known) =>
          known === wish ? { ...known, motion: motion.id } : known,
        ),
      });
      setTimeout(() => sayYes(motion.id, villager(ROSA).name), LOOKED_MS);
      return ok(null);
    },
    writeCharter: async (_base, text) => {
      // somebody else was writing too: what they added stays
      const added = language === 'es' ? 'Los domingos no se cobra el pan.' : 'On Sundays bread is free.';
      govern({ charter: text.includes(added) ? text : `${text.trimEnd()}\n\n${added}` });
      return ok(null);
    },
    writeMeetings: async (_base, text) => {
      govern({ meetings: text });
      return ok(null);
    },
    makeRecoveryWords: async () => {
      const { recovery } = circle.value.governing;
      govern({ recovery: { ...recovery, wordsAt: unixNow() } });
      change((now) => ({ ...now, practice: false }));
      return ok({ words: WORDS.split(' '), sheetLink: `${origin}/#j=DEMO${madeUpId(seed++)}` });
    },
    practiseRecovery: async (words) => {
      if (plain(words) !== WORDS) return refuse('wrong-words');
      const { recovery } = circle.value.governing;
      govern({ recovery: { ...recovery, practisedAt: unixNow() } });
      return ok(null);
    },
    recover: async () => refuse('already-in-a-circle'),
    helpBack: async () => ok({ link: `${origin}/#j=DEMO${madeUpId(seed++)}`, expiresAt: unixNow() + 3600 }),
    moveRoom: async (device, amount) => {
      const { devices, myStanding } = circle.value.governing;
      if (myStanding !== 'active') return refuse('account-closed');
      const other = devices.find((known) => known.device === device && !known.isThis && !known.isClosed);
      const giver = amount > 0 ? devices.find(({ isThis }) => isThis) : other;
      if (!other || !giver) return refuse('device-not-reachable');
      if (!other.connected && amount < 0) return refuse('device-not-reachable');
      if (Math.abs(amount) > giver.spendable)
        return refuse('over-lowest-balance', { spendable: giver.spendable });
      govern({
        devices: devices.map((known) => {
          // it is an ordinary payment: what may be spent moves with what is owed
          const moved = known.isThis ? -amount : known === other ? amount : 0;
          return { ...known, spendable: known.spendable + moved, balance: known.balance + moved };
        }),
      });
      return ok(null);
    },
  };
};
