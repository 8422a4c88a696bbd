import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { resolve } from 'node:path';
import { accessibilityFaults } from '@gpt4video/testing/browser/system-browser';
import type { Page } from 'playwright-core';
import { NameResolver, SocketConnector } from '../src/transport/outbound/pinned-connector.js';
import { BAD } from './fake-stages.js';
import { keyOf } from './gateway-rig.js';
import { ADMIN, PageRig, root } from './page-rig.js';

const PUBLIC = '93.184.216.34';

describe('the page', () => {
  let rig: PageRig;
  let page: Page;

  beforeAll(async () => void (rig = await PageRig.start()), 120_000);
  beforeEach(async () => void (page = await rig.open()), 60_000);
  afterEach(() => rig.close());
  afterAll(() => rig?.stop(), 60_000);

  describe('with links', () => {
    let host: Server;
    let served = 0;
    const went: string[] = [];

    beforeAll(async () => {
      const clip = await readFile(resolve(root, 'models/cartoon/samples/red-star.mp4'));
      host = createServer((_, response) => void (served++, response.writeHead(200, { 'content-type': 'video/mp4' }).end(clip)));
      await new Promise<void>((done) => host.listen(0, '127.0.0.1', done));
      const addresses: Record<string, string> = { 'clips.example': PUBLIC, 'inside.example': '10.0.0.5' };
      Object.assign(rig.gateway.get(NameResolver), { resolve: async (name: string) => [addresses[name] ?? '127.0.0.1'] });
      // Notes where a socket was asked to go, and goes to the test's own host whatever was asked.
      const goHome: SocketConnector['connect'] = ({ hostname }, callback) => {
        went.push(hostname);
        const socket = connect((host.address() as AddressInfo).port, '127.0.0.1');
        socket.once('connect', () => callback(null, socket)).once('error', (error) => callback(error, null));
      };
      Object.assign(rig.gateway.get(SocketConnector), { connect: goHome });
    });
    afterAll(() => new Promise((done) => host.close(done)));

    it('watches a pasted link through the guard, shows what the model saw, and fetches it once', async () => {
      await rig.paste('https://clips.example/red-star.mp4');
      await page.getByRole('list', { name: 'Clips to send' }).getByText('red-star.mp4').waitFor();
      await rig.say('What is in it?');
      await rig.answered();
      await page.getByRole('img', { name: 'Frame 1 of 1' }).waitFor({ timeout: 30_000 });
      expect(went).toEqual([PUBLIC]);
      await rig.say('And what else?');
      await page.locator('.message.assistant[data-phase=done]').nth(1).waitFor({ timeout: 30_000 });
      expect(rig.dialogue.heard.map(({ messages }) => messages[0]?.content[0]?.part?.$case)).toEqual(['video', 'video']);
      expect([served, rig.sent(/completions/).map((request) => /"url":"(https|file):/.exec(request.postData() ?? '')?.[1])]).toEqual([1, ['https', 'file']]);
    }, 90_000);

    it('says what is wrong with a link that leads inside', async () => {
      const before = went.length;
      await rig.paste('https://inside.example/secret.mp4');
      await rig.say('What is in it?');
      await rig.answered('failed');
      expect(await page.locator('.message .fault').innerText()).toMatch(/inside\.example|address|public/i);
      expect(went).toHaveLength(before);
    }, 60_000);
  });

  it('remixes a film by keyboard alone, and reads aloud what happens', async () => {
    await rig.films.finish(await rig.filming());
    await page.locator('.film video').waitFor({ timeout: 30_000 });
    const focused = (): Promise<string> => page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim()');
    expect(await focused()).toBe('Message');
    for (let tries = 0; (await focused()) !== 'Remix' && tries < 12; tries += 1) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'The same film, but…' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('Remix');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'The same film, but…' }).waitFor();
    await page.keyboard.type('a blue star rises');
    await page.keyboard.press('Enter');
    const remix = await rig.films.claim();
    await rig.films.finish(remix);
    await page.locator('.film video').nth(1).waitFor({ timeout: 30_000 });
    const [first, second] = await rig.made();
    expect(second).toMatchObject({ prompt: 'a blue star rises', seed: first?.seed, remixed_from_video_id: first?.id });
    const spoken = await page.getByRole('log', { name: 'Announcements' }).innerText();
    for (const sentence of ['Here you are:', 'A film is being made: a red star rises', 'The film is ready: a blue star rises']) expect(spoken).toContain(sentence);
    rig.dialogue.steps = [{ text: 'It is blue.' }];
    await rig.say('What colour is it?');
    await page.locator('.message.assistant[data-phase=done]').nth(2).waitFor({ timeout: 30_000 });
    expect(JSON.stringify(rig.dialogue.heard.at(-1)?.messages)).toContain('<video>a blue star rises</video>');
  }, 90_000);

  it('tells three refusals apart, kindly and for everybody', async () => {
    await rig.say(`something ${BAD}`);
    await page.locator('.refusal[data-kind=input]').getByText('violence, which this service declines').waitFor({ timeout: 30_000 });
    rig.dialogue.steps = [{ text: 'Well: ' }, { caption: `a ${BAD} scene` }];
    await rig.say('Film it.');
    await page.locator('.refusal[data-kind=caption]').getByText('The description seems to touch on violence').waitFor({ timeout: 30_000 });
    await rig.films.block(await rig.filming());
    await page.locator('.refusal[data-kind=film]').getByText('graphic violence').waitFor({ timeout: 30_000 });
    expect(await page.getByRole('button', { name: /again/ }).count()).toBe(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityFaults(page)).toEqual([]);
    }
  }, 90_000);

  it('asks for a key where the server hands out none, and goes on with what was asked', async () => {
    await page.route('**/v1/session', (route) => route.fulfill({ status: 404, json: { error: { code: 'not_found', message: 'none' } } }));
    await page.reload();
    await rig.say('Who are you?');
    const key = page.getByLabel('Key', { exact: true });
    await key.fill('sk-nobody-0123456789abcdef');
    await key.press('Enter');
    await page.getByText('That key is not known here').waitFor({ timeout: 30_000 });
    expect(await accessibilityFaults(page)).toEqual([]);
    await key.fill(keyOf('b'));
    await key.press('Enter');
    await rig.answered();
    expect(await rig.words()).toBe('Hello.');
    expect(await key.count()).toBe(0);
  }, 60_000);

  it('keeps several conversations apart, over a reload too', async () => {
    await rig.say('The first one');
    await rig.answered();
    await page.getByRole('button', { name: 'New conversation' }).click();
    rig.dialogue.steps = [{ text: 'Welcome back.' }];
    await rig.say('The second one');
    await rig.answered();
    await page.reload();
    expect(await rig.words()).toBe('Welcome back.');
    const list = page.getByRole('navigation', { name: 'Conversations' });
    await list.getByRole('button', { name: 'The first one', exact: true }).click();
    expect(await rig.words()).toBe('Hello.');
    await page.getByRole('button', { name: 'Delete “The first one”' }).click();
    await page.getByRole('heading', { name: 'Show a clip, or ask for one' }).waitFor();
    expect(await list.getByRole('listitem').allInnerTexts()).toEqual(['The second one']);
    // What was said in one must not reach the model in the other.
    expect(rig.dialogue.heard.map(({ messages }) => messages.length)).toEqual([1, 1]);
  }, 60_000);

  it('shows operators how it stands and where the time of a film went, but only operators', async () => {
    await rig.films.finish(await rig.filming());
    await rig.gateway.post('/v1/videos', { prompt: 'a boat that waits' });
    await page.goto(`${rig.network.url}/operators`);
    await page.getByText('That key is not known here').waitFor({ timeout: 30_000 });
    await page.getByLabel('Key', { exact: true }).fill(ADMIN);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /^video-generator/ }).getByRole('cell').first().getByText('1', { exact: true }).waitFor({ timeout: 30_000 });
    expect(await page.getByRole('row', { name: /^webhooks/ }).getByRole('cell').allInnerTexts()).toEqual(['0', '0', '–', '0']);
    await page.getByRole('figure', { name: /^Trace of video_/ }).getByText('denoise').waitFor({ timeout: 30_000 });
    const seen = await page.locator('main').innerText();
    expect(seen).toContain('abcdef012345');
    for (const secret of ['a boat that waits', 'a red star rises', ADMIN, keyOf('a')]) expect(seen).not.toContain(secret);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 375, height: 760 });
    await page.waitForFunction('innerWidth === 375');
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBe(375);
  }, 90_000);
});
