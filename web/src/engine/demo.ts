import { computed, signal } from '@preact/signals';
import type {
  Answer,
  CircleView,
  InviteView,
  LineView,
  LockView,
  Need,
  PayRequest,
  PeerIntents,
  PeerView,
  PublicKey,
  Refusal,
} from '@corridor/peer';
import type { Language } from '../words/language.ts';
import type { Engine } from './port.ts';
import { demoAnew, withoutKeeper } from './demoAnew.ts';
import { demoFaults } from './demoFaults.ts';
import { DEMO_SCENES } from './demoGoverning.ts';
import { demoGoverning } from './demoIntents.ts';
import { ANA, JOAN, madeUpHex, madeUpId, villager, villagerOf } from './demoPeople.ts';
import { foundVillage, makeLine } from './demoVillage.ts';

/** How long a payment takes to reach the other phone and the book: short, but to be seen. */
const THERE_MS = 900;
const FINAL_MS = 2200;
/** After this somebody in the village answers a request. */
const PAID_MS = 5000;

const SAMPLE_REQUEST = 'DEMO REQUEST';
const SAMPLE_PAYMENT = 'DEMO PAYMENT';
const ANY_AMOUNT = 500;

const NO_NEWS = { entries: 0, payments: 0, texts: 0 } as const;

const ok = <T>(value: T): Answer<T> => ({ ok: true, value });
const refuse = (code: Refusal['code'], values: Refusal['values'] = {}): Answer<never> => ({
  ok: false,
  refusal: { code, values },
});
const unixNow = (): number => Math.floor(Date.now() / 1000);

