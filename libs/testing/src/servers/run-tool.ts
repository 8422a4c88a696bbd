import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { toolEnvironment } from './config.js';

/** A program that an installation needs. */
export interface Tool {
  readonly program: string;
  /** What a person installs to have it, completing “install …”. */
  readonly remedy: string;
}

const TAIL = 4_000;

/** The path of a tool that is named or given by its path. Rejects with one sentence when it is not on the PATH. */
export async function findTool({ program, remedy }: Tool): Promise<string> {
  if (isAbsolute(program)) return program;
  for (const folder of (toolEnvironment()['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`"${program}" is not on the PATH; install ${remedy}.`);
}

/** Runs a tool to its end and resolves with its output. Rejects like `findTool` when it is missing, with its last words when it fails. */
export async function runTool(tool: Tool, args: readonly string[], { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> }): Promise<string> {
  const program = await findTool(tool);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: toolEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) resolve(text);
      else reject(new Error(`"${[tool.program, ...args].join(' ')}" ended with ${code}:\n${text.slice(-TAIL)}`));
    });
  });
}
