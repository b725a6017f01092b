/**
 * The browser is killed at random moments of paying and voting, and opened again on the same profile: a handful of
 * times, or as often as CORRIDOR_KILLS says (`npm run test:long`: 200). CORRIDOR_SEED plays one session's plan again.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import { KIND, LANE, parseLog } from '../../packages/ledger/src/index.ts';
import { createSha256 } from '../../packages/peer/src/node/index.ts';
import { createRng, type Rng } from '../../packages/testing/src/sim/rng.ts';
import { found, home, inviteLink, join, keptForOffline, upToDate } from '../actors/circle.ts';
import { openKillable, type KillablePhone } from '../actors/killablePhone.ts';
import type { Phone } from '../actors/phone.ts';
import { expect, test } from '../actors/test.ts';
import { lines, pay, preparePayment } from '../actors/trade.ts';

const KILLS = Number(process.env['CORRIDOR_KILLS'] ?? 3);
/** Kills in one circle: what a first screen still shows all at once. */
const KILLS_EACH = 20;
const ONE = process.env['CORRIDOR_SEED'];
const SESSIONS = Array.from({ length: ONE === undefined ? Math.ceil(KILLS / KILLS_EACH) : 1 }, (_, i) => ({
  seed: ONE === undefined ? i + 1 : Number(ONE),
  kills: Math.min(KILLS_EACH, KILLS - (ONE === undefined ? i * KILLS_EACH : 0)),
}));
const SET_UP_MS = 180_000;
const KILL_MS = 120_000;
/** The latest moment, as a power of two milliseconds after the press: by then all is long done. */
const LATEST = 10;

/** What a line says by its note. */
const states = async (phone: Phone): Promise<ReadonlyMap<string, string>> => {
  const texts = await lines(phone).allInnerTexts();
  const said = texts.flatMap((text) => {
    const note = /(?:Kill|More) \d+/.exec(text)?.[0];
    return note === undefined ? [] : [[note, /Final/.test(text) ? 'Final' : text] as const];
  });
  expect(new Set(said.map(([note]) => note)).size, 'no payment stands twice').toBe(said.length);
  return new Map(said);
};

/** The whole signed log of this phone: one history of each chain, and one vote of a witness for each place. */
async function expectOneHistory({ page }: Phone): Promise<void> {
  await home({ page });
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: 'Your data' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save a copy' }).click(),
  ]);
  const log = parseLog(await readFile(await download.path(), 'utf8'), await createSha256());
  if (!log.ok) throw new Error(`line ${log.fault.line}: ${log.fault.fault.code}`);
  const places = log.value.entries.map(({ entry: { device, lane, seq } }) => `${device}/${lane}/${seq}`);
  expect(places.length - new Set(places).size, 'places with two entries').toBe(0);
  const votes = log.value.entries.flatMap(({ entry: { lane, body } }) =>
    lane === LANE.witness && body.kind === KIND.votes
      ? body.votes.map(({ device, seq }) => `${device}/${seq}`)
      : [],
  );
  expect(votes.length).toBeGreaterThan(0);
  expect(votes.length - new Set(votes).size, 'places with two votes').toBe(0);
}

interface Kill {
  readonly payer: KillablePhone;
  readonly payee: KillablePhone;
  readonly victims: readonly KillablePhone[];
  readonly how: 'all at once' | 'the browser alone';
  /** Milliseconds after the press. */
  readonly moment: number;
  /** Milliseconds after it has started again, while it still reads its disk; null: it is left alone. */
  readonly again: number | null;
}
/** Each moment of a payment is short beside all that comes after it. */
const momentOf = (rng: Rng): number => Math.floor(2 ** (rng.next() * LATEST)) - 1;
function planned(rng: Rng, ana: KillablePhone, ben: KillablePhone): Kill {
  const [payer, payee] = rng.chance(0.5) ? [ana, ben] : [ben, ana];
  return {
    payer,
    payee,
    victims: rng.pick([[payer], [payee], [payer, payee]]),
    how: rng.chance(0.5) ? 'all at once' : 'the browser alone',
    moment: momentOf(rng),
    again: rng.chance(0.3) ? momentOf(rng) : null,
  };
}

