/** How the made-up village governs itself when somebody comes to look. */
import type {
  ActView,
  CirclePolicy,
  DecisionView,
  DeviceKey,
  GoverningView,
  JoinWishView,
  MotionView,
  OwnDeviceView,
  StewardsView,
} from '@corridor/peer';
import {
  AMINA,
  ANA,
  JOAN,
  LENA,
  madeUpId,
  ME,
  PERE,
  ROSA,
  SALMA,
  TOMAS,
  VILLAGERS,
  villager,
} from './demoPeople.ts';

/** What the demo shows besides an ordinary day. */
export const DEMO_SCENES = [
  'talk',
  'one-steward',
  'paused',
  'closing',
  'named',
  'coming-back',
  'replaced',
  'keeper-gone',
  'begun-anew',
] as const;
export type DemoScene = (typeof DEMO_SCENES)[number];

export const DEMO_POLICY: CirclePolicy = {
  admission: 'stewards',
  firstGrant: { lowestBalance: -15_000, highestBalance: 15_000 },
  smallAmount: 2500,
  offlineAmount: 3000,
  maxEntries: 10_000,
  maxBytes: 10_000_000,
  consents: {
    admit: { least: 2, parts: 0, of: 1 },
    limits: { least: 1, parts: 1, of: 2 },
    expel: { least: 1, parts: 2, of: 3 },
    stewards: { least: 1, parts: 2, of: 3 },
    policy: { least: 1, parts: 2, of: 3 },
    payout: { least: 1, parts: 1, of: 2 },
  },
  belowLowest: 'refuse',
  newcomersShare: 3,
  levyPermille: 5,
  demurragePermille: 0,
  bookDays: 31,
};
const HOUR = 3600;
const DAY = 24 * HOUR;
/** More room than the others: the bakery buys flour for everyone. */
const BAKERY = VILLAGERS.length - 1;
const WISH = madeUpId(7003);

const TEXTS = {
  en: {
    tiles: 'The roof needs forty more tiles before the rain.',
    tilesComment: 'I can lend him the ladder as well.',
    tilesAnswer: 'Then let us look at it again in spring.',
    share: 'Three households want to come in together.',
    lost: 'Her bag was stolen at the station. I saw her yesterday.',
    sabbath: 'Tomàs is away for the winter and asked for it.',
    laptop: 'Laptop in the kitchen',
    phone: 'Marta’s phone',
    old: 'The old phone',
    meetings:
      '# 2026-12-06 School yard\nPrices of bread\nTwo households want to come in\n##\n\n# 2026-11-01 School yard\nWho is at the limit\n##\nJoan takes tiles from Pere in December.\n',
    charter:
      'We trade so that nobody has to wait for money to help a neighbour.\n\nPrices are agreed between the two. An hour of work starts at 10 dors, whoever does it.\n\nWhoever is at the limit says so at the market; the others buy from them first.\n\nWe meet on the first Sunday of the month, at six, in the school yard.',
  },
  es: {
    tiles: 'Al tejado le faltan cuarenta tejas antes de que llueva.',
    tilesComment: 'Yo además le puedo dejar la escalera.',
    tilesAnswer: 'Pues lo volvemos a mirar en primavera.',
    share: 'Quieren entrar tres casas a la vez.',
    lost: 'Le robaron el bolso en la estación. La vi ayer.',
    sabbath: 'Tomàs pasa fuera el invierno y lo pidió él.',
    laptop: 'Portátil de la cocina',
    phone: 'Teléfono de Marta',
    old: 'El teléfono viejo',
    meetings:
      '# 2026-12-06 Patio de la escuela\nEl precio del pan\nDos casas quieren entrar\n##\n\n# 2026-11-01 Patio de la escuela\nQuién está en el límite\n##\nJoan le compra tejas a Pere en diciembre.\n',
    charter:
      'Intercambiamos para que nadie tenga que esperar al dinero para ayudar a un vecino.\n\nEl precio lo acuerdan las dos partes. La hora de trabajo parte de 10 dores, la haga quien la haga.\n\nQuien está en el límite lo dice en el mercado, y los demás le compran primero.\n\nNos vemos el primer domingo de mes, a las seis, en el patio de la escuela.',
  },
} as const;