/** A village in memory in which one can pay and be paid. Nothing leaves the page, nothing is saved. */
export const startDemo = (
  language: Language,
  wanted: readonly string[] = [],
  origin: string = location.origin,
): Engine => {
  const words = language === 'es' ? 'es' : 'en';
  const scenes = DEMO_SCENES.filter((scene) => wanted.includes(scene));
  const jam = words === 'es' ? 'Mermelada y dos quesos' : 'Jam and two cheeses';
  const circle = signal<CircleView>(foundVillage(words, unixNow(), scenes));
  const isLocked = signal(false);
  const passphrase = signal<string | null>(null);
  const lock = computed<LockView>(() => ({ isSet: passphrase.value !== null, passkey: null }));
  const isComingBack = signal(scenes.includes('coming-back'));
  const inviteView = (as: InviteView['as'], invite: PublicKey): InviteView => {
    const { name, unit, policy, me, people } = circle.value;
    return {
      circle: circle.value.circle,
      circleName: name,
      unitName: unit.name,
      inviterName: me.name,
      members: people.length,
      as,
      firstGrant: policy.firstGrant,
      decimals: unit.decimals,
      expiresAt: unixNow() + 48 * 3600,
      invite,
    };
  };
  const view = computed<PeerView>(() => {
    if (isLocked.value) return { stage: 'locked', lock: lock.value };
    if (!isComingBack.value) return { stage: 'circle', view: circle.value, lock: lock.value };
    const invite = inviteView('recover', madeUpId(7) as string as PublicKey);
    return { stage: 'joining', invite, progress: 'waiting-for-keeper', refused: null };
  });
  const byIntent = new Map<string, LineView>();
  let seed = 5000;

  const change = (next: Partial<CircleView>): void => {
    circle.value = { ...circle.value, ...next };
  };
  const find = (id: string): LineView | undefined => circle.value.lines.find((line) => line.id === id);
  const changeLine = (id: string, next: Partial<LineView>): void =>
    change({ lines: circle.value.lines.map((line) => (line.id === id ? { ...line, ...next } : line)) });
  const move = (shown: number, waitingIn: number, waitingOut: number): void => {
    const { balance } = circle.value;
    const next = {
      ...balance,
      shown: balance.shown + shown,
      waitingIn: balance.waitingIn + waitingIn,
      waitingOut: balance.waitingOut + waitingOut,
    };
    change({ balance: { ...next, spendable: next.shown - next.waitingOut - next.lowestBalance } });
  };
  const add = (line: LineView): void => {
    const { lines, lineCount, entryCount, people } = circle.value;
    change({
      lines: [line, ...lines],
      lineCount: lineCount + 1,
      entryCount: entryCount + 2,
      people: people.map((person) =>
        person.member === line.other ? { ...person, lastTradedAt: line.at } : person,
      ),
    });
    if (line.direction === 'out') move(0, 0, line.amount);
    else move(0, line.amount, 0);
  };
  const settle = (id: string): void => {
    setTimeout(() => changeLine(id, { state: 'they-have-it', handOver: 'done' }), THERE_MS);
    setTimeout(() => {
      const line = find(id);
      if (!line || line.state === 'final') return;
      changeLine(id, { state: 'final' });
      if (line.direction === 'out') move(-line.amount, 0, -line.amount);
      else move(line.amount, -line.amount, 0);
    }, FINAL_MS);
  };
  const payMe = (from: number, amount: number, memo: string, need: Need | null): LineView => {
    const line = makeLine(seed++, from, 0, {
      amount,
      memo,
      need,
      at: unixNow(),
      state: 'they-have-it',
      handOver: 'not-needed',
    });
    add(line);
    settle(line.id);
    return line;
  };
  const codeOf = (id: string): string => `DEMO${madeUpHex(id.length).toUpperCase()}${id.toUpperCase()}`;

  const pay = (request: PayRequest): Answer<{ line: LineView; handOverCode: string | null }> => {
    const { balance } = circle.value;
    const payee = villagerOf(request.to);
    if (payee < 0) return refuse('not-a-member');
    if (payee === 0) return refuse('not-yourself');
    if (request.amount > balance.spendable) {
      const wouldBe = balance.shown - balance.waitingOut - request.amount;
      return refuse('over-lowest-balance', {
        wouldBe,
        lowest: balance.lowestBalance,
        spendable: balance.spendable,
      });
    }
    const signed = byIntent.get(request.intent);
    const line =
      signed ??
      makeLine(seed++, 0, payee, {
        amount: request.amount,
        memo: request.memo,
        need: request.need,
        at: unixNow(),
        state: 'on-this-phone',
        handOver: request.handOver ? 'to-show' : 'not-needed',
      });
    if (!signed) {
      byIntent.set(request.intent, line);
      add(line);
      if (!request.handOver) settle(line.id);
    }
    return ok({ line, handOverCode: request.handOver ? codeOf(line.id) : null });
  };

  const intents: PeerIntents = {
    found: async () => refuse('already-in-a-circle'),
    readInvite: async (link) => {
      const [, name] = /#j=DEMO([0-9a-f]{64})$/.exec(link) ?? [];
      // nothing in the demo is a key, so the name of one does
      return name === undefined ? refuse('unreadable-code') : ok(inviteView('device', name as PublicKey));
    },
    join: async () => refuse('already-in-a-circle'),
    cancelJoin: async () => {
      isComingBack.value = false;
      return ok(null);
    },
    createInvite: async (as) => {
      const hours = as === 'poster' ? 14 * 24 : 48;
      return ok({ link: `${origin}/#j=DEMO${madeUpHex(seed++)}`, expiresAt: unixNow() + hours * 3600 });
    },
    pay: async (request) => pay(request),
    paidBy: async (intent) => ok(byIntent.get(intent) ?? null),
    request: async (amount, memo, need) => {
      const invoice = madeUpId(seed++);
      setTimeout(() => payMe(ANA, amount || ANY_AMOUNT, memo, need), PAID_MS);
      return ok({ code: codeOf(invoice), link: `${origin}/#p=DEMO${invoice}`, invoice });
    },
    readCode: async (text) => {
      if (text === SAMPLE_REQUEST) {
        const { member, device, name } = villager(JOAN);
        const request = {
          payee: member,
          payeeName: name,
          payeeDevice: device,
          amount: 1200,
          memo: jam,
          need: { category: 1, quantity: 5_800_000 },
          expiresAt: unixNow() + 600,
          invoice: madeUpId(seed++),
          alreadyPaid: null,
        };
        return ok({ type: 'request', request, code: text });
      }
      if (text === SAMPLE_PAYMENT)
        return ok({ type: 'payment', line: payMe(ANA, 700, '', null), news: true });
      if (/^\d{8}$|^\d{12,13}$/.test(text.trim())) return ok({ type: 'shop-barcode' });
      return ok({ type: 'unreadable' });
    },
    handOverCode: async (line) => ok(codeOf(line)),
    handedOver: async (line) => {
      changeLine(line, { handOver: 'done' });
      settle(line);
      return ok(null);
    },
    lines: async (before, count) => ok(circle.value.lines.slice(before, before + count)),
    line: async (id) => ok(find(id) ?? null),
    eraseNote: async (id) => {
      changeLine(id, { memo: '' });
      return ok(null);
    },
    keepBook: async () => refuse('not-the-keeper'),
    exportLog: async () =>
      ok(new TextEncoder().encode(circle.value.lines.map((line) => `${JSON.stringify(line)}\n`).join(''))),
    // Whatever the file, what is made up here is whole.
    readSavedBook: async () => {
      const { circle: id, name, unit, people, lines, lineCount, entryCount } = circle.value;
      return ok({
        circle: id,
        circleName: name,
        unit,
        belongs: 'this-circle',
        entries: entryCount,
        payments: lineCount,
        members: people.length,
        texts: people.length + lineCount,
        newestAt: lines[0]?.at ?? null,
        sumsToZero: true,
        leftOut: 0,
        news: NO_NEWS,
      });
    },
    bringInBook: async () => ok(NO_NEWS),
    keepBooks: async (keeps) => {
      const { governing } = circle.value;
      change({ governing: { ...governing, book: { ...governing.book, keeps } } });
      return ok(null);
    },
    setRelayOnly: async (relayOnly) => {
      change({ sharing: { ...circle.value.sharing, relayOnly } });
      return ok(null);
    },
    setLock: async (next, current) => {
      if (passphrase.value !== null && current !== passphrase.value) return refuse('wrong-passphrase');
      passphrase.value = next;
      return ok(null);
    },
    // A made-up circle puts nothing into the phone's own list.
    setPasskey: async () => refuse('not-ready'),
    unlockByPasskey: async () => refuse('wrong-passkey'),
    unlock: async (tried) => {
      if (passphrase.value !== null && tried !== passphrase.value) return refuse('wrong-passphrase');
      isLocked.value = false;
      return ok(null);
    },
    lock: async () => {
      if (passphrase.value === null) return refuse('not-ready');
      isLocked.value = true;
      return ok(null);
    },
    wipe: async () => ok(null),
    ...demoGoverning(circle, words, origin),
    ...demoAnew(circle),
  };

  if (scenes.includes('keeper-gone')) change(withoutKeeper(circle.value, unixNow()));
  if (scenes.includes('talk')) change({ faults: demoFaults(words) });
  settle(circle.value.lines[0]?.id ?? '');
  const samples = [
    {
      label: words === 'es' ? 'El código del puesto de Joan' : 'The code at Joan’s stall',
      code: SAMPLE_REQUEST,
    },
    {
      label: words === 'es' ? 'La pantalla de Ana, que te paga' : 'Ana’s screen, paying you',
      code: SAMPLE_PAYMENT,
    },
  ];
  return { view, intents, samples: () => samples };
};