for (const { seed, kills } of SESSIONS)
  test(`[P6] [W1] [I2] the browser is killed ${kills} times while paying and voting: nothing is signed twice, what was final stays (seed ${seed})`, async ({
    relay,
  }, info) => {
    test.setTimeout(SET_UP_MS + kills * KILL_MS);
    const rng = createRng(seed);
    const launch = info.project.use.launchOptions ?? {};
    const [ana, ben] = await Promise.all([
      openKillable('Ana', relay.url, launch),
      openKillable('Ben', relay.url, launch),
    ]);
    await found(ana.phone());
    await join(ben.phone(), await inviteLink(ana.phone()));
    for (const one of [ana, ben]) await keptForOffline(one.phone());
    for (const one of [ana, ben]) await upToDate(one.phone());

    const final = new Set<string>();
    const outcomes = new Map<string, 'not signed' | 'signed' | 'final'>();
    let killed = 0;
    const allFinal = async (one: KillablePhone, notes: ReadonlySet<string>): Promise<void> => {
      await home(one.phone());
      await expect
        .poll(
          async () => {
            const said = await states(one.phone());
            return [...notes].filter((note) => said.get(note) !== 'Final');
          },
          { message: `not final with ${one.name}`, timeout: 60_000 },
        )
        .toEqual([]);
    };
    for (let at = 0; at < kills; at++) {
      const { payer, payee, victims, how, moment, again } = planned(rng, ana, ben);
      const what = `kill ${at}: ${payer.name} pays, ${victims.map(({ name }) => name).join(' and ')} killed, ${how}, after ${moment} ms${again === null ? '' : `, and again after ${again} ms`}`;
      await test.step(what, async () => {
        const note = `Kill ${at}`;
        const button = await preparePayment(payer.phone(), { to: payee.name, amount: '0.10', note });
        // Not waited for: it may be killed before it can say that it was pressed.
        const pressed = button.evaluate((element: HTMLElement) => element.click()).catch(() => undefined);
        // The test's only clock: it decides in which moment of the payment the power goes.
        await after(moment);
        for (const wait of [0, ...(again === null ? [] : [again])]) {
          await after(wait);
          await Promise.all(victims.map((victim) => victim.kill(how)));
          await Promise.all(victims.map((victim) => victim.open()));
          killed += victims.length;
        }
        for (const one of victims)
          await expect(one.phone().page.getByTestId('balance')).toBeVisible({ timeout: 60_000 });
        await pressed;
        if (!victims.includes(payer))
          await expect(payer.phone().page.getByRole('heading', { name: 'Paid', level: 1 })).toBeVisible();
        for (const one of [ana, ben]) await upToDate(one.phone());
        // Signed, or not at all: what the payer's phone has is what both come to.
        const state = (await states(payer.phone())).get(note);
        if (state !== undefined) final.add(note);
        outcomes.set(what, state === undefined ? 'not signed' : state === 'Final' ? 'final' : 'signed');
        const more = `More ${at}`;
        await pay(payer.phone(), { to: payee.name, amount: '0.10', note: more });
        final.add(more);
        for (const one of [ana, ben]) {
          await allFinal(one, final);
          expect((await states(one.phone())).size, `payments with ${one.name}`).toBe(final.size);
          await expect(one.phone().page.getByText(/^Two entries don't fit together/)).toHaveCount(0);
        }
      });
    }
    for (const one of [ana, ben]) await expectOneHistory(one.phone());
    await Promise.all([ana.end(), ben.end()]);
    const times = (outcome: string): number => [...outcomes.values()].filter((one) => one === outcome).length;
    process.stdout.write(
      `seed ${seed}: ${killed} browsers killed; ${times('not signed')} payments were not signed, ${times('signed')} signed and ` +
        `${times('final')} final when the phones were back\n`,
    );
    expect([...ana.phone().faults, ...ben.phone().faults]).toEqual([]);
  });
