import type { Browser } from '@playwright/test';
import { LANE, type Id, type PublicKey, type TextHash } from '../../packages/ledger/src/index.ts';
import { encodeJoinMessage, encodeMessage } from '../../packages/sync/src/index.ts';
import { askToJoin, found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { strangerWith, turnedMember, type Line, type Mallory } from '../actors/mallory.ts';
import { random } from '../actors/nodePhone.ts';
import type { Phone } from '../actors/phone.ts';
import { expect, test } from '../actors/test.ts';
import {
  expectBalance,
  expectLine,
  expectSameAfterReload,
  ledgerOnScreen,
  lines,
  pay,
} from '../actors/trade.ts';

/** What one page of these people may use of a processor for all attacks together, in seconds. */
const MAX_CPU_SECONDS = 20;

/** What a flood may leave behind in a page's memory. */
const MAX_HEAP_BYTES = 8 * 1024 * 1024;
/** More than any queue on the way holds. */
const FLOOD_BYTES = 16 * 1024 * 1024;

/** Seconds of processor that all pages have used. */
const cpuOfPages = async (browser: Browser): Promise<number> => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
};

/** What stays in this page's memory, garbage collected. */
const heapOf = async ({ context, page }: Phone): Promise<number> => {
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
};

/** How many entries this phone's book has, as it says itself. */
const entryCount = async ({ page }: Phone): Promise<string> => {
  await home({ page });
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: 'Storage' }).click();
  const fact = page.locator('dl div').filter({ hasText: 'Entries in the book' }).locator('dd');
  const count = await fact.innerText();
  await home({ page });
  return count;
};

const CLIENT = 7;
/** A Yjs update, as its V1 encoding has it, that puts other bytes in the place of an entry. */
const overwriting = (id: Id): Uint8Array => {
  const name = Buffer.from('entries');
  const struct = [0x23, 1, name.length, ...name, id.length, ...Buffer.from(id), 3, 0xba, 0xad, 0x00];
  return Uint8Array.from([1, 1, CLIENT, 0, ...struct, 0]);
};
/** And one that deletes what the first thousand clocks of a client made. */
const deleting = (client: number): Uint8Array => Uint8Array.from([0, 1, client, 1, 0, 0xe8, 0x07]);
const item = (size: number) => ({ sealed: random(size), signature: null });

type Attack = readonly [what: string, act: (line: Line, mallory: Mallory) => Promise<void> | void];
const ATTACKS: readonly Attack[] = [
  [
    'frames of garbage',
    (line) => {
      for (let frames = 0; frames < 3; frames++) line.say(random(1000));
    },
  ],
  ['a frame longer than a message may be', (line) => void line.say(new Uint8Array(65 * 1024))],
  [
    'raw Yjs: overwrite and delete everything',
    (line, { book }) => {
      for (const id of book) line.say(overwriting(id));
      for (let client = 0; client < 100; client++) line.say(deleting(client));
    },
  ],
  [
    'bytes sealed under no key',
    (line, { voice }) => {
      const unknown = { sealed: random(136), signature: random(136) };
      line.tell({ type: 'push', runs: [{ feed: voice, fromSeq: 0, items: [unknown] }] });
    },
  ],
  [
    'a signature that does not hold',
    async (line, mallory) => {
      const forged = await mallory.forged();
      line.tell({ type: 'push', runs: [{ feed: mallory.voice, fromSeq: 0, items: [forged] }] });
    },
  ],
  [
    'her own entry as one of Ana’s',
    async (line, mallory) => {
      const items = await mallory.entries(1);
      line.tell({ type: 'push', runs: [{ feed: { ...mallory.voice, ordinal: 0 }, fromSeq: 0, items }] });
    },
  ],
  [
    'an answer nobody asked for',
    (line) => {
      const feed = { book: 0, ordinal: 0, lane: LANE.account };
      line.tell({ type: 'have', runs: [{ feed, fromSeq: 0, items: [item(100)], last: true }] });
    },
  ],
  [
    'a text nobody asked for',
    (line) => void line.tell({ type: 'text', texts: [{ hash: 'ab'.repeat(32) as TextHash, state: 'gone' }] }),
  ],
];

