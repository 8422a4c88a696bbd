import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, type Page, chromium } from 'playwright-core';
import { ServerProcess, makeDataFolder } from '../e2e/server-process.js';

const root = resolve(import.meta.dirname, '../..');
const samples = join(root, 'models/cartoon/samples');
const screenshots = join(root, 'test-results/screenshots');
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** The system's Chromium; its absence is a failure, not a skip. */
function findChromium(): string {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'].find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error('no Chromium was found; install the package "chromium"');
  return path;
}

describe('the page', () => {
  let server: ServerProcess;
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  let profile = '';
  let context: BrowserContext;
  let page: Page;
  let script: { clip: string; questions: { question: string; expect: (string | string[])[] }[]; film: string; unsafe: string };

  beforeAll(async () => {
    script = JSON.parse(await readFile(join(samples, 'demo.json'), 'utf8')) as typeof script;
    data = await makeDataFolder();
    server = await ServerProcess.start(data.path);
    profile = await mkdtemp(join(tmpdir(), 'gpt4video-browser-'));
    await mkdir(screenshots, { recursive: true });
    context = await chromium.launchPersistentContext(profile, { executablePath: findChromium(), args: QUIET, viewport: { width: 1000, height: 900 } });
    page = context.pages()[0] ?? (await context.newPage());
    await page.goto(server.url);
  }, 180_000);
  afterAll(async () => {
    await context?.close();
    await server?.stop();
    await data.remove();
    await rm(profile, { recursive: true, force: true });
  }, 60_000);

  const ask = async (text: string): Promise<void> => {
    const before = await page.locator('.message.assistant').count();
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
    await expectAnswers(before + 1);
    await page.locator('.message.writing').waitFor({ state: 'detached', timeout: 60_000 });
  };
  const expectAnswers = (count: number): Promise<void> => page.locator('.message.assistant').nth(count - 1).waitFor({ timeout: 10_000 });
  const lastWords = (): Promise<string> => page.locator('.message.assistant .words').last().innerText();

  it('shows the frames that the model saw, and the true answer', async () => {
    await page.locator('input[type=file]').setInputFiles(join(samples, script.clip));
    await page.locator('.composer .pending .ready').waitFor({ timeout: 30_000 });
    const [first] = script.questions;
    await ask(first?.question ?? '');
    const words = (await lastWords()).toLowerCase();
    for (const alternatives of first?.expect ?? []) expect([alternatives].flat().some((word) => words.includes(word))).toBe(true);
    await page.locator('.clip img.still').nth(3).waitFor({ timeout: 30_000 });
  }, 120_000);

  it('makes a film in place, which plays', async () => {
    await ask(script.film);
    await page.locator('.film video').waitFor({ timeout: 120_000 });
    const video = page.locator('.film video');
    let width = 0;
    for (let tries = 0; width === 0 && tries < 100; tries += 1) {
      width = await video.evaluate((element) => (element as unknown as { videoWidth: number }).videoWidth);
      await page.waitForTimeout(100);
    }
    expect(width).toBe(128);
    expect(await page.locator('.message .words').filter({ hasText: /<video>|\]\(\/v1/ }).count()).toBe(0);
    await page.screenshot({ path: join(screenshots, 'conversation.png') });
  }, 180_000);

  it('declines kindly', async () => {
    await ask(script.unsafe);
    await page.locator('.message.blocked .notice').waitFor();
  }, 60_000);

  it('keeps the conversation and its film over a reload', async () => {
    const before = await page.locator('.message').count();
    await page.reload();
    await page.locator('.film video').waitFor({ timeout: 30_000 });
    expect(await page.locator('.message').count()).toBe(before);
  }, 60_000);

  it('has no serious accessibility fault', async () => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual([]);
  }, 60_000);
});
