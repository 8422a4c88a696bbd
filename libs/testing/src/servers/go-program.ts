import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Tool, runTool } from './run-tool.js';

/** The Go compiler. */
export const GO: Tool = { program: 'go', remedy: 'Go 1.24 or newer, from its own site or your package manager' };

/** Builds a program from the Go module proxy into a folder, under a name of our choice; Go checks every module against the checksum database. */
export async function buildGoProgram(folder: string, name: string, { path, version }: { readonly path: string; readonly version: string }): Promise<void> {
  await runTool(GO, ['install', '-trimpath', '-ldflags=-s -w', `${path}@${version}`], { cwd: folder, env: { CGO_ENABLED: '0', GOBIN: folder, GO111MODULE: 'on' } });
  const built = path.split('/').at(-1) ?? path;
  if (built !== name) await rename(join(folder, built), join(folder, name));
}
