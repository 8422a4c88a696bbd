import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from './install-once.js';
import { kafkaProperties } from './kafka-properties.js';
import { type Tool, runTool } from './run-tool.js';

const VERSION = '4.4.0';
const LOG4J = '2.25.5';
const MAVEN: Tool = { program: 'mvn', remedy: 'Maven and a Java 17 runtime (Debian: apt-get install maven default-jre-headless)' };
/** What Kafka runs on. */
export const JAVA: Tool = { program: 'java', remedy: 'a Java 17 runtime (Debian: apt-get install default-jre-headless)' };
/** Every cluster of ours stands alone, so one id serves them all and the formatted folder can be copied. */
export const CLUSTER_ID = 'Z3B0NHZpZGVvLWthZmthIQ';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>gpt4video</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>${LOG4J}</version></dependency>
  </dependencies>
</project>
`;

const LOGGING = `appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{ISO8601} %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
logger.started.name=kafka.server.KafkaRaftServer
logger.started.level=info
`;

/** Kafka with everything on its class path (`libs/`), a logging configuration, and a formatted data folder to start from (`formatted/`). */
export const KAFKA: Installation = {
  name: 'kafka',
  version: VERSION,
  cost: 'about 45 MB from Maven Central',
  install: async (folder) => {
    await writeFile(join(folder, 'pom.xml'), POM);
    await writeFile(join(folder, 'log4j2.properties'), LOGGING);
    await runTool(MAVEN, ['-B', '-q', 'dependency:copy-dependencies', '-DoutputDirectory=libs', '-DincludeScope=runtime'], { cwd: folder });
    const properties = join(folder, 'format.properties');
    await mkdir(join(folder, 'formatted'));
    await writeFile(properties, kafkaProperties({ id: 1, port: 1, advertisedPort: 1, controllerPort: 2, data: join(folder, 'formatted') }));
    await runTool(JAVA, ['-Xmx64m', '-cp', join(folder, 'libs', '*'), 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties], { cwd: folder });
    await rm(properties);
  },
};
