import { anewOf } from './demoAnew.ts';
import type { CircleView, LineView, PersonView } from '@corridor/peer';
import { DEMO_POLICY, foundDecisions, foundGoverning } from './demoGoverning.ts';
import type { DemoScene } from './demoGoverning.ts';
import { ANA, madeUpId, ME, VILLAGERS, villager } from './demoPeople.ts';

interface Trade {
  readonly payer: number;
  readonly payee: number;
  readonly amount: number;
  readonly en: string;
  readonly es: string;
  readonly hoursAgo: number;
  readonly state: LineView['state'];
  readonly category?: number;
  readonly quantity?: number;
}
const TRADES: readonly Trade[] = [
  {
    payer: 0,
    payee: 1,
    amount: 800,
    en: '6 eggs, bread',
    es: '6 huevos, pan',
    hoursAgo: 1,
    state: 'they-have-it',
    category: 1,
    quantity: 2850,
  },
  {
    payer: 0,
    payee: 2,
    amount: 1500,
    en: 'Brake repair',
    es: 'Arreglo del freno',
    hoursAgo: 2,
    state: 'final',
    category: 6,
    quantity: 1,
  },
  {
    payer: 3,
    payee: 0,
    amount: 2000,
    en: '2 hours of childcare',
    es: '2 horas con los niños',
    hoursAgo: 3,
    state: 'final',
    category: 2,
    quantity: 2,
  },
  {
    payer: 9,
    payee: 10,
    amount: 650,
    en: '3 loaves',
    es: '3 panes',
    hoursAgo: 20,
    state: 'final',
    category: 1,
    quantity: 7200,
  },
  {
    payer: 5,
    payee: 0,
    amount: 1200,
    en: 'Jam and two cheeses',
    es: 'Mermelada y dos quesos',
    hoursAgo: 26,
    state: 'final',
    category: 1,
    quantity: 5800,
  },
  {
    payer: 0,
    payee: 10,
    amount: 450,
    en: '2 loaves of bread',
    es: '2 panes',
    hoursAgo: 28,
    state: 'final',
    category: 1,
    quantity: 4800,
  },
  { payer: 4, payee: 1, amount: 3000, en: 'Firewood', es: 'Leña', hoursAgo: 50, state: 'final' },
  {
    payer: 2,
    payee: 9,
    amount: 900,
    en: 'Lift to town',
    es: 'Viaje al pueblo',
    hoursAgo: 53,
    state: 'final',
    category: 5,
    quantity: 1,
  },
  {
    payer: 6,
    payee: 0,
    amount: 0,
    en: 'Seedlings',
    es: 'Plantel',
    hoursAgo: 75,
    state: 'final',
    category: 1,
    quantity: 900,
  },
  {
    payer: 8,
    payee: 3,
    amount: 2750,
    en: 'Roof tiles',
    es: 'Tejas',
    hoursAgo: 98,
    state: 'final',
    category: 6,
    quantity: 1,
  },
  { payer: 0, payee: 9, amount: 1000, en: 'Haircuts', es: 'Cortes de pelo', hoursAgo: 120, state: 'final' },
];

const HOUR = 3600;
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A receipt code as both screens show it. */
const receiptCode = (id: string): string => {
  const letters = [...id.slice(0, 16)].map((digit, index) =>
    LETTERS.charAt((Number.parseInt(digit, 16) * 2 + index) % 32),
  );
  return `${letters.slice(0, 4).join('')} ${letters.slice(4, 8).join('')}`;
};

/** A payment between two villagers, by their index in the village. */
export const makeLine = (
  seed: number,
  payer: number,
  payee: number,
  fields: Pick<LineView, 'amount' | 'memo' | 'need' | 'at' | 'state' | 'handOver'>,
): LineView => {
  const id = madeUpId(seed);
  const direction = payer === ME ? 'out' : payee === ME ? 'in' : 'between-others';
  const other = direction === 'out' ? payee : payer;
  const name = (index: number): string => VILLAGERS[index]?.name ?? '';
  return {
    id,
    code: receiptCode(id),
    direction,
    other: villager(other).member,
    otherName: name(other),
    payerName: name(payer),
    payeeName: name(payee),
    waitsForRoom: false,
    ...fields,
  };
};

/** The village as it stands when somebody comes to look. `now` in unix seconds. */
export const foundVillage = (
  language: 'en' | 'es',
  now: number,
  scenes: readonly DemoScene[],
): CircleView => {
  const alone = scenes.includes('one-steward');
  const governing = foundGoverning(language, now, scenes);
  const stewards = new Set(governing.stewards.stewards.map((steward) => steward.member));
  const lines = TRADES.map((trade, index) =>
    makeLine(100 + index, trade.payer, trade.payee, {
      amount: trade.amount,
      memo: trade[language],
      need:
        trade.category === undefined || trade.quantity === undefined
          ? null
          : { category: trade.category, quantity: trade.quantity * 1000 },
      at: now - trade.hoursAgo * HOUR,
      state: trade.state,
      handOver: 'not-needed',
    }),
  );
  const people: readonly PersonView[] = VILLAGERS.map((person, index) => ({
    member: villager(index).member,
    device: villager(index).device,
    devices: index === ME ? 2 : 1,
    name: person.name,
    isMe: index === ME,
    keepsBook: stewards.has(villager(index).member),
    invitedBy: person.invitedBy === null ? null : villager(person.invitedBy).member,
    connected: person.here,
    balance: person.balance,
    lastTradedAt:
      lines.find((line) => line.other === villager(index).member && line.direction !== 'between-others')
        ?.at ?? null,
  }));
  return {
    circle: madeUpId(7),
    name: 'Valldor',
    unit: { name: language === 'es' ? 'dor/dores' : 'dor/dors', decimals: 2 },
    policy: DEMO_POLICY,
    foundedAt: now - 40 * 24 * HOUR,
    me: villager(ME),
    balance: {
      shown: 4250,
      waitingIn: 0,
      waitingOut: 800,
      spendable: 4250 - 800 + 15_000,
      lowestBalance: -15_000,
      highestBalance: 15_000,
    },
    keeper: { ...villager(alone ? ME : ANA), isThisDevice: alone, reachable: true },
    keeperCandidates: governing.devices.filter(({ isThis, isClosed }) => alone && !isThis && !isClosed),
    freshness: { state: 'live', lastHeardAt: now },
    people,
    lines,
    lineCount: 318,
    entryCount: 1204,
    faults: [],
    sharing: {
      relays: [{ address: 'wss://valldor.example', state: 'ready' }],
      connections: [
        { name: 'Ana Moreno', path: 'direct' },
        { name: 'Joan Tur', path: 'direct' },
        { name: 'Rosa & Biel', path: 'relayed' },
      ],
      relayOnly: false,
    },
    decisions: foundDecisions(language),
    governing,
    anew: anewOf(scenes, now),
    practice: true,
    storageTrouble: null,
  };
};
