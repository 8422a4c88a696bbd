import multipart from '@fastify/multipart';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import './fastify-request.js';
import type { GatewayConfig } from '../../config.js';
import { answerClientError } from './client-errors.js';
import { RequestEdge } from './request-edge.js';
import { RouteTable } from './route-table.js';

/** The Fastify behind the public API. */
export function createHttpAdapter({ maxBodyBytes, headersMs }: Pick<GatewayConfig, 'maxBodyBytes' | 'headersMs'>): FastifyAdapter {
  // By the time the server closes, requests in hand were waited for; a client that half sent one must not hold the process.
  return new FastifyAdapter({ bodyLimit: maxBodyBytes, requestTimeout: 600_000, http: { headersTimeout: headersMs, connectionsCheckingInterval: Math.min(headersMs, 5_000) }, return503OnClosing: false, clientErrorHandler: answerClientError, forceCloseConnections: true });
}

/** Installs what surrounds every request; call it after `NestFactory.create` and before `listen`. */
export async function prepareHttp(application: NestFastifyApplication): Promise<void> {
  // Nest declares the instance with its own copy of the generics.
  const server = application.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const routes = application.get(RouteTable, { strict: false });
  server.addHook('onRoute', ({ method, url }) => routes.add(method, url));
  application.get(RequestEdge, { strict: false }).install(server);
  await server.register(multipart);
}