const name = (index: number): string => villager(index).name;
const steward = (index: number): StewardsView['stewards'][number] => ({
  member: villager(index).member,
  name: name(index),
  isMe: index === ME,
  reachable: VILLAGERS[index]?.here === true,
});
const offer = (index: number): StewardsView['offers'][number] => ({
  member: villager(index).member,
  name: name(index),
});

const STEWARDS = [ANA, JOAN, ME, ROSA];
const stewardsOf = (scenes: readonly DemoScene[]): StewardsView =>
  scenes.includes('one-steward')
    ? {
        stewards: [steward(ME)],
        mayLie: 0,
        mayBeAway: 0,
        quorum: 1,
        iAm: true,
        next: null,
        offers: [ME, ANA, JOAN, ROSA, AMINA].map(offer),
        iOffer: true,
        suggested: 4,
      }
    : {
        stewards: STEWARDS.map(steward),
        mayLie: 1,
        mayBeAway: 1,
        quorum: 3,
        iAm: true,
        next: scenes.includes('named') ? [ANA, ME, ROSA, AMINA].map(name) : null,
        offers: [...STEWARDS, AMINA, SALMA, BAKERY].map(offer),
        iOffer: true,
        suggested: null,
      };

const devicesOf = (words: keyof typeof TEXTS): readonly OwnDeviceView[] => {
  const device = (seed: number): DeviceKey => madeUpId(seed) as string as DeviceKey;
  const own = {
    isThis: false,
    connected: false,
    balance: 0,
    spendable: 0,
    keepsBook: false,
    isClosed: false,
  };
  return [
    {
      ...own,
      device: villager(ME).device,
      label: TEXTS[words].phone,
      isThis: true,
      connected: true,
      balance: 4250,
      spendable: 16_450,
      keepsBook: true,
    },
    { ...own, device: device(7101), label: TEXTS[words].laptop, connected: true, spendable: 2000 },
    { ...own, device: device(7102), label: TEXTS[words].old, isClosed: true },
  ];
};

const motionsOf = (words: keyof typeof TEXTS, now: number): readonly MotionView[] => {
  const texts = TEXTS[words];
  const open = { byMe: false, no: [], mayAnswer: true, myAnswer: null, state: 'open', comments: [] } as const;
  return [
    {
      ...open,
      id: madeUpId(7001),
      act: {
        type: 'limits',
        who: name(PERE),
        member: villager(PERE).member,
        lowestBalance: -20_000,
        highestBalance: 15_000,
        before: { lowestBalance: -15_000, highestBalance: 15_000 },
      },
      by: name(SALMA),
      at: now - 5 * HOUR,
      reason: texts.tiles,
      yes: [name(JOAN)],
      need: 2,
      who: 'stewards',
      comments: [
        { who: name(ROSA), text: texts.tilesComment, at: now - 4 * HOUR },
        { who: name(JOAN), text: texts.tilesAnswer, at: now - 3 * HOUR },
      ],
    },
    {
      ...open,
      id: madeUpId(7002),
      act: { type: 'policy', changes: [{ field: 'newcomersShare', from: 3, to: 5 }] },
      by: name(AMINA),
      at: now - 2 * DAY,
      reason: texts.share,
      yes: [name(ANA)],
      no: [name(ROSA)],
      need: 3,
      who: 'stewards',
    },
    {
      ...open,
      id: WISH,
      act: { type: 'admit-member', who: 'Núria Prat', inviter: name(JOAN) },
      by: name(JOAN),
      at: now - 8 * HOUR,
      reason: '',
      yes: [name(JOAN)],
      need: 2,
      who: 'stewards',
    },
    {
      ...open,
      id: madeUpId(7004),
      act: { type: 'replace', who: name(LENA), member: villager(LENA).member, gone: 1, isNew: true },
      by: name(ROSA),
      at: now - 3 * DAY,
      reason: texts.lost,
      yes: [name(ROSA), name(AMINA), name(SALMA)],
      need: 3,
      who: 'helpers',
      mayAnswer: false,
      state: 'agreed',
    },
  ];
};

/** Nothing in the demo is a key, so the name of one does. */
const newcomer = (seed: number): DeviceKey => madeUpId(seed) as string as DeviceKey;
const wishes: readonly JoinWishView[] = [
  { device: newcomer(7201), byPoster: false, motion: WISH, name: 'Núria Prat', inviter: name(JOAN) },
  { device: newcomer(7202), byPoster: true, motion: null, name: 'Oriol Camps', inviter: name(AMINA) },
];

