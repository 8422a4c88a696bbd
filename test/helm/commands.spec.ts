import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helmProgram, kubectlProgram } from '@gpt4video/testing/servers/helm';
import { type DocumentedCommand, documentedCommands } from './rig/documented-commands.js';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['docs/operations', 'docs', 'deploy/monitoring', 'helm/gpt4video'];
const PAGES = FOLDERS.flatMap((folder) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`));
const COMMANDS = PAGES.flatMap((page) => documentedCommands(page, readFileSync(join(ROOT, page), 'utf8')));

describe('what the pages tell people to type', () => {
  const of = (...programs: readonly string[]) => COMMANDS.filter(({ words: [program = ''] }) => programs.includes(program));

  it('are commands that kubectl has, with flags that it takes', async () => {
    const program = await kubectlProgram();
    const asked = of('k', 'kubectl');
    expect(asked.length).toBeGreaterThan(60);
    expect(await refusals(asked, (words) => [program, words])).toEqual([]);
  }, 120_000);

  it('are commands that Helm has, with flags that it takes', async () => {
    const program = await helmProgram();
    const asked = of('helm');
    expect(asked.length).toBeGreaterThan(10);
    expect(await refusals(asked, (words) => [program, words])).toEqual([]);
  }, 120_000);

  it('are commands and options of gpt4video', async () => {
    const { text: usage } = await answer(join(ROOT, 'node_modules/.bin/node'), ['apps/cli/dist/main.js', 'models', '--help']);
    const asked = of('npx');
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.flatMap(({ page, words: [, , ...words] }) => unknownWords(usage, words).map((word) => `${page}: ${words.join(' ')}: ${word}`))).toEqual([]);
  }, 60_000);

  it('a word that no program knows would be seen', async () => {
    const wrong = documentedCommands('p', '```sh\nk rollout statos deploy x | grep y\n```\nType `k scale deploy x --replicsa 3` or `npx gpt4video jobs quarantine --all`.');
    expect(await refusals(wrong.slice(0, 2), (words) => ['kubectl', words])).toHaveLength(2);
    const { text: usage } = await answer(join(ROOT, 'node_modules/.bin/node'), ['apps/cli/dist/main.js', 'models', '--help']);
    expect(unknownWords(usage, wrong[2]?.words.slice(2) ?? [])).toEqual(['quarantine', '--all']);
  }, 60_000);

  it('name files that exist', () => {
    const files = COMMANDS.flatMap(({ page, words }) => words.filter((word) => /^(helm|deploy|docs|models\/cartoon)\/[\w./-]+$/.test(word)).map((word) => [page, word] as const)).filter(([, word]) => !/^deploy\/gpt4video-/.test(word));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter(([, word]) => !existsSync(join(ROOT, word)))).toEqual([]);
  });
});

/** What a program says of the commands that it does not know; asked for help, it runs none of them. */
async function refusals(commands: readonly DocumentedCommand[], how: (words: readonly string[]) => readonly [string, readonly string[]]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { page, words: [, ...words] } of commands) {
    const separator = words.indexOf('--');
    const [program, given] = how(separator < 0 ? words : words.slice(0, separator));
    const { ok, text } = await answer(program === 'kubectl' ? await kubectlProgram() : program, [...given, '--help']);
    if (!ok || !knows(text, given)) found.push(`${page}: ${given.join(' ')}: ${text.split('\n')[0]}`);
  }
  return found;
}

/** Help of a command group, where its subcommand was not understood, lists the subcommands instead of flags. */
function knows(help: string, words: readonly string[]): boolean {
  const group = /^(Available Commands:|Usage:\n {2}kubectl \w+ SUBCOMMAND)/m.test(help);
  return !group || words.length === 0;
}

function unknownWords(usage: string, words: readonly string[]): readonly string[] {
  const [area = '', sub = ''] = words;
  const lines = usage.split('\n').filter((line) => line.startsWith(`gpt4video ${area}`)).join('\n');
  const grouped = ['models', 'facts', 'tenants', 'keys', 'quarantine'].includes(area);
  const faults = lines === '' ? [area] : /^[a-z-]+$/.test(sub) && (grouped || area === 'jobs') && !new RegExp(`[ |]${sub}\\b`).test(lines) ? [sub] : [];
  return [...faults, ...words.filter((word) => word.startsWith('--') && !new RegExp(`${word.split('=')[0] ?? ''}\\b`).test(usage))];
}

function answer(program: string, args: readonly string[]): Promise<{ readonly ok: boolean; readonly text: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: ROOT, env: { ...process.env, KUBECONFIG: '/dev/null' } }, (error, stdout, stderr) => resolve({ ok: error === null, text: stdout + stderr }));
  });
}
