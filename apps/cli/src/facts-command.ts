import { listDeadLetters, redrive } from '@gpt4video/adapters/kafka/dead-letters';
import { kafkaClient } from '@gpt4video/adapters/kafka/kafka-client';
import { unavailable } from '@gpt4video/adapters/kafka/kafka-fault';
import { allTopics, declareTopics } from '@gpt4video/adapters/kafka/topic-declarations';
import { SystemClock } from '@gpt4video/platform/system-clock';
import { isDomainError } from '@gpt4video/ports/errors';
import { kafkaConfig } from './config.js';
import type { FactsOptions } from './facts-options.js';
import { UsageError } from './models-options.js';

const APP = 'gpt4video-cli';

/** What `gpt4video facts` can do, by its second word. */
export const FACTS_COMMANDS: Readonly<Record<string, (options: FactsOptions) => Promise<void>>> = {
  topics: (options) => reaching(() => topics(options)),
  'dead-letters': (options) => reaching(() => deadLetters(options)),
  redrive: (options) => reaching(() => sendAgain(options)),
};

/** Makes every topic of the table that lacks. */
async function topics({ print }: FactsOptions): Promise<void> {
  const config = kafkaConfig();
  const made = await declareTopics(kafkaClient(APP, config), allTopics(), config);
  for (const topic of made) print(`made ${topic}`);
  print(`facts: ${made.length === 0 ? 'every topic is there' : `${made.length} topics made`}`);
}

/** Prints what was given up, newest first. */
async function deadLetters({ topic, group, limit, print }: FactsOptions): Promise<void> {
  const config = kafkaConfig();
  const asked = allTopics().flatMap((each) => each.groups.map((name) => ({ topic: each.topic, group: name })));
  const chosen = asked.filter((each) => (topic ?? each.topic) === each.topic && (group ?? each.group) === each.group);
  const letters = await listDeadLetters(kafkaClient(APP, config), config.kafkaPrefix, chosen, limit);
  for (const { fact, group: by, attempts, code, reason } of letters) print(`${fact.topic}  ${by}  ${fact.id}  ${code} after ${attempts}  ${reason}`);
  print(`facts: ${letters.length} given up`);
}

/** Sends what a group has given up to that group once more. */
async function sendAgain({ topic, group, limit, print }: FactsOptions): Promise<void> {
  if (topic === undefined || group === undefined) throw new UsageError('facts redrive needs --topic and --group; gpt4video facts dead-letters lists them.');
  const config = kafkaConfig();
  const ids = await redrive(kafkaClient(APP, config), config.kafkaPrefix, { topic, group }, { limit, clock: new SystemClock() });
  for (const id of ids) print(`sent again ${id}`);
  print(`facts: ${ids.length} sent again to ${group}`);
}

async function reaching(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (fault) {
    throw isDomainError(fault) || fault instanceof UsageError ? fault : unavailable(fault);
  }
}
