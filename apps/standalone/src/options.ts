import type { ExecutionProvider } from '@gpt4video/ports/execution';
import type { Arguments } from './arguments.js';

/** What this process was asked to be; injected where adapters are made. */
export abstract class StandaloneOptions {
  abstract readonly arguments: Arguments;
  /** The key that clients send. */
  abstract readonly apiKey: string;
  /** Folder of the bundle that is served. */
  abstract readonly bundleFolder: string;
  /** Folder of the base models, as `gpt4video models pull` leaves it. */
  abstract readonly modelCache: string;
  /** What may compute the models, best first. */
  abstract readonly executionProviders: readonly ExecutionProvider[];
  /** Folder of the built page. */
  abstract readonly pageFolder: string;
}
