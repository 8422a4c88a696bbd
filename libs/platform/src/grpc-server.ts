import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { DomainError } from '@gpt4video/ports/errors';
import type { Logger } from './logging.js';
import type { Metrics } from './metrics.js';
import { RpcJournal, type RpcName, rpcName } from './rpc-journal.js';
import { type OpenCall, serveStream, serveUnary, type StreamMethod, type UnaryMethod } from './serve-rpc.js';
import { type CallContext, ServerCall } from './server-call.js';
import { CHANNEL_OPTIONS } from './channel-options.js';

export type { CallContext } from './server-call.js';

/** The methods of a generated service, by the names that its TypeScript has: `implements RpcHandlers<typeof ClipServiceService>`. */
export type RpcHandlers<Definition> = { readonly [Name in keyof Definition]: RpcHandler<Definition[Name]> };

type RpcHandler<Rpc> = Rpc extends { responseStream: infer Streams; requestDeserialize: (bytes: Buffer) => infer Request; responseDeserialize: (bytes: Buffer) => infer Response }
  ? (request: Request, context: CallContext) => Streams extends true ? AsyncIterable<Response> : Promise<Response>
  : never;

/**
 * Serves one gRPC service: a method for each RPC, under its ts-proto name. Unary methods return a promise, server
 * streams are async generators. Thrown DomainErrors reach the caller as they are; anything else as `internal`.
 */
export abstract class GrpcController {
  /** Service that it belongs to, such as `clip-encoder`: whose spans its calls are, in whichever process it runs. */
  abstract readonly app: string;
  abstract readonly definition: ServiceDefinition;
}

/** Where a server listens; port 0 takes a free one. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
}

/** One grpc-js server with health, metrics, spans and a drained stop. */
export class GrpcServer {
  private readonly server = new Server({ ...CHANNEL_OPTIONS });
  private readonly health = new HealthImplementation();
  private readonly journal: RpcJournal;
  private readonly services = new Set<string>();
  private readonly calls = new Set<ServerCall>();
  private boundAddress: string | undefined;
  private due: ListenOptions | undefined;

  constructor(metrics: Metrics, logger: Logger) {
    this.journal = new RpcJournal(metrics, logger);
    this.health.addToServer(this.server);
  }

  /**
   * Says where the server will listen. A free port is taken at once, so that its address is known; a fixed one at `open`, so that
   * callers who choose between replicas do not meet one that is still loading.
   */
  async prepare(listen: ListenOptions): Promise<void> {
    if (listen.port === 0) return this.listen(listen);
    this.due = listen;
    this.boundAddress = addressOf(listen.host, listen.port);
  }

  /** Takes calls where `prepare` said. */
  async open(): Promise<void> {
    const { due } = this;
    this.due = undefined;
    if (due !== undefined) await this.listen(due);
  }

  /** `host:port` for clients. Throws before `prepare` or `listen`. */
  get address(): string {
    if (this.boundAddress === undefined) throw new Error('The gRPC server does not listen yet; call listen first.');
    return this.boundAddress;
  }

  /** Binds the port; services may be added afterwards, until then callers are told to try again. */
  async listen({ host, port }: ListenOptions): Promise<void> {
    const bound = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, boundPort) => {
        if (error === null) resolve(boundPort);
        else reject(new Error(`The gRPC server cannot listen on ${host}:${port}; choose a free port.`, { cause: error }));
      });
    });
    this.boundAddress = addressOf(host, bound);
  }

  /** Serves a controller; its health is NOT_SERVING until `setServing`. Throws when an RPC has no method. */
  add(controller: GrpcController): void {
    const handlers: UntypedServiceImplementation = {};
    for (const [name, { path, requestStream, responseStream }] of Object.entries(controller.definition)) {
      const method: unknown = Reflect.get(controller, name);
      if (requestStream) throw new Error(`${path} streams requests, which no controller supports.`);
      if (typeof method !== 'function') throw new Error(`${controller.constructor.name} has no method "${name}" for ${path}; add it.`);
      const rpc = rpcName(controller.app, path);
      const open = this.opener(rpc);
      handlers[name] = responseStream ? serveStream(method.bind(controller) as StreamMethod, open) : serveUnary(method.bind(controller) as UnaryMethod, open);
      this.services.add(rpc.service);
    }
    this.server.addService(controller.definition, handlers);
    for (const service of this.services) this.health.setStatus(service, 'NOT_SERVING');
  }

  /** Tells health checks whether services take calls: the named one, or all of them and the server itself. */
  setServing(serving: boolean, service?: string): void {
    const names = service === undefined ? ['', ...this.services] : [service];
    for (const name of names) this.health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  }

  /** Takes no new calls and waits for those in hand; after `graceMs` their signals fire, and they are cut. */
  async drain(graceMs: number): Promise<void> {
    this.setServing(false);
    const drained = new Promise<void>((resolve) => this.server.tryShutdown(() => resolve()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), graceMs);
    });
    const ended = await Promise.race([drained, late]);
    clearTimeout(timer);
    if (ended !== 'late') return;
    for (const call of this.calls) call.cancel(new DomainError('unavailable', 'The server is stopping; try again.', { retryAfterMs: 0 }));
    // Cancelled calls answer on later turns of the event loop; give their last words a moment.
    await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))]);
    this.server.forceShutdown();
  }

  private opener(rpc: RpcName): OpenCall {
    return (call) => {
      const served = new ServerCall(call, rpc, this.journal, (ended) => this.calls.delete(ended));
      this.calls.add(served);
      return served;
    };
  }
}

const LAST_WORDS_MS = 100;

function addressOf(host: string, port: number): string {
  return `${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}
