import { access, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptPort } from './free-port.js';
import { installOnce } from './install-once.js';
import { CLUSTER_ID, JAVA, KAFKA } from './kafka-install.js';
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
  /** The broker whose cluster it joins as the second one; a cluster of its own when absent. */
  readonly beside?: KafkaServer;
}

/** A running Kafka broker; the first of a cluster is its controller too (KRaft). */
export class KafkaServer extends ServerProcess {
  /** `host:port` of every broker, as clients take it. */
  readonly brokers: readonly string[];

  constructor(
    installed: string,
    folder: string,
    readonly port: number,
    readonly controllerPort: number,
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
export async function startKafka({ folder, port, advertisedPort, beside }: KafkaOptions): Promise<KafkaServer> {
  const installed = await installOnce(KAFKA);
  await findTool(JAVA);
  const data = join(folder, 'data');
  const id = beside === undefined ? 1 : 2;
  await format(installed, data, id);
  const chosen = port ?? (await keptPort(folder, 'kafka'));
  const controllerPort = beside?.controllerPort ?? (await keptPort(folder, 'controller'));
  await writeFile(join(folder, 'server.properties'), kafkaProperties({ id, port: chosen, advertisedPort: advertisedPort ?? chosen, controllerPort, data }));
  const server = new KafkaServer(installed, folder, chosen, controllerPort);
  await server.start();
  return server;
}

/** Makes the data folder of a node, unless it is there. */
async function format(installed: string, data: string, id: number): Promise<void> {
  await mkdir(data, { recursive: true });
  const about = join(data, 'meta.properties');
  const isFormatted = await access(about).then(
    () => true,
    () => false,
  );
  if (isFormatted) return;
  await cp(join(installed, 'formatted'), data, { recursive: true });
  if (id > 1) await writeFile(about, `version=1\ncluster.id=${CLUSTER_ID}\nnode.id=${id}\n`);
}
