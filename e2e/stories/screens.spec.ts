import { readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { found, inviteLink } from '../actors/circle.ts';
import { sheetLink } from '../actors/governingTour.ts';
import { axeFindings, sticksOut, texts } from '../actors/looks.ts';
import { newPhone } from '../actors/phone.ts';
import { startRelay, type RelayProcess } from '../actors/relayProcess.ts';
import { expect, test } from '../actors/test.ts';
import type { Station } from '../actors/station.ts';
import { broken, demo, founded, insecure, notWiped, outside } from '../actors/tour.ts';

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };
/** WCAG 1.4.10: at this width nothing may need scrolling to the side. */
const NARROW = { width: 320, height: 740 };
/** WCAG 1.4.4: twice the letters; the style sheet starts from 106.25 %. */
const TWICE = '212.5%';

type Look = (page: Page) => Promise<readonly string[]>;

/** Opens every screen of a new phone and returns what `look` had to say, each with the screen's name. */
const visit = async (page: Page, stations: readonly Station[], look: Look): Promise<readonly string[]> => {
  const said: string[] = [];
  for (const { name, open } of stations)
    await test.step(name, async () => {
      await open(page);
      said.push(...(await look(page)).map((finding) => `${name}: ${finding}`));
    });
  return said;
};

let relay: RelayProcess;
let invite: string;
let sheet: string;
/** One invite is read on many phones, and never used. */
const welcomed = async (browser: Browser): Promise<void> => {
  relay = await startRelay();
  const ana = await newPhone(browser, relay.url, 'Ana');
  await ana.page.goto('/');
  await found(ana);
  invite = await inviteLink(ana);
  sheet = await sheetLink(ana.page);
  await ana.context.close();
};

/** Writes down what the content security policy refuses the app. */
const RECORD_REFUSALS = `
  globalThis.refusedByPolicy = [];
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    globalThis.refusedByPolicy.push(violatedDirective + ' ' + blockedURI));
`;
declare global {
  /** What {@link RECORD_REFUSALS} has seen. */
  var refusedByPolicy: string[];
}

const tour = async (
  browser: Browser,
  { size, lang }: { readonly size: typeof PHONE; readonly lang?: string },
  look: Look,
): Promise<readonly string[]> => {
  const options = { viewport: size, reducedMotion: 'reduce', before: RECORD_REFUSALS } as const;
  const { context, page, faults } = await newPhone(browser, relay.url, 'Ana', options);
  const start = lang === undefined ? '/' : `/?lang=${lang}`;
  await page.goto(start);
  const said = [...(await visit(page, [...outside(invite, sheet), ...founded, ...demo], look))];
  expect(await page.evaluate(() => globalThis.refusedByPolicy)).toEqual([]);
  await context.close();
  const other = await newPhone(browser, relay.url, 'Ben', { ...options, serviceWorkers: 'block' });
  for (const [name, open] of Object.entries({ notWiped, broken, insecure }))
    said.push(...(await visit(other.page, [{ name, open: (opened) => open(opened, start) }], look)));
  await other.context.close();
  expect(faults).toEqual([]);
  return said;
};

test.describe.configure({ mode: 'parallel', timeout: 480_000 });
test.beforeAll(async ({ browser }) => welcomed(browser));
test.afterAll(async () => relay.end());

/** In this width and letters twice as big, and back. */
const atItsTightest: Look = async (page) => {
  const usual = page.viewportSize() ?? PHONE;
  await page.setViewportSize(NARROW);
  const narrow = (await sticksOut(page)).map((what) => `at 320 px ${what}`);
  await page.setViewportSize(usual);
  await page.evaluate((size) => (document.documentElement.style.fontSize = size), TWICE);
  const big = (await sticksOut(page)).map((what) => `at 200 % ${what}`);
  await page.evaluate(() => (document.documentElement.style.fontSize = ''));
  return [...narrow, ...big];
};

for (const [of, size] of Object.entries({ phone: PHONE, desk: DESK }))
  test(`every screen is readable for everyone, light and dark: ${of}`, async ({ browser }) => {
    const said = await tour(browser, { size }, async (page) => {
      const found: string[] = [];
      await page.emulateMedia({ colorScheme: 'dark' });
      found.push(...(await axeFindings(page, true)).map((finding) => `dark: ${finding}`));
      await page.emulateMedia({ colorScheme: 'light' });
      found.push(...(await axeFindings(page)));
      found.push(...(await sticksOut(page)), ...(size === PHONE ? await atItsTightest(page) : []));
      return found;
    });
    expect(said).toEqual([]);
  });

/** What is not a sentence: initials, amounts, dates as the browser writes them, codes, who paid whom, who said it when, the demo's own, licences. */
const DATA = [
  /^\p{Lu}{1,2}$/u,
  /^(?:[−+]?[\d.,]+ )?dors?$/,
  /^(?:[^[\]]+ · )?(?:\d\d:\d\d|Today|Yesterday|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w+(?: \d{4})?, \d\d:\d\d$/,
  /^\d+ \w+ \d{4}$/,
  /^(?:[0-9A-Z]{4} [0-9A-Z]{4}|[0-9a-f]{12})$/,
  /^[^→[\]]+ → [^→[\]]+$/,
  /^(?:The code at Joan’s stall|Ana’s screen, paying you|Jam and two cheeses)/,
  /^(?:AGPL-3\.0|Public Sans:|Corridor$|Uncaught Error: )/,
];

test('every screen holds 40 % longer sentences, and none is written past the languages', async ({
  browser,
}) => {
  const said = await tour(browser, { size: PHONE, lang: 'en-XA' }, async (page) => {
    const bare = (await texts(page)).filter(
      (text) => !/^\[.*\]/su.test(text) && !DATA.some((pattern) => pattern.test(text)),
    );
    return [
      ...(await sticksOut(page)),
      ...(await atItsTightest(page)),
      ...bare.map((text) => `bare: ${text}`),
    ];
  });
  expect(said).toEqual([]);
});

type Message = string | Readonly<Record<string, string>>;
const messages = (language: string): Readonly<Record<string, Message>> =>
  JSON.parse(readFileSync(new URL(`../../web/messages/${language}.json`, import.meta.url), 'utf8')) as Record<
    string,
    Message
  >;
const forms = (message: Message | undefined): readonly string[] =>
  typeof message === 'string'
    ? [message]
    : Object.entries(message ?? {}).flatMap(([name, text]) => (name === 'by' ? [] : [text]));

/** The English sentences that are others in Spanish, with anything in their places. */
const englishOnly = (): RegExp => {
  const spanish = messages('es');
  const patterns = Object.entries(messages('en')).flatMap(([name, message]) =>
    forms(message)
      .filter(
        (text) => !forms(spanish[name]).includes(text) && /\p{L}{3}/u.test(text.replace(/\{\w+\}/g, '')),
      )
      .map((text) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.+')),
  );
  return new RegExp(`^(?:${patterns.join('|')})$`, 'u');
};

test('every screen speaks Spanish, and nothing but Spanish', async ({ browser }) => {
  const english = englishOnly();
  const said = await tour(browser, { size: PHONE, lang: 'es' }, async (page) => [
    ...(await sticksOut(page)),
    ...(await texts(page))
      .filter((text) => english.test(text) || /\b\w+_\w+\b/.test(text))
      .map((text) => `English: ${text}`),
  ]);
  expect(said).toEqual([]);
});