/** How the circle governs itself, as this phone sees it. `now` in unix seconds. */
export const foundGoverning = (
  words: 'en' | 'es',
  now: number,
  scenes: readonly DemoScene[],
): GoverningView => ({
  rules: DEMO_POLICY,
  myStanding: scenes.includes('paused') ? 'suspended' : 'active',
  isReplaced: scenes.includes('replaced'),
  standings: [
    { member: villager(TOMAS).member, standing: 'suspended' },
    ...(scenes.includes('paused') ? [{ member: villager(ME).member, standing: 'suspended' as const }] : []),
  ],
  limits: VILLAGERS.map((_, index) => ({
    member: villager(index).member,
    lowestBalance: index === BAKERY ? -30_000 : -15_000,
    highestBalance: index === BAKERY ? 30_000 : 15_000,
    isNew: index === LENA,
  })),
  motions: motionsOf(words, now),
  endedMotions: [],
  joinWishes: wishes,
  posterNewcomers: 20,
  stewards: stewardsOf(scenes),
  devices: devicesOf(words),
  recovery: { wordsAt: null, helpers: [], helpersNeeded: 0, practisedAt: null },
  book: {
    number: 2,
    isClosing: scenes.includes('closing'),
    days: DEMO_POLICY.bookDays,
    since: now - 12 * DAY,
    entries: 412,
    olderKept: 2,
    keeps: 2,
    fetching: null,
  },
  commons: 3400,
  charter: TEXTS[words].charter,
  meetings: TEXTS[words].meetings,
});

/** What was decided before, oldest first. */
export const foundDecisions = (words: 'en' | 'es'): readonly DecisionView[] => {
  const came = VILLAGERS.map((person, index) => ({ person, index })).toSorted(
    (a, b) => (a.person.invitedBy ?? -1) - (b.person.invitedBy ?? -1),
  );
  const acts: readonly Omit<DecisionView, 'height'>[] = [
    ...came.map(({ person }) => ({
      act: (person.invitedBy === null
        ? { type: 'found' }
        : { type: 'admit-member', who: person.name, inviter: name(person.invitedBy) }) satisfies ActView,
      by: name(person.invitedBy ?? ANA),
      reason: '',
      approvedBy: [],
    })),
    { act: { type: 'admit-device', who: name(ME) }, by: name(ME), reason: '', approvedBy: [] },
    {
      act: { type: 'stewards', names: STEWARDS.map(name) },
      by: name(ANA),
      reason: '',
      approvedBy: [name(ANA)],
    },
    { act: { type: 'close-book', book: 0 }, by: name(ANA), reason: '', approvedBy: [] },
    {
      act: { type: 'policy', changes: [{ field: 'levyPermille', from: 0, to: 5 }] },
      by: name(JOAN),
      reason: '',
      approvedBy: [ANA, JOAN, ROSA].map(name),
    },
    {
      act: { type: 'payout', who: name(AMINA), amount: 2000 },
      by: name(JOAN),
      reason: '',
      approvedBy: [JOAN, ROSA].map(name),
    },
    { act: { type: 'close-book', book: 1 }, by: name(ROSA), reason: '', approvedBy: [] },
    {
      act: {
        type: 'limits',
        who: name(BAKERY),
        member: villager(BAKERY).member,
        lowestBalance: -30_000,
        highestBalance: 30_000,
        before: null,
      },
      by: name(ANA),
      reason: '',
      approvedBy: [ANA, ME].map(name),
    },
    {
      act: {
        type: 'helpers',
        who: name(LENA),
        helpers: [ROSA, AMINA, SALMA, PERE, JOAN].map(name),
        need: 3,
      },
      by: name(LENA),
      reason: '',
      approvedBy: [],
    },
    {
      act: { type: 'standing', who: name(TOMAS), member: villager(TOMAS).member, standing: 'suspended' },
      by: name(JOAN),
      reason: TEXTS[words].sabbath,
      approvedBy: [ANA, JOAN, ME].map(name),
    },
  ];
  return acts.map((decision, height) => ({ height, ...decision }));
};
