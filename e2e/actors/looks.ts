import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What can differ between a light and a dark screen. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe finds against WCAG 2.2 AA, one line each: the rule and where. `colours`: only what hangs on them. */
export const axeFindings = async (page: Page, colours = false): Promise<readonly string[]> => {
  // Its half megabyte goes into a page once.
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  const builder = isThere ? new AxeBuilder({ page, axeSource: ';' }) : new AxeBuilder({ page });
  builder.options({ resultTypes: ['violations'] });
  if (colours) builder.withRules(COLOURS);
  else builder.withTags(WCAG);
  // Legacy mode: without a further page for every answer. The app has no frames.
  const { violations } = await builder.setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
};

/** What stands out of the screen to the side, so that one would have to scroll for it. */
export const sticksOut = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const found = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1 || element.closest('.skip, svg') !== null) return false;
      return box.right > width + 1 || box.left < -1;
    });
    const names = found.map((element) => `${element.tagName}.${element.getAttribute('class') ?? ''}`);
    const scrolls = [document.documentElement, ...document.querySelectorAll('dialog[open]')].some(
      (element) => element.scrollWidth > element.clientWidth,
    );
    return scrolls ? ['the page scrolls sideways', ...names] : names;
  });

/** Every text a person sees or hears, without what people wrote themselves. */
export const texts = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const isLetter = /\p{L}/u;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set<Element>();
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const holder = node.parentElement;
      if (holder === null || !isLetter.test(node.nodeValue ?? '')) continue;
      // a sentence with a name in it is one text
      if (seen.has(holder) || holder.closest('bdi, noscript, option, [lang]:not(html)') !== null) continue;
      seen.add(holder);
      found.push((holder.textContent ?? '').trim());
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [alt], [title]'))
      for (const name of ['aria-label', 'placeholder', 'alt', 'title']) {
        const text = element.getAttribute(name)?.trim() ?? '';
        if (isLetter.test(text)) found.push(text);
      }
    return found;
  });
