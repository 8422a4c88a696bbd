// The Dockerfile's build stage on this machine: the same files, the same commands, in a folder.
import { cp, mkdir, readFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join, relative } from 'node:path';

/** Runs the RUN instructions of the stage `build` on what .dockerignore sends, in `source`; what the images copy lies in `out` afterwards. */
export async function runBuildStage({ source, out, log }) {
  await copyContext(source);
  const instructions = stageOf(await readFile('deploy/Dockerfile', 'utf8'), 'build');
  const variables = instructions.filter(({ keyword }) => keyword === 'ENV').flatMap(({ text }) => text.split(' ')).map((pair) => pair.split(/=(.*)/s));
  const env = { ...process.env, ...Object.fromEntries(variables.map(([name, value]) => [name, here(value, { source, out }).replace('$PATH', process.env.PATH ?? '')])) };
  for (const { text } of instructions.filter(({ keyword }) => keyword === 'RUN')) {
    const command = here(text.replace(/--mount=\S+ /g, ''), { source, out });
    log(command);
    await shell(command, { cwd: source, env });
  }
}

/** The paths of the image as they are here. */
function here(text, { source, out }) {
  return text.replaceAll('/src/', `${source}/`).replace(/(^|[ =:])\/out\b/g, `$1${out}`);
}

function stageOf(dockerfile, wanted) {
  const lines = dockerfile.split('\n').filter((line) => !line.startsWith('#')).join('\n').replace(/\\\n\s*/g, '').split('\n');
  let stage;
  return lines.filter((line) => line.trim() !== '').flatMap((line) => {
    const [, keyword, text] = /^([A-Z]+)\s+(.*)$/.exec(line);
    if (keyword === 'FROM') stage = / AS (\S+)$/.exec(text)?.[1];
    return stage === wanted ? [{ keyword, text }] : [];
  });
}

async function copyContext(source) {
  const rules = (await readFile('.dockerignore', 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#') && line !== '*');
  const refused = rules.filter((rule) => !rule.startsWith('!')).map(matcherOf);
  for (const path of rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1))) {
    await mkdir(join(source, path, '..'), { recursive: true });
    await cp(path, join(source, path), { recursive: true, filter: (file) => !refused.some((matches) => matches(relative('.', file))) });
  }
}

function matcherOf(rule) {
  const pattern = rule.replace(/[.+]/g, '\\$&').replaceAll('**/', '(.*/)?').replace(/(?<!\.)\*/g, '[^/]*');
  return (file) => new RegExp(`^${pattern}(/|$)`).test(file);
}

function shell(command, options) {
  return new Promise((accept, reject) => {
    const child = spawn('sh', ['-ec', command], { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? accept() : reject(new Error(`"${command}" ended with ${code}`))));
  });
}
