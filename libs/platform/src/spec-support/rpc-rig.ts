import { ClipServiceClient, ClipServiceService, type EncodeVideoRequest, type EncodeVideoResponse } from '@gpt4video/contracts/gen/gpt4video/clip/v1/clip_service';
import { type ConverseRequest, type ConverseResponse, DialogueServiceClient, DialogueServiceService } from '@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service';
import { openClient } from '../grpc-client.js';
import { type CallContext, GrpcController, GrpcServer, type RpcHandlers } from '../grpc-server.js';
import { createLogger } from '../logging.js';
import { Metrics } from '../metrics.js';

type Unary = (request: EncodeVideoRequest, context: CallContext) => Promise<EncodeVideoResponse>;
type Stream = (request: ConverseRequest, context: CallContext) => AsyncIterable<ConverseResponse>;

/** Serves the unary RPC with a function. */
export class ClipController extends GrpcController implements RpcHandlers<typeof ClipServiceService> {
  override readonly app = 'clip-encoder';
  override readonly definition = ClipServiceService;

  constructor(readonly encodeVideo: Unary) {
    super();
  }
}

class DialogueController extends GrpcController implements RpcHandlers<typeof DialogueServiceService> {
  override readonly app = 'dialogue';
  override readonly definition = DialogueServiceService;

  constructor(readonly converse: Stream) {
    super();
  }
}

/** A line of the rig's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A real server on a free port with two real services, and their clients. */
export class RpcRig {
  readonly metrics = new Metrics();
  readonly lines: LogLine[] = [];
  readonly server = new GrpcServer(this.metrics, createLogger({ app: 'rig', level: 'debug', format: 'json', write: (line) => this.lines.push(JSON.parse(line)) }));
  /** What the unary RPC does. */
  unary: Unary = async () => ({ features: undefined, bundleRevision: 'r1' });
  /** What the stream does. */
  stream: Stream = async function* () {};
  private readonly clients: { close(): void }[] = [];

  static async start(): Promise<RpcRig> {
    const rig = new RpcRig();
    await rig.server.listen({ host: '127.0.0.1', port: 0 });
    rig.server.add(new ClipController((request, context) => rig.unary(request, context)));
    rig.server.add(new DialogueController((request, context) => rig.stream(request, context)));
    return rig;
  }

  clip(): ClipServiceClient {
    return this.keep(openClient(ClipServiceClient, this.server.address));
  }

  dialogue(): DialogueServiceClient {
    return this.keep(openClient(DialogueServiceClient, this.server.address));
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.server.drain(0);
  }

  private keep<Stub extends { close(): void }>(client: Stub): Stub {
    this.clients.push(client);
    return client;
  }
}

/** A step of an answer. */
export function textStep(text: string): ConverseResponse {
  return { event: { $case: 'text', text: { text } } };
}

/** An empty turn. */
export const TURN: ConverseRequest = { messages: [], sampling: undefined, videoMode: 0 };

/** A signal that never fires. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** Resolves when `condition` holds; rejects after two seconds. */
export async function eventually(condition: () => boolean): Promise<void> {
  const lastMs = performance.now() + 2_000;
  while (!condition()) {
    if (performance.now() > lastMs) throw new Error(`it never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
