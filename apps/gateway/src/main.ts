import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { beginProcess, failStart } from '@gpt4video/platform/bootstrap';
import { loadConfig } from '@gpt4video/platform/config';
import { NestLogger } from '@gpt4video/platform/logging';
import { AppModule } from './app.module.js';
import { gatewaySchema } from './config.js';
import { KeyService, LOCAL_TENANT } from './core/tenants/key.service.js';
import { createHttpAdapter, prepareHttp } from './transport/http/http-application.js';

try {
  await main();
} catch (thrown) {
  failStart('gateway', thrown);
}

async function main(): Promise<void> {
  const config = loadConfig('gateway', gatewaySchema);
  const starting = beginProcess('gateway', config);
  const application = await NestFactory.create<NestFastifyApplication>(AppModule.of(config), createHttpAdapter(config), { bufferLogs: true, abortOnError: false });
  application.useLogger(application.get(NestLogger));
  await prepareHttp(application);
  starting.started(application);
  await application.init();
  if (config.bootstrapKey !== undefined) await application.get(KeyService, { strict: false }).admit(LOCAL_TENANT, 'bootstrap', config.bootstrapKey);
  await application.listen(config.httpPort, config.httpHost);
}
