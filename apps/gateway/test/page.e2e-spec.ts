import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { resolve } from 'node:path';
import { accessibilityFaults, openBrowser } from '@gpt4video/testing/browser/system-browser';
import type { Browser, Page, Request } from 'playwright-core';
import { NameResolver, SocketConnector } from '../src/transport/outbound/pinned-connector.js';
import { CutProxy } from './cut-proxy.js';
import { BAD, FakeDialogue } from './fake-stages.js';
import { GatewayRig, json, keyOf } from './gateway-rig.js';
import { ScriptedFilms } from './scripted-films.js';

const root = resolve(import.meta.dirname, '../../..');
const ADMIN = 'sk-admin-0123456789abcdef';
const PUBLIC = '93.184.216.34';

interface ApiVideo {
  readonly id: string;
  readonly prompt: string;
  readonly seed: number;
  readonly status: string;
  readonly remixed_from_video_id: string | null;
}

/** The page in a browser, with a real gateway, and stages and films that do as the test says. */
describe('the page when things go their own way', () => {
  let rig: GatewayRig;
  let network: CutProxy;
  let browser: Browser;
  let page: Page;
  let films: ScriptedFilms;
  let dialogue: FakeDialogue;
  let requests: Request[] = [];

  beforeAll(async () => {
    rig = await GatewayRig.start({ pageDirectory: resolve(root, 'apps/web/dist'), sessionKey: keyOf('a'), adminKey: ADMIN, leaseMs: 300_000, ssePingMs: 500 });
    network = await CutProxy.start(await rig.url());
    browser = await openBrowser();
    films = new ScriptedFilms(rig);
    dialogue = rig.get(FakeDialogue);
  }, 120_000);
  beforeEach(async () => {
    await rig.database.kysely.deleteFrom('generations').execute();
    Object.assign(dialogue, { steps: [{ text: 'Hello.' }], heard: [], cancelled: 0 });
    requests = [];
    page = await (await browser.newContext({ viewport: { width: 1180, height: 860 } })).newPage();
    page.on('request', (request) => requests.push(request));
    await page.goto(network.url);
  }, 60_000);
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser?.close();
    await network?.stop();
    await rig?.stop();
  }, 60_000);

  const say = async (text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
  };
  const answered = (phase = 'done'): Promise<void> => page.locator(`.message.assistant[data-phase=${phase}]`).last().waitFor({ timeout: 30_000 });
  const words = (): Promise<string> => page.locator('.message.assistant .words').last().innerText();
  const shows = (text: string): Promise<void> => page.getByText(text).last().waitFor({ timeout: 30_000 });
  const made = async (): Promise<readonly ApiVideo[]> => (await json<{ data: ApiVideo[] }>(await rig.request('/v1/videos?order=asc'))).data;
  const sent = (path: RegExp): Request[] => requests.filter((request) => path.test(request.url()));
  const filming = async () => {
    dialogue.steps = [{ text: 'Here you are: ' }, { caption: 'a red star rises' }];
    await say('Film a red star.');
    await answered();
    return films.claim();
  };
  const paste = (text: string): Promise<void> =>
    page.getByRole('textbox', { name: 'Message' }).evaluate((field, pasted) => {
      const { DataTransfer, ClipboardEvent } = globalThis as unknown as { DataTransfer: new () => { setData(type: string, text: string): void }; ClipboardEvent: new (type: string, init: object) => Event };
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      (field as unknown as EventTarget).dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);

  describe('with links', () => {
    let host: Server;
    let served = 0;
    const went: string[] = [];

    beforeAll(async () => {
      const clip = await readFile(resolve(root, 'models/cartoon/samples/red-star.mp4'));
      host = createServer((_, response) => void (served++, response.writeHead(200, { 'content-type': 'video/mp4' }).end(clip)));
      await new Promise<void>((done) => host.listen(0, '127.0.0.1', done));
      const addresses: Record<string, string> = { 'clips.example': PUBLIC, 'inside.example': '10.0.0.5' };
      Object.assign(rig.get(NameResolver), { resolve: async (name: string) => [addresses[name] ?? '127.0.0.1'] });
      // Notes where a socket was asked to go, and goes to the test's own host whatever was asked.
      const goHome: SocketConnector['connect'] = ({ hostname }, callback) => {
        went.push(hostname);
        const socket = connect((host.address() as AddressInfo).port, '127.0.0.1');
        socket.once('connect', () => callback(null, socket)).once('error', (error) => callback(error, null));
      };
      Object.assign(rig.get(SocketConnector), { connect: goHome });
    });
    afterAll(() => new Promise((done) => host.close(done)));

    it('watches a pasted link through the guard, shows what the model saw, and fetches it once', async () => {
      await paste('https://clips.example/red-star.mp4');
      await page.getByRole('list', { name: 'Clips to send' }).getByText('red-star.mp4').waitFor();
      await say('What is in it?');
      await answered();
      await page.getByRole('img', { name: 'Frame 1 of 1' }).waitFor({ timeout: 30_000 });
      expect(went).toEqual([PUBLIC]);
      await say('And what else?');
      await page.locator('.message.assistant[data-phase=done]').nth(1).waitFor({ timeout: 30_000 });
      expect(dialogue.heard.map(({ messages }) => messages[0]?.content[0]?.part?.$case)).toEqual(['video', 'video']);
      expect([served, sent(/completions/).map((request) => /"url":"(https|file):/.exec(request.postData() ?? '')?.[1])]).toEqual([1, ['https', 'file']]);
    }, 90_000);

    it('says what is wrong with a link that leads inside', async () => {
      const before = went.length;
      await paste('https://inside.example/secret.mp4');
      await say('What is in it?');
      await answered('failed');
      expect(await page.locator('.message .fault').innerText()).toMatch(/inside\.example|address|public/i);
      expect(went).toHaveLength(before);
    }, 60_000);
  });

  it('goes on with an answer that a reload has cut off, in the same words', async () => {
    dialogue.steps = [{ text: 'A red star moves over the sea. ' }, 'wait for the caller to leave'];
    await say('What is it?');
    await shows('A red star moves over the sea.');
    dialogue.steps = [{ text: 'A red star moves over the sea. ' }, { text: 'Then it stops.' }];
    await page.reload();
    await answered();
    expect(await words()).toBe('A red star moves over the sea. Then it stops.');
    expect(await page.locator('.message').count()).toBe(2);
    const [first, ...others] = sent(/completions/).map((request) => [request.headers()['idempotency-key'], request.postData()].join(' '));
    expect(others.length).toBeGreaterThan(0);
    expect(new Set(others)).toEqual(new Set([first]));
    expect(new Set(dialogue.heard.map(({ sampling }) => sampling?.seed)).size).toBe(1);
  }, 60_000);

  it('follows a film over a reload, from the event where it was', async () => {
    const lease = await filming();
    await films.progress(lease, 40);
    await shows('Filming… 40 %');
    requests = [];
    await page.reload();
    await films.progress(lease, 70);
    await shows('Filming… 70 %');
    expect(Number(sent(/events$/)[0]?.headers()['last-event-id'])).toBeGreaterThan(1);
    await films.finish(lease);
    await page.locator('.film video').waitFor({ timeout: 30_000 });
    expect(await made()).toHaveLength(1);
  }, 60_000);

  it('outlasts the loss of the network in the middle of an answer and of a film, and makes nothing twice', async () => {
    dialogue.steps = [{ text: 'Here you are: ' }, { caption: 'a red star rises' }, 'wait for the caller to leave'];
    await say('Film a red star.');
    const lease = await films.claim();
    await films.progress(lease, 20);
    await shows('Filming… 20 %');
    network.cut();
    await shows('The connection was lost. I am trying again…');
    await films.progress(lease, 60);
    dialogue.steps = [{ text: 'Here you are: ' }, { caption: 'a red star rises' }, { text: ' Enjoy it.' }];
    requests = [];
    network.mend();
    await answered();
    await shows('Filming… 60 %');
    expect(sent(/events$/).some((request) => Number(request.headers()['last-event-id']) > 1)).toBe(true);
    await films.finish(lease);
    await page.locator('.film video').waitFor({ timeout: 30_000 });
    expect([await page.locator('.film').count(), (await made()).length]).toEqual([1, 1]);
  }, 90_000);

  it('stops an answer by Escape, and asks again when told to', async () => {
    dialogue.steps = [{ text: 'A red star moves over the sea. ' }, 'wait for the caller to leave'];
    await say('What is it?');
    await shows('A red star moves over the sea.');
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Escape');
    await shows('You stopped this answer.');
    for (let tries = 0; dialogue.cancelled === 0 && tries < 100; tries += 1) await page.waitForTimeout(50);
    expect(dialogue.cancelled).toBe(1);
    dialogue.steps = [{ text: 'A red star moves over the sea.' }];
    await page.getByRole('button', { name: 'Try again' }).click();
    await answered();
    expect(await words()).toBe('A red star moves over the sea.');
  }, 60_000);

  it('tries again what broke off, under the same key', async () => {
    dialogue.steps = [{ text: 'Half an answer, and no more. ' }, { caption: 'a red star' }, 'break'];
    await say('Film a red star.');
    await answered('failed');
    dialogue.steps = [{ text: 'Half an answer, and no more. ' }, { caption: 'a red star' }];
    await page.getByRole('button', { name: 'Try again' }).click();
    await answered();
    expect(new Set(sent(/completions/).map((request) => request.headers()['idempotency-key'])).size).toBe(1);
    expect(await made()).toHaveLength(1);
  }, 60_000);

  it('cancels a film, and makes it again by the same seed', async () => {
    const lease = await filming();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await shows('You cancelled this film.');
    expect((await made()).map(({ status }) => status)).toEqual(['failed']);
    await page.getByRole('button', { name: 'Make it again' }).click();
    const again = await films.claim();
    expect(again.film).toEqual(lease.film);
    await films.finish(again);
    await page.locator('.film video').waitFor({ timeout: 30_000 });
  }, 60_000);

  it('remixes a film by keyboard alone, and reads aloud what happens', async () => {
    await films.finish(await filming());
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
    const remix = await films.claim();
    await films.finish(remix);
    await page.locator('.film video').nth(1).waitFor({ timeout: 30_000 });
    const [first, second] = await made();
    expect(second).toMatchObject({ prompt: 'a blue star rises', seed: first?.seed, remixed_from_video_id: first?.id });
    const spoken = await page.getByRole('log', { name: 'Announcements' }).innerText();
    for (const sentence of ['Here you are:', 'A film is being made: a red star rises', 'The film is ready: a blue star rises']) expect(spoken).toContain(sentence);
    dialogue.steps = [{ text: 'It is blue.' }];
    await say('What colour is it?');
    await page.locator('.message.assistant[data-phase=done]').nth(2).waitFor({ timeout: 30_000 });
    expect(JSON.stringify(dialogue.heard.at(-1)?.messages)).toContain('<video>a blue star rises</video>');
  }, 90_000);

  it('tells three refusals apart, kindly and for everybody', async () => {
    await say(`something ${BAD}`);
    await page.locator('.refusal[data-kind=input]').getByText('violence, which this service declines').waitFor({ timeout: 30_000 });
    dialogue.steps = [{ text: 'Well: ' }, { caption: `a ${BAD} scene` }];
    await say('Film it.');
    await page.locator('.refusal[data-kind=caption]').getByText('The description seems to touch on violence').waitFor({ timeout: 30_000 });
    await films.block(await filming());
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
    await say('Who are you?');
    const key = page.getByLabel('Key', { exact: true });
    await key.fill('sk-nobody-0123456789abcdef');
    await key.press('Enter');
    await page.getByText('That key is not known here').waitFor({ timeout: 30_000 });
    expect(await accessibilityFaults(page)).toEqual([]);
    await key.fill(keyOf('b'));
    await key.press('Enter');
    await answered();
    expect(await words()).toBe('Hello.');
    expect(await key.count()).toBe(0);
  }, 60_000);

  it('keeps several conversations apart, over a reload too', async () => {
    await say('The first one');
    await answered();
    await page.getByRole('button', { name: 'New conversation' }).click();
    dialogue.steps = [{ text: 'Welcome back.' }];
    await say('The second one');
    await answered();
    await page.reload();
    expect(await words()).toBe('Welcome back.');
    const list = page.getByRole('navigation', { name: 'Conversations' });
    await list.getByRole('button', { name: 'The first one', exact: true }).click();
    expect(await words()).toBe('Hello.');
    await page.getByRole('button', { name: 'Delete “The first one”' }).click();
    await page.getByRole('heading', { name: 'Show a clip, or ask for one' }).waitFor();
    expect(await list.getByRole('listitem').allInnerTexts()).toEqual(['The second one']);
    // What was said in one must not reach the model in the other.
    expect(dialogue.heard.map(({ messages }) => messages.length)).toEqual([1, 1]);
  }, 60_000);

  it('shows operators how it stands and where the time of a film went, but only operators', async () => {
    await films.finish(await filming());
    await rig.post('/v1/videos', { prompt: 'a boat that waits' });
    await page.goto(`${network.url}/operators`);
    await page.getByText('That key is not known here').waitFor({ timeout: 30_000 });
    await page.getByLabel('Key', { exact: true }).fill(ADMIN);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /^video-generator/ }).getByRole('cell').first().getByText('1', { exact: true }).waitFor({ timeout: 30_000 });
    expect(await page.getByRole('row', { name: /^webhooks/ }).getByRole('cell').allInnerTexts()).toEqual(['0', '0', '–', '–']);
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
