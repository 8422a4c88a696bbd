import { access, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptPort } from './free-port.js';
import { installOnce } from './install-once.js';
import { JAVA, KAFKA } from './kafka-install.js';
import { kafkaProperties } from './kafka-properties.js';
import { findTool } from './run-tool.js';
import { ServerProcess } from './server-process.js';

// A small heap and the quick compiler: brokers of tests live for seconds.
const JVM = ['-Xms128m', '-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.net.preferIPv4Stack=true'];

/** How a broker is started. */
export interface KafkaOptions {
  readonly folder: string;
  /** The port of the folder's last start, or a free one, when absent. */
  readonly port?: number;
  /** What clients connect to after the first answer: a proxy's port, where one stands before the broker. */
  readonly advertisedPort?: number;
}

/** A running Kafka broker that is its own controller (KRaft). */
export class KafkaServer extends ServerProcess {
  /** `host:port` of every broker, as clients take it. */
  readonly brokers: readonly string[];

  constructor(
    installed: string,
    folder: string,
    readonly port: number,
  ) {
    super({
      name: 'kafka',
      folder,
      program: JAVA.program,
      args: [...JVM, `-Dlog4j2.configurationFile=${join(installed, 'log4j2.properties')}`, '-cp', join(installed, 'libs', '*'), 'kafka.Kafka', join(folder, 'server.properties')],
      isReady: (log) => log.includes('Kafka Server started'),
    });
    this.brokers = [`127.0.0.1:${port}`];
  }
}

/** Installs Kafka where it is not, and starts it on this folder; resolves when the broker serves. Topics are not made by using them. */
export async function startKafka({ folder, port, advertisedPort }: KafkaOptions): Promise<KafkaServer> {
  const installed = await installOnce(KAFKA);
  await findTool(JAVA);
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true });
  const isFormatted = await access(join(data, 'meta.properties')).then(
    () => true,
    () => false,
  );
  if (!isFormatted) await cp(join(installed, 'formatted'), data, { recursive: true });
  const chosen = port ?? (await keptPort(folder, 'kafka'));
  const node = { port: chosen, advertisedPort: advertisedPort ?? chosen, controllerPort: await keptPort(folder, 'controller'), data };
  await writeFile(join(folder, 'server.properties'), kafkaProperties(node));
  const server = new KafkaServer(installed, folder, chosen);
  await server.start();
  return server;
}
