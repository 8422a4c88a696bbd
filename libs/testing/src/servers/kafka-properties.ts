/** Ports and data folder of a node of a KRaft cluster. */
export interface KafkaNode {
  /** 1 is the cluster's controller, and a broker; every other one is a broker beside it. */
  readonly id: number;
  readonly port: number;
  /** What clients connect to after the first answer; a proxy's port where one stands before the broker. */
  readonly advertisedPort: number;
  /** Where the controller listens. */
  readonly controllerPort: number;
  readonly data: string;
}

/** `server.properties` of a node on loopback, small and quick to come back after a crash. */
export function kafkaProperties({ id, port, advertisedPort, controllerPort, data }: KafkaNode): string {
  const controls = id === 1;
  return `process.roles=${controls ? 'broker,controller' : 'broker'}
node.id=${id}
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port}${controls ? `,CONTROLLER://127.0.0.1:${controllerPort}` : ''}
advertised.listeners=PLAINTEXT://127.0.0.1:${advertisedPort}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=${data}
num.partitions=3
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=2097152
log.segment.bytes=16777216
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
`;
}
