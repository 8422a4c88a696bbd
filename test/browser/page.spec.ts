import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { accessibilityFaults, openBrowser, tooWide } from '@gpt4video/testing/browser/system-browser';
import type { Browser, Page } from 'playwright-core';
import { ServerProcess, makeDataFolder } from '../e2e/server-process.js';

const root = resolve(import.meta.dirname, '../..');
const samples = join(root, 'models/cartoon/samples');
const screenshots = join(root, 'test-results/screenshots');

/** The page on the real server: real models, real films. What it does when things go wrong is tested with scripted stages, in apps/gateway/test. */
describe('the page', () => {
  let server: ServerProcess;
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  let browser: Browser;
  let page: Page;
  let script: { clip: string; questions: { question: string; expect: (string | string[])[] }[]; film: string; unsafe: string };
  const complaints: string[] = [];

  beforeAll(async () => {
    script = JSON.parse(await readFile(join(samples, 'demo.json'), 'utf8')) as typeof script;
    data = await makeDataFolder();
    server = await ServerProcess.start(data.path);
    await mkdir(screenshots, { recursive: true });
    browser = await openBrowser();
    page = await (await browser.newContext({ viewport: { width: 1180, height: 860 } })).newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(server.url);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await data.remove();
  }, 60_000);

  const answered = async (count: number): Promise<void> => {
    await page.locator('.message.assistant').nth(count - 1).waitFor({ timeout: 20_000 });
    await page.locator('.message[data-phase=writing]').waitFor({ state: 'detached', timeout: 60_000 });
  };
  const ask = async (text: string): Promise<void> => {
    const before = await page.locator('.message.assistant').count();
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
    await answered(before + 1);
  };
  const lastWords = (): Promise<string> => page.locator('.message.assistant .words').last().innerText();

  it('invites, with nothing that a screen reader or a phone stumbles over', async () => {
    await page.getByRole('heading', { name: 'Show a clip, or ask for one' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.screenshot({ path: join(screenshots, 'welcome.png') });
  }, 60_000);

  it('is small', async () => {
    const assets = join(root, 'apps/web/dist/assets');
    const sizes = await Promise.all((await readdir(assets)).filter((name) => /\.(js|css)$/.test(name)).map(async (name) => gzipSync(await readFile(join(assets, name))).length));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100_000);
  });

  it('shows the frames that the model saw of a dropped clip, and the true answer', async () => {
    const bytes = [...(await readFile(join(samples, script.clip)))];
    const dropped = await page.evaluateHandle(`(() => { const data = new DataTransfer(); data.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], ${JSON.stringify(script.clip)}, { type: 'video/mp4' })); return data; })()`);
    await page.locator('.page').dispatchEvent('drop', { dataTransfer: dropped });
    await page.locator('.pending [data-state=ready]').waitFor({ timeout: 30_000 });
    const [first] = script.questions;
    await ask(first?.question ?? '');
    const words = (await lastWords()).toLowerCase();
    for (const alternatives of first?.expect ?? []) expect([alternatives].flat().some((word) => words.includes(word))).toBe(true);
    await page.locator('.clip img.still').nth(3).waitFor({ timeout: 30_000 });
    expect(await page.locator('.clip img.still').evaluateAll((images) => images.map((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0))).toEqual([true, true, true, true]);
  }, 120_000);

  it('makes a film in place, which plays and can be kept', async () => {
    await ask(script.film);
    const video = page.locator('.film video');
    await video.waitFor({ timeout: 120_000 });
    await page.waitForFunction('document.querySelector(".film video").videoWidth === 128', undefined, { timeout: 20_000 });
    expect(await page.locator('.words').filter({ hasText: /<video>|\]\(\/v1/ }).count()).toBe(0);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    expect((await readFile(await download.path())).subarray(4, 8).toString()).toBe('ftyp');
  }, 180_000);

  it('declines kindly, and says why', async () => {
    await ask(script.unsafe);
    const note = page.locator('.refusal[data-kind=input]');
    await note.waitFor();
    expect(await note.innerText()).toMatch(/^I can’t help with that one\s+The question seems to touch on /);
  }, 60_000);

  it('keeps the conversation and its film over a reload', async () => {
    const before = await page.locator('.message').count();
    await page.reload();
    await page.locator('.film video').waitFor({ timeout: 30_000 });
    expect(await page.locator('.message').count()).toBe(before);
  }, 60_000);

  it.each(['light', 'dark'] as const)('has no serious accessibility fault in %s colours', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.screenshot({ path: join(screenshots, `conversation-${colorScheme}.png`) });
  }, 60_000);

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 375, height: 760 });
    await page.waitForFunction('innerWidth === 375');
    expect(await tooWide(page)).toEqual([]);
    await page.getByRole('button', { name: 'Conversations' }).click();
    await page.getByRole('button', { name: 'New conversation' }).waitFor();
    expect(await tooWide(page)).toEqual([]);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.screenshot({ path: join(screenshots, 'phone.png') });
    expect(complaints).toEqual([]);
  }, 60_000);
});
