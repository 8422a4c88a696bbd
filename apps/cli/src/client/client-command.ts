import { parseArgs } from 'node:util';
import { clientDefaults } from '../config.js';
import { UsageError } from '../models-options.js';
import { clipPart } from './clip-part.js';
import { call, type Connection, connectionOf, post } from './connection.js';
import { type Film, followFilm, progressBar, saveFilm } from './follow-film.js';
import { answerOf } from './stream-answer.js';

export const CLIENT_USAGE = `gpt4video ask CLIP "question" | ask "question"      asks about a clip (file or https URL); the answer streams
gpt4video make "prompt" [-o out.mp4] [--seed N]      makes a film and shows its progress
gpt4video moderate CLIP|"text"                       what screening says
gpt4video jobs                                       films and how far they are
                  all: [--url http://127.0.0.1:8080] [--key KEY] [--data .gpt4video/data] [--json]
Exit codes: 0 done, 1 the server declined or failed, 2 the command line is wrong.`;

/** How a command tells of what it does. */
export interface Terminal {
  readonly print: (line: string) => void;
  /** Writes without a line's end. */
  readonly write: (text: string) => void;
  /** True when lines may be written over. */
  readonly live: boolean;
}

interface Task {
  readonly connection: Connection;
  readonly words: readonly string[];
  readonly out: string | undefined;
  readonly seed: number | undefined;
  readonly json: boolean;
  readonly terminal: Terminal;
}

export const CLIENT_COMMANDS: Readonly<Record<string, (task: Task) => Promise<void>>> = { ask, make, moderate, jobs };

/** `gpt4video ask|make|moderate|jobs`. Throws UsageError or ApiFailure. */
export async function useServer(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = read(args);
  const [name = '', ...words] = positionals;
  const command = CLIENT_COMMANDS[name];
  if (command === undefined) throw new UsageError(CLIENT_USAGE);
  const connection = await connectionOf({ url: values.url ?? clientDefaults.url, key: values.key ?? clientDefaults.key, data: values.data });
  if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed)) throw new UsageError('--seed is a whole number.');
  await command({ connection, words, out: values.out, seed: values.seed === undefined ? undefined : Number(values.seed), json: values.json, terminal });
}

async function ask({ connection, words, json, terminal }: Task): Promise<void> {
  const [first, question] = words;
  if (first === undefined || words.length > 2) throw new UsageError(CLIENT_USAGE);
  const content = question === undefined ? first : [await clipPart(connection, first), { type: 'text', text: question }];
  const answer = await answerOf(connection, content, json ? () => undefined : terminal.write);
  if (json) return terminal.print(JSON.stringify(answer));
  terminal.write('\n');
}

async function make({ connection, words, out = 'out.mp4', seed, json, terminal }: Task): Promise<void> {
  const [prompt] = words;
  if (prompt === undefined || words.length > 1) throw new UsageError(CLIENT_USAGE);
  const { id } = (await (await post(connection, '/v1/videos', { prompt, ...(seed === undefined ? {} : { seed }) })).json()) as Film;
  let shown = '';
  const film = await followFilm(connection, id, (state) => {
    const bar = progressBar(state);
    if (!json && terminal.live && bar !== shown) terminal.write(`\r${bar.padEnd(shown.length)}`);
    shown = bar;
  });
  await saveFilm(connection, id, out);
  if (json) return terminal.print(JSON.stringify({ ...film, saved: out }));
  terminal.print(`${terminal.live ? '\n' : ''}saved ${out} (${id})`);
}

async function moderate({ connection, words, json, terminal }: Task): Promise<void> {
  const [subject] = words;
  if (subject === undefined || words.length > 1) throw new UsageError(CLIENT_USAGE);
  const isClip = /^https?:\/\//.test(subject) || /\.\w{2,4}$/.test(subject);
  const input = isClip ? [await clipPart(connection, subject)] : subject;
  const answer = (await (await post(connection, '/v1/moderations', { input })).json()) as { results: { flagged: boolean; categories: Record<string, boolean>; category_scores: Record<string, number> }[] };
  if (json) return terminal.print(JSON.stringify(answer));
  for (const { flagged, categories, category_scores: scores } of answer.results) {
    terminal.print(flagged ? 'declined' : 'acceptable');
    for (const [category, score] of Object.entries(scores).filter(([, value]) => value >= 0.01)) terminal.print(`  ${category.padEnd(24)} ${score.toFixed(2)}${categories[category] === true ? '  declined' : ''}`);
  }
}

async function jobs({ connection, words, json, terminal }: Task): Promise<void> {
  if (words.length > 0) throw new UsageError(CLIENT_USAGE);
  const { data } = (await (await call(connection, '/v1/videos?limit=20')).json()) as { data: Film[] };
  for (const film of data) terminal.print(json ? JSON.stringify(film) : `${film.id}  ${progressBar(film).padEnd(46)} ${film.prompt}`);
}

function read(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { url: text, key: text, data: { ...text, default: '.gpt4video/data' }, out: { ...text, short: 'o' }, seed: text, json: { type: 'boolean', default: false } } });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${CLIENT_USAGE}`);
  }
}
