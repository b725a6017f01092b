/** Cleo's phone holds a large book; she pays. From the press until it is signed, on disk and painted. */
import { home, join } from '../../../e2e/actors/circle.ts';
import { openNeighbour } from '../browser/neighbour.ts';
import { openStage } from '../browser/stage.ts';
import type { Task } from '../browser/instruments.ts';
import { answerJob } from '../job.ts';

export interface PressQuestion {
  readonly root: string;
  readonly entries: number;
  readonly feeds: number;
  readonly payments: number;
}
export interface PressAnswer {
  readonly entries: number;
  /** From the link to a screen with the whole book, over the relay. Seconds. */
  readonly joinSeconds: number;
  /** From a reload to the balance on the screen, out of the phone's own disk. Seconds. */
  readonly reloadSeconds: number;
  /** From each press to "Paid" painted. Milliseconds. */
  readonly presses: readonly number[];
  /** Main-thread tasks over 50 ms between the presses and what they painted; milliseconds. */
  readonly longTasks: readonly number[];
}
answerJob(async ({ root, entries, feeds, payments }: PressQuestion): Promise<PressAnswer> => {
  const stage = await openStage(root, { limits: { circuitBytes: 2 ** 30 } });
  const neighbour = await openNeighbour(stage.url, entries, feeds);
  const cleo = await stage.phone('Cleo');
  const { page } = cleo;
  const began = performance.now();
  await join(cleo, neighbour.link, neighbour.circleName);
  await page.evaluate((count) => bench.holds(count), neighbour.entries);
  const joinSeconds = (performance.now() - began) / 1000;

  const reloaded = performance.now();
  await page.reload();
  await page.getByTestId('balance').waitFor();
  const reloadSeconds = (performance.now() - reloaded) / 1000;

  const presses: number[] = [];
  const spans: { from: number; to: number }[] = [];
  for (let i = 0; i < payments; i++) {
    await home(cleo);
    await page.getByRole('link', { name: 'Scan or pay' }).first().click();
    const everyone = page.locator('section', { has: page.getByRole('heading', { name: 'Everyone' }) });
    await everyone.getByRole('link').first().click();
    await page.getByLabel(/^How much to/).fill('0.10');
    const painted = page.evaluate(() => bench.painted('h1', ['Paid']));
    await page.getByRole('button', { name: /^Pay 0\.10/ }).click();
    const to = await painted;
    const from = (await page.evaluate(() => bench.presses.at(-1))) ?? to;
    presses.push(to - from);
    spans.push({ from, to });
  }
  const tasks: readonly Task[] = await page.evaluate(() => bench.tasks);
  const longTasks = tasks
    .filter((task) => spans.some(({ from, to }) => task.began < to && task.began + task.ms > from))
    .map((task) => task.ms);
  await stage.close();
  return { entries: neighbour.entries, joinSeconds, reloadSeconds, presses, longTasks };
});
