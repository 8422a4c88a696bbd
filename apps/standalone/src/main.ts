import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { failStart } from '@gpt4video/platform/bootstrap';
import { type Arguments, parseArguments } from './arguments.js';
import { readOrMakeApiKey } from './api-key-file.js';
import { config, modelCache } from './config.js';
import { startStandalone } from './standalone.js';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

try {
  await main(parseArguments(process.argv.slice(2)));
} catch (error) {
  failStart('standalone', error);
}

async function main(args: Arguments): Promise<void> {
  const apiKey = args.apiKey ?? (await readOrMakeApiKey(args.data));
  const url = await startStandalone({
    arguments: args,
    apiKey,
    bundleFolder: args.bundle ?? `${repository}models/cartoon`,
    modelCache,
    executionProviders: config.executionProviders,
    pageFolder: `${repository}apps/web/dist`,
  });
  if (args.apiKey === undefined) process.stdout.write(`key ${apiKey}\n`);
  process.stdout.write(`ready ${url}\n`);
}
