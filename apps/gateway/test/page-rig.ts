import { resolve } from 'node:path';
import { openBrowser } from '@gpt4video/testing/browser/system-browser';
import type { Browser, Page, Request } from 'playwright-core';
import type { Lease } from '../src/core/generations/generation-queue.js';
import { CutProxy } from './cut-proxy.js';
import { FakeDialogue } from './fake-stages.js';
import { GatewayRig, json, keyOf } from './gateway-rig.js';
import { ScriptedFilms } from './scripted-films.js';

export const root = resolve(import.meta.dirname, '../../..');
export const ADMIN = 'sk-admin-0123456789abcdef';
const WAIT = { timeout: 30_000 };

interface ApiVideo {
  readonly id: string;
  readonly prompt: string;
  readonly seed: number;
  readonly status: string;
  readonly remixed_from_video_id: string | null;
}

/** The page in a browser, with a real gateway behind a network that can be cut, and stages and films that do as the test says. */
export class PageRig {
  readonly films: ScriptedFilms;
  readonly dialogue: FakeDialogue;
  /** What the page has asked for since it was opened. */
  readonly requests: Request[] = [];
  private opened: Page | undefined;

  private constructor(
    readonly gateway: GatewayRig,
    readonly network: CutProxy,
    private readonly browser: Browser,
  ) {
    this.films = new ScriptedFilms(gateway);
    this.dialogue = gateway.get(FakeDialogue);
  }

  static async start(): Promise<PageRig> {
    const gateway = await GatewayRig.start({ pageDirectory: resolve(root, 'apps/web/dist'), sessionKey: keyOf('a'), adminKey: ADMIN, leaseMs: 300_000, ssePingMs: 500 });
    return new PageRig(gateway, await CutProxy.start(await gateway.url()), await openBrowser());
  }

  /** A fresh browser on the page; no film is known, and the dialogue says Hello. */
  async open(): Promise<Page> {
    await this.gateway.database.kysely.deleteFrom('generations').execute();
    Object.assign(this.dialogue, { steps: [{ text: 'Hello.' }], heard: [], cancelled: 0 });
    this.requests.length = 0;
    this.opened = await (await this.browser.newContext({ viewport: { width: 1180, height: 860 } })).newPage();
    this.opened.on('request', (request) => this.requests.push(request));
    await this.opened.goto(this.network.url);
    return this.opened;
  }

  async close(): Promise<void> {
    await this.opened?.context().close();
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.network.stop();
    await this.gateway.stop();
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.page.keyboard.press('Enter');
  }

  answered(phase = 'done'): Promise<void> {
    return this.page.locator(`.message.assistant[data-phase=${phase}]`).last().waitFor(WAIT);
  }

  words(): Promise<string> {
    return this.page.locator('.message.assistant .words').last().innerText();
  }

  shows(text: string): Promise<void> {
    return this.page.getByText(text).last().waitFor(WAIT);
  }

  /** The films that there are, the oldest first. */
  async made(): Promise<readonly ApiVideo[]> {
    return (await json<{ data: ApiVideo[] }>(await this.gateway.request('/v1/videos?order=asc'))).data;
  }

  sent(path: RegExp): Request[] {
    return this.requests.filter((request) => path.test(request.url()));
  }

  /** Asks for a film and claims it. */
  async filming(): Promise<Lease> {
    this.dialogue.steps = [{ text: 'Here you are: ' }, { caption: 'a red star rises' }];
    await this.say('Film a red star.');
    await this.answered();
    return this.films.claim();
  }

  paste(text: string): Promise<void> {
    return this.page.getByRole('textbox', { name: 'Message' }).evaluate((field, pasted) => {
      const { DataTransfer, ClipboardEvent } = globalThis as unknown as { DataTransfer: new () => { setData(type: string, text: string): void }; ClipboardEvent: new (type: string, init: object) => Event };
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      (field as unknown as EventTarget).dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  private get page(): Page {
    if (this.opened === undefined) throw new Error('the page is not open');
    return this.opened;
  }
}
