import { Controller, Get, Res } from '@nestjs/common';
import { Health } from '@gpt4video/platform/health';
import { Metrics } from '@gpt4video/platform/metrics';
import { ObjectStore } from '@gpt4video/ports/object-store';
import type { FastifyReply } from 'fastify';
import { ModelCatalog } from '../../core/models/model-catalog.js';
import { GatewayDatabase } from '../../storage/gateway-database.js';

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
  live(@Res({ passthrough: true }) reply: FastifyReply) {
    return this.report(reply, this.health.live());
  }

  @Get('health/ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    return this.report(reply, this.health.ready());
  }

  @Get('health/model')
  model(@Res({ passthrough: true }) reply: FastifyReply) {
    const models = this.health.models();
    const bundles = this.catalog.list().map(({ id, revision }) => ({ name: id, revision }));
    return this.report(reply, Promise.resolve({ ok: models.every(({ ready }) => ready), bundles, models }));
  }

  @Get('metrics')
  async scrape(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('content-type', this.metrics.contentType).send(await this.metrics.text());
  }

  private async report<Report extends { readonly ok: boolean }>(reply: FastifyReply, pending: Promise<Report>): Promise<Report> {
    const report = await pending;
    void reply.status(report.ok ? 200 : 503);
    return report;
  }
}
