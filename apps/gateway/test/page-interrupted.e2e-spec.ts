import type { Page } from 'playwright-core';
import { PageRig } from './page-rig.js';

describe('the page when something breaks off', () => {
  let rig: PageRig;
  let page: Page;

  beforeAll(async () => void (rig = await PageRig.start()), 120_000);
  beforeEach(async () => void (page = await rig.open()), 60_000);
  afterEach(() => rig.close());
  afterAll(() => rig?.stop(), 60_000);

  it('goes on with an answer that a reload has cut off, in the same words', async () => {
    rig.dialogue.steps = [{ text: 'A red star moves over the sea. ' }, 'wait for the caller to leave'];
    await rig.say('What is it?');
    await rig.shows('A red star moves over the sea.');
    rig.dialogue.steps = [{ text: 'A red star moves over the sea. ' }, { text: 'Then it stops.' }];
    await page.reload();
    await rig.answered();
    expect(await rig.words()).toBe('A red star moves over the sea. Then it stops.');
    expect(await page.locator('.message').count()).toBe(2);
    const [first, ...others] = rig.sent(/completions/).map((request) => [request.headers()['idempotency-key'], request.postData()].join(' '));
    expect(others.length).toBeGreaterThan(0);
    expect(new Set(others)).toEqual(new Set([first]));
    expect(new Set(rig.dialogue.heard.map(({ sampling }) => sampling?.seed)).size).toBe(1);
  }, 60_000);

  it('follows a film over a reload, from the event where it was', async () => {
    const lease = await rig.filming();
    await rig.films.progress(lease, 40);
    await rig.shows('Filming… 40 %');
    rig.requests.length = 0;
    await page.reload();
    await rig.films.progress(lease, 70);
    await rig.shows('Filming… 70 %');
    expect(Number(rig.sent(/events$/)[0]?.headers()['last-event-id'])).toBeGreaterThan(1);
    await rig.films.finish(lease);
    await page.locator('.film video').waitFor({ timeout: 30_000 });
    expect(await rig.made()).toHaveLength(1);
  }, 60_000);

  it('outlasts the loss of the network in the middle of an answer and of a film, and makes nothing twice', async () => {
    rig.dialogue.steps = [{ text: 'Here you are: ' }, { caption: 'a red star rises' }, 'wait for the caller to leave'];
    await rig.say('Film a red star.');
    const lease = await rig.films.claim();
    await rig.films.progress(lease, 20);
    await rig.shows('Filming… 20 %');
    rig.network.cut();
    await rig.shows('The connection was lost. I am trying again…');
    await rig.films.progress(lease, 60);
    rig.dialogue.steps = [{ text: 'Here you are: ' }, { caption: 'a red star rises' }, { text: ' Enjoy it.' }];
    rig.requests.length = 0;
    rig.network.mend();
    await rig.answered();
    await rig.shows('Filming… 60 %');
    expect(rig.sent(/events$/).some((request) => Number(request.headers()['last-event-id']) > 1)).toBe(true);
    await rig.films.finish(lease);
    await page.locator('.film video').waitFor({ timeout: 30_000 });
    expect([await page.locator('.film').count(), (await rig.made()).length]).toEqual([1, 1]);
  }, 90_000);

  it('stops an answer by Escape, and asks again when told to', async () => {
    rig.dialogue.steps = [{ text: 'A red star moves over the sea. ' }, 'wait for the caller to leave'];
    await rig.say('What is it?');
    await rig.shows('A red star moves over the sea.');
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Escape');
    await rig.shows('You stopped this answer.');
    for (let tries = 0; rig.dialogue.cancelled === 0 && tries < 100; tries += 1) await page.waitForTimeout(50);
    expect(rig.dialogue.cancelled).toBe(1);
    rig.dialogue.steps = [{ text: 'A red star moves over the sea.' }];
    await page.getByRole('button', { name: 'Try again' }).click();
    await rig.answered();
    expect(await rig.words()).toBe('A red star moves over the sea.');
  }, 60_000);

  it('tries again what broke off, under the same key', async () => {
    rig.dialogue.steps = [{ text: 'Half an answer, and no more. ' }, { caption: 'a red star' }, 'break'];
    await rig.say('Film a red star.');
    await rig.answered('failed');
    rig.dialogue.steps = [{ text: 'Half an answer, and no more. ' }, { caption: 'a red star' }];
    await page.getByRole('button', { name: 'Try again' }).click();
    await rig.answered();
    expect(new Set(rig.sent(/completions/).map((request) => request.headers()['idempotency-key'])).size).toBe(1);
    expect(await rig.made()).toHaveLength(1);
  }, 60_000);

  it('cancels a film, and makes it again by the same seed', async () => {
    const lease = await rig.filming();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await rig.shows('You cancelled this film.');
    expect((await rig.made()).map(({ status }) => status)).toEqual(['failed']);
    await page.getByRole('button', { name: 'Make it again' }).click();
    const again = await rig.films.claim();
    expect(again.film).toEqual(lease.film);
    await rig.films.finish(again);
    await page.locator('.film video').waitFor({ timeout: 30_000 });
  }, 60_000);
});