test('[I16] [I18] [E5] a member turned hostile is dropped each time; the book is what it was and the others trade on', async ({
  browser,
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const bensInvite = await inviteLink(ana);
  await home(ana);
  const ben = await phone('Ben');
  await join(ben, bensInvite);
  await upToDate(ben);
  await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
  const mallory = await turnedMember(await inviteLink(ana));
  await home(ana);
  await expect(ana.page.getByText('Mallory')).toBeAttached();

  const book = await ledgerOnScreen(ana);
  const entries = await entryCount(ana);
  const before = await cpuOfPages(browser);
  let first: Line | undefined;
  for (const [what, act] of ATTACKS)
    await test.step(what, async () => {
      const line = await mallory.connect();
      await act(line, mallory);
      await line.dropped();
      if (first === undefined) first = line;
      else await line.stop();
    });
  expect((await cpuOfPages(browser)) - before).toBeLessThan(MAX_CPU_SECONDS);
  expect(await entryCount(ana)).toBe(entries);
  expect(await ledgerOnScreen(ana)).toEqual(book);

  // Orphans and what nobody vouches for may be an honest peer's mishap: it waits, bounded, and is in no book.
  const patient = await mallory.connect();
  const heap = await heapOf(ana);
  const items = Array.from({ length: 9 }, () => item(5000));
  await patient.flood({ type: 'push', runs: [{ feed: mallory.voice, fromSeq: 0, items }] }, FLOOD_BYTES);
  const orphans = await mallory.entries(40);
  patient.tell({ type: 'push', runs: [{ feed: mallory.voice, fromSeq: 30, items: orphans.slice(30) }] });

  await pay(ben, { to: 'Ana', amount: '1.00', note: 'Thread' });
  await expectLine(ana, 'Thread', '+1.00', 'Final');
  await expectBalance(ana, 'owed', '5.80');
  await expect(lines(ana)).toHaveCount(2);
  expect((await heapOf(ana)) - heap).toBeLessThan(MAX_HEAP_BYTES);
  expect((await cpuOfPages(browser)) - before).toBeLessThan(MAX_CPU_SECONDS);
  // Who was dropped is not met again.
  expect(first?.met()).toBe(1);
  for (const line of [first, patient]) await line?.stop();
  await expectSameAfterReload(ana);
  await expectSameAfterReload(ben);
});

test('[S2] [S3] a stranger without an invite is told nothing and changes nothing', async ({
  browser,
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await phone('Ben');
  await join(ben, link);
  await upToDate(ben);
  const entries = await entryCount(ana);
  const before = await cpuOfPages(browser);

  const stranger = strangerWith(link);
  expect(await stranger.knock('join', [random(600)]), 'garbage at the door').toEqual([]);
  const ask = encodeJoinMessage({
    type: 'ask',
    version: 1,
    invite: Buffer.from(random(32)).toString('hex') as PublicKey,
  });
  const heard = await stranger.knock('join', [ask, ask]);
  // Two doors stand open: each says one number to sign at most, and nothing else.
  expect(heard.filter(({ length }) => length !== 17)).toEqual([]);
  expect(heard.length).toBeLessThanOrEqual(2);
  const hello = encodeMessage({ type: 'hello', version: 1, nonce: random(16), tags: [random(16)] });
  expect(await stranger.knock('sync', [hello]), 'no book key').toEqual([]);
  expect((await cpuOfPages(browser)) - before).toBeLessThan(MAX_CPU_SECONDS);
  expect(await entryCount(ana)).toBe(entries);

  // The same with the app itself: the invite has let Ben in, and nobody else.
  const carol = await phone('Carol');
  await askToJoin(carol, link);
  await expect(carol.page.getByRole('alert')).toContainText('This invite was used already.', {
    timeout: 60_000,
  });
  await ana.page.getByRole('link', { name: 'Circle', exact: true }).click();
  await expect(ana.page.getByRole('link', { name: /^People/ })).toContainText('2 people');
});
