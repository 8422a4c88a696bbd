import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { failStart } from '@gpt4video/platform/bootstrap';
import { loadConfig } from '@gpt4video/platform/config';
import { createLogger, NestLogger } from '@gpt4video/platform/logging';
import { MigrationModule } from './app.module.js';
import { migrationSchema } from './config.js';
import { GatewayDatabase } from './storage/gateway-database.js';
import { migrate } from './storage/migrate.js';

// Brings the tables up to date and exits; what a deployment runs before the first pod of a new version.
try {
  const { databaseUrl, logLevel, logFormat } = loadConfig('gateway', migrationSchema);
  const logger = createLogger({ app: 'gateway', level: logLevel, format: logFormat });
  const application = await NestFactory.createApplicationContext(MigrationModule.of(databaseUrl), { logger: new NestLogger(logger), abortOnError: false });
  const applied = await migrate(application.get(GatewayDatabase));
  logger.info(applied.length === 0 ? 'the tables are up to date' : 'the tables were brought up to date', { applied });
  await application.close();
} catch (thrown) {
  failStart('gateway migration', thrown);
}
