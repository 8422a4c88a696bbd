import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder under which installed servers lie, as `{name}/{version}`: `gpt4video/servers` in the user's cache folder. */
export function serversFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const cache = env['XDG_CACHE_HOME'];
  return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'gpt4video', 'servers');
}

/** The environment of build tools and servers: ours, with the given variables over it. */
export function toolEnvironment(over: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...over };
}
