import { parseArgs } from 'node:util';
import { CONSUMER_GROUPS, isConsumedBy, isTopicName } from '@gpt4video/contracts/topics';
import { UsageError } from './models-options.js';

/** What `gpt4video facts` was asked to do. */
export interface FactsOptions {
  readonly topic: string | undefined;
  readonly group: string | undefined;
  /** Most dead letters to print or send again. */
  readonly limit: number;
  /** Writes one line for the user. */
  readonly print: (line: string) => void;
}

const DEFAULT_LIMIT = '100';

/** Reads the command line after `facts`. Throws `UsageError` for what it does not know. */
export function readFactsArguments(args: string[], print: FactsOptions['print']): { readonly words: readonly string[]; readonly options: FactsOptions } {
  const { values, positionals } = parse(args);
  const { topic, group } = values;
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError(`--limit is "${values.limit}"; give a whole number from 1.`);
  if (topic !== undefined && !isTopicName(topic)) throw new UsageError(`There is no topic "${topic}"; name one of ${Object.keys(CONSUMER_GROUPS).join(', ')}.`);
  if (topic !== undefined && group !== undefined && !isConsumedBy(topic, group)) {
    throw new UsageError(`The group "${group}" does not consume "${topic}"; name one of ${CONSUMER_GROUPS[topic].join(', ') || 'its groups: it has none'}.`);
  }
  return { words: positionals, options: { topic, group, limit, print } };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: { topic: { type: 'string' }, group: { type: 'string' }, limit: { type: 'string', default: DEFAULT_LIMIT } }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
