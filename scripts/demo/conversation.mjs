import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { saveFilm, waitForFilm } from './film.mjs';
import { bold, dim, say, type } from './terminal.mjs';

const SAMPLES = 'models/cartoon/samples';
/** In the order in which a film passes them. */
const FILM_STAGES = ['text_encoder', 'denoise', 'decode', 'screen', 'encode', 'store'];

/** The demo's own conversation, each answer checked against what is true of the clip. Resolves with the time table's rows. */
export async function sampleClip({ api, root, out }) {
  const script = JSON.parse(readFileSync(join(root, SAMPLES, 'demo.json'), 'utf8'));
  const talk = new Talk(api);
  await talk.show(join(root, SAMPLES, script.clip));
  for (const { question, expect } of script.questions) await talk.ask(question, expect);
  await talk.ask(script.questions[0].question, script.questions[0].expect, 'the same again: nothing is encoded twice');
  await talk.film(script.film, out);
  await talk.declined(script.unsafe);
  return talk.times;
}

/** The user's own clip and question; whatever the answer is, it must be one. */
export async function ownClip({ api, clip, question }) {
  const talk = new Talk(api);
  await talk.show(clip);
  await talk.ask(question, []);
  return talk.times;
}

class Talk {
  times = [];
  messages = [];

  constructor(api) {
    this.api = api;
  }

  /** Uploads the clip and waits until the stages have understood and screened it. */
  async show(path) {
    const started = performance.now();
    const file = await this.api.upload(path);
    this.times.push(['upload', performance.now() - started, `${file.bytes.toLocaleString('en-US')} bytes`]);
    const processed = await this.api.processed(file.id);
    if (processed.status !== 'processed') throw new Error(`the clip was not understood: ${JSON.stringify(processed.status_details)}`);
    this.times.push(['watch (frames → CLIP → abstractor, screening)', performance.now() - started, 'push chain, by facts']);
    say(`${bold('Clip')}   ${path}\n`);
    this.clip = { type: 'video_url', video_url: { url: `file:${file.id}` } };
  }

  /** Asks, streams the answer, and fails unless it holds one of the alternatives of every expected word. */
  async ask(question, expect, note = '') {
    const answer = await this.#turn(question);
    const missing = expect.filter((words) => ![words].flat().some((word) => answer.text.toLowerCase().includes(word)));
    if (answer.text.trim() === '') throw new Error(`no answer to "${question}"`);
    if (missing.length > 0) throw new Error(`the answer to "${question}" does not say ${missing.map((words) => [words].flat().join(' or ')).join(', ')}`);
    const tokens = answer.usage?.completion_tokens ?? 0;
    this.times.push([`answer: ${question}`, answer.totalMs, `first words ${Math.round(answer.firstMs)} ms, ${tokens} tokens${note === '' ? '' : `; ${note}`}`]);
  }

  /** Asks for a film, watches it being made, and saves it. */
  async film(request, out) {
    const answer = await this.#turn(request);
    const [video] = answer.videos;
    if (video === undefined) throw new Error(`no film came of "${request}"`);
    const film = await waitForFilm(this.api, video.id);
    const files = await saveFilm(this.api, film, out);
    say(`       ${dim(`saved ${files.join(' and ')}`)}\n`);
    this.times.push([`answer: ${request}`, answer.totalMs, `caption: ${video.caption}`]);
    for (const stage of FILM_STAGES) this.times.push([`film: ${stage}`, film.stage_durations[stage] * 1000, stage === 'denoise' ? `${film.num_inference_steps} steps` : '']);
  }

  /** An unsafe request must be declined, with the category named. */
  async declined(request) {
    const answer = await this.#turn(request);
    if (answer.finish !== 'content_filter') throw new Error(`"${request}" was not declined`);
    this.times.push(['decline an unsafe request', answer.totalMs, '']);
  }

  async #turn(question) {
    say(`${bold('You')}    ${question}`);
    type(`${bold('Model')}  `);
    const content = this.messages.length === 0 ? [this.clip, { type: 'text', text: question }] : question;
    this.messages.push({ role: 'user', content });
    const answer = await this.api.chat(this.messages, type, { temperature: 0, seed: 7 });
    this.messages.push({ role: 'assistant', content: answer.text });
    say('\n');
    return answer;
  }
}
