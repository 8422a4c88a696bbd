import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
/** Nothing that reaches beyond the pages under test. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** The system's Chromium; its absence is a failure, not a skip. */
export function openBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((candidate) => existsSync(candidate));
  if (executablePath === undefined) throw new Error('no Chromium was found; install the package "chromium"');
  return chromium.launch({ executablePath, args: QUIET });
}

/** Serious and critical accessibility faults of the page as it stands: which rule, and where. */
export async function accessibilityFaults(page: Page): Promise<readonly { readonly rule: string; readonly where: readonly string[] }[]> {
  // What is half faded in has no contrast yet.
  await page.evaluate('Promise.all(document.getAnimations().filter((a) => a.effect?.getTiming().iterations !== Infinity).map((a) => a.finished.catch(() => undefined)))');
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => ({ rule: id, where: nodes.map(({ html }) => html) }));
}

/** What makes the page wider than its window, or would if it were not cut off; the beginning of each element. */
export async function tooWide(page: Page): Promise<readonly string[]> {
  const script = `[...document.body.querySelectorAll('*')].filter((element) => !element.closest('.unseen') && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((element) => element.outerHTML.slice(0, 100))`;
  const elements = (await page.evaluate(script)) as string[];
  const scrolls = Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'));
  return scrolls > 0 && elements.length === 0 ? [`the page scrolls by ${scrolls} pixels`] : elements;
}
