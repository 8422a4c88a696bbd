import type { DomainError } from '@gpt4video/ports/errors';
import type { Logger } from './logging.js';
import { declareMetrics, type Instruments, type Metrics } from './metrics.js';

/** Metrics of every gRPC server. `code` is `ok` or the stable code of the error. */
export const RPC_METRICS = declareMetrics('rpc', {
  durationSeconds: { type: 'histogram', help: 'Seconds from a call to its last byte, by outcome.', labels: ['service', 'method', 'code'] },
  inFlight: { type: 'gauge', help: 'Calls being served.', labels: ['service', 'method'] },
});

/** Full names of one RPC: `gpt4video.clip.v1.ClipService` and `EncodeVideo`. */
export interface RpcName {
  /** Service that serves it, such as `clip-encoder`. */
  readonly app: string;
  readonly service: string;
  readonly method: string;
}

/** Writes down how calls went: every one in the metrics, each failure in one log line at the error's own level. */
export class RpcJournal {
  private readonly metrics: Instruments<typeof RPC_METRICS>;

  constructor(
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.metrics = metrics.use(RPC_METRICS);
  }

  started({ service, method }: RpcName): void {
    this.metrics.inFlight.inc({ service, method });
  }

  ended({ service, method }: RpcName, durationMs: number, error?: DomainError): void {
    this.metrics.inFlight.dec({ service, method });
    this.metrics.durationSeconds.observe({ service, method, code: error?.code ?? 'ok' }, durationMs / 1_000);
    if (error === undefined) return;
    this.logger.log(error.logLevel, 'call failed', { rpc: `${service}/${method}`, code: error.code, duration_ms: Math.round(durationMs), err: error });
  }
}

/** The names in a gRPC path such as `/gpt4video.clip.v1.ClipService/EncodeVideo`. */
export function rpcName(app: string, path: string): RpcName {
  const [, service = '', method = ''] = path.split('/');
  return { app, service, method };
}
