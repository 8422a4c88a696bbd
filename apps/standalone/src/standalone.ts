import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { gatewayConfig } from '@gpt4video/gateway/config';
import { KeyService, LOCAL_TENANT } from '@gpt4video/gateway/core/tenants/key.service';
import { createHttpAdapter, prepareHttp } from '@gpt4video/gateway/transport/http/http-application';
import { beginProcess } from '@gpt4video/platform/bootstrap';
import { Health } from '@gpt4video/platform/health';
import { NestLogger } from '@gpt4video/platform/logging';
import { AppModule } from './app.module.js';
import { config } from './config.js';
import type { StandaloneOptions } from './options.js';

/** One person's clients on one machine may ask as often as they like; the queues bound what they get. */
const LOCAL_LIMITS = { tenantRequestsPerMinute: 100_000 };

/** Starts every service and resolves with the URL of the API once every model is ready. Drains and exits 0 on SIGTERM. */
export async function startStandalone(options: StandaloneOptions): Promise<string> {
  const { host, port, logLevel, logFormat } = options.arguments;
  const gateway = gatewayConfig({ ...LOCAL_LIMITS, pageDirectory: options.pageFolder, adminKey: options.apiKey, ...(isLoopback(host) ? { sessionKey: options.apiKey } : {}) });
  const starting = beginProcess('standalone', { ...config, logLevel, logFormat });
  const logger = new NestLogger(starting.logger);
  const application = await NestFactory.create<NestFastifyApplication>(AppModule.of(options, gateway), createHttpAdapter(gateway), { logger, abortOnError: false });
  await prepareHttp(application);
  starting.started(application);
  await application.init();
  await application.get(KeyService, { strict: false }).admit(LOCAL_TENANT, 'standalone', options.apiKey);
  await application.listen(port, host);
  await waitUntilReady(application.get(Health, { strict: false }));
  const address = application.getHttpServer().address();
  if (address === null || typeof address === 'string') throw new Error('the HTTP server has no port');
  return `http://${isLoopback(host) ? '127.0.0.1' : host}:${address.port}`;
}

/** Only its own machine reaches a loopback address, so its page may have the key. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

async function waitUntilReady(health: Health): Promise<void> {
  for (;;) {
    const { ok } = await health.ready();
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
