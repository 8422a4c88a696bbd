import { Controller, Get, Res } from '@nestjs/common';
import { Health } from '@gpt4video/platform/health';
import { Metrics } from '@gpt4video/platform/metrics';
import { ObjectStore } from '@gpt4video/ports/object-store';
import type { FastifyReply } from 'fastify';
import { ModelCatalog } from '../../core/models/model-catalog.js';
import { GatewayDatabase } from '../../storage/gateway-database.js';
import { healthReport, modelReport } from './health.schema.js';
import { json, Operation } from './openapi/operation.js';

const PROBE = { 200: json(healthReport, 'Yes'), 503: json(healthReport, 'No, and why') };

/** Probes and metrics on the public port. */
@Controller()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    private readonly catalog: ModelCatalog,
    database: GatewayDatabase,
    store: ObjectStore,
  ) {
    health.addReadyCheck('database', () => database.check());
    health.addReadyCheck('object store', async () => {
      if (!(await store.healthy())) throw new Error('does not answer');
    });
  }

  @Get('health/live')
  @Operation({ id: 'isLive', tag: 'service', summary: 'Whether the process is worth keeping', open: true, answers: PROBE })
  live(@Res({ passthrough: true }) reply: FastifyReply) {
    return this.report(reply, this.health.live());
  }

  @Get('health/ready')
  @Operation({ id: 'isReady', tag: 'service', summary: 'Whether the process takes work', open: true, answers: PROBE })
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    return this.report(reply, this.health.ready());
  }

  @Get('health/model')
  @Operation({ id: 'isModelReady', tag: 'service', summary: 'Which models are loaded and warmed', open: true, answers: { 200: json(modelReport, 'All'), 503: json(modelReport, 'Not all') } })
  model(@Res({ passthrough: true }) reply: FastifyReply) {
    const models = this.health.models();
    const bundles = this.catalog.list().map(({ id, revision }) => ({ name: id, revision }));
    return this.report(reply, Promise.resolve({ ok: models.every(({ ready }) => ready), bundles, models }));
  }

  @Get('metrics')
  @Operation({ id: 'getMetrics', tag: 'service', summary: 'Metrics for Prometheus', open: true, answers: { 200: { kind: 'bytes', mediaTypes: ['text/plain', 'application/openmetrics-text'], description: 'Metrics' } } })
  async scrape(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('content-type', this.metrics.contentType).send(await this.metrics.text());
  }

  private async report<Report extends { readonly ok: boolean }>(reply: FastifyReply, pending: Promise<Report>): Promise<Report> {
    const report = await pending;
    void reply.status(report.ok ? 200 : 503);
    return report;
  }
}
