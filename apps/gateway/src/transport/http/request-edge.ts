import { Injectable } from '@nestjs/common';
import { propagation, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { Logger } from '@gpt4video/platform/logging';
import { Metrics } from '@gpt4video/platform/metrics';
import { runInRequest } from '@gpt4video/platform/request-context';
import { currentTraceparent, openSpan, untraced } from '@gpt4video/platform/tracing';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KeyService } from '../../core/tenants/key.service.js';
import { newId } from '../../core/new-id.js';
import { GATEWAY_METRICS } from '../../metrics.js';
import { Admission } from './admission.js';
import { RateLimit } from './rate-limit.js';

/** Ids that a client may choose: what fits a log line and a header. */
const CLIENT_ID = /^[\w.:-]{1,128}$/;

/** What happens around every request: id, trace, key, metrics, one log line. */
@Injectable()
export class RequestEdge {
  private readonly instruments;

  constructor(
    private readonly keys: KeyService,
    private readonly admission: Admission,
    private readonly limit: RateLimit,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  /** Hooks into the server; before its routes are registered. */
  install(server: FastifyInstance): void {
    this.admission.guard(server.server);
    server.decorateRequest('tenant', null);
    server.decorateRequest('once', null);
    server.decorateRequest('span', null);
    server.addHook('onRequest', (request, reply, done) => this.begin(request, reply, done));
    server.addHook('onRequest', (request, reply) => this.admit(request, reply));
    server.addHook('onSend', (_request, reply, _payload, done) => this.seeOff(reply, done));
    server.addHook('onResponse', (request, reply, done) => this.end(request, reply, done));
  }

  private begin(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    // Some clients name a content type where they send none (Python's `openai`, with DELETE).
    if (request.headers['transfer-encoding'] === undefined && (request.headers['content-length'] ?? '0') === '0') delete request.headers['content-type'];
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && CLIENT_ID.test(given) ? given : newId('req');
    this.admission.begin(request.raw);
    void reply.header('x-request-id', requestId);
    const route = routeOf(request);
    // Probes, scrapes and the operators' view come all the time and tell nothing.
    if (isProbe(route)) return untraced(() => runInRequest({ requestId }, done), SERVICE);
    const attributes = { 'http.request.method': request.method, 'http.route': route, 'url.scheme': request.protocol };
    const span = openSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, service: SERVICE, attributes, parent: propagation.extract(ROOT_CONTEXT, request.headers) });
    request.span = span;
    void reply.header('traceresponse', currentTraceparent(span.within));
    span.run(() => runInRequest({ requestId }, done));
  }

  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!isApi(request.url)) return;
    if (hasOwnDoor(request.url.split('?')[0] ?? '')) return;
    request.tenant = await this.keys.authenticate(request.headers.authorization);
    await this.limit.admit(request.tenant, reply);
  }

  /** An answer of a server that leaves sends its client to another, however long ago its request came. */
  private seeOff(reply: FastifyReply, done: () => void): void {
    if (this.admission.lameDuck) void reply.header('connection', 'close');
    done();
  }

  private end(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const labels = { method: request.method, route: routeOf(request) };
    const status = String(reply.statusCode);
    this.instruments.requestsTotal.inc({ ...labels, status });
    this.instruments.requestDurationSeconds.observe(labels, reply.elapsedTime / 1_000);
    request.span?.set({ 'http.response.status_code': reply.statusCode });
    request.span?.end();
    this.admission.end(request.raw);
    if (isApi(request.url)) this.logger.info('request', { ...labels, status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
    done();
  }
}

const SERVICE = 'gateway';
const ADMIN = '/v1/admin/';

function isProbe(route: string): boolean {
  return route.startsWith('/health/') || route === '/metrics' || route.startsWith(ADMIN);
}

/** True where no tenant is asked for: the route looks at who asks itself. */
function hasOwnDoor(path: string): boolean {
  return path === '/v1/session' || path.startsWith(ADMIN);
}

function isApi(url: string): boolean {
  return url.startsWith('/v1/');
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unknown';
}
