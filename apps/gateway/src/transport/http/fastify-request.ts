import type { OpenSpan } from '@gpt4video/platform/tracing';
import type { Tenant } from '../../core/tenants/tenant.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set on every authenticated route. */
    tenant: Tenant | null;
    /** Names what the request makes, the same for every try of it; set when it has an `Idempotency-Key`. */
    once: string | null;
    /** The span of the request; none for probes. */
    span: OpenSpan | null;
  }
}
