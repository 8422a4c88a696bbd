import { Injectable } from '@nestjs/common';
import { BusWatch, type DeadLetter } from '@gpt4video/ports/event-bus';
import { Logger } from './logging.js';
import { declareMetrics, type Instruments, Metrics } from './metrics.js';

/** Metrics of the bus itself; what the consumers make of facts is in FACT_METRICS. */
export const FACT_BUS_METRICS = declareMetrics('facts', {
  publishSeconds: { type: 'histogram', help: 'Seconds until a published fact was safe.', labels: ['topic'] },
  publishFailedTotal: { type: 'counter', help: 'Publishes that threw; the publisher tries again.', labels: ['topic'] },
  setAsideTotal: { type: 'counter', help: 'Facts set aside for a later attempt.', labels: ['topic', 'group'] },
  deadLetteredTotal: { type: 'counter', help: 'Facts given up.', labels: ['topic', 'group'] },
  lag: { type: 'gauge', help: 'Facts that a group has still to settle, as far as this process sees.', labels: ['topic', 'group'] },
  connected: { type: 'gauge', help: '1 while the group consumes, 0 while it cannot.', labels: ['group'] },
});

/** Counts and logs what the bus tells; each change of a connection once. */
@Injectable()
export class FactWatch extends BusWatch {
  private readonly instruments: Instruments<typeof FACT_BUS_METRICS>;
  private readonly connections = new Map<string, boolean>();

  constructor(
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    super();
    this.instruments = metrics.use(FACT_BUS_METRICS);
  }

  override published(topic: string, seconds: number, safe: boolean): void {
    if (safe) this.instruments.publishSeconds.observe({ topic }, seconds);
    else this.instruments.publishFailedTotal.inc({ topic });
  }

  override setAside({ fact, group, attempts, code }: DeadLetter): void {
    this.instruments.setAsideTotal.inc({ topic: fact.topic, group });
    this.logger.warn('a fact was set aside for a later attempt', { topic: fact.topic, group, fact: fact.id, attempts, code });
  }

  override deadLettered({ fact, group, attempts, code, reason }: DeadLetter): void {
    this.instruments.deadLetteredTotal.inc({ topic: fact.topic, group });
    this.logger.error('a fact was given up', { topic: fact.topic, group, fact: fact.id, attempts, code, reason });
  }

  override lagged(topic: string, group: string, facts: number): void {
    this.instruments.lag.set({ topic, group }, facts);
  }

  override connection(group: string, lostBecause: Error | undefined): void {
    const is = lostBecause === undefined;
    this.instruments.connected.set({ group }, is ? 1 : 0);
    if (this.connections.get(group) === is) return;
    this.connections.set(group, is);
    if (is) this.logger.info('facts flow', { group });
    else this.logger.warn('facts do not flow; the consumer tries to come back', { group, err: lostBecause });
  }
}
