import type { ExportedSpan } from './exported-spans.js';

/** What a service emits. */
export interface Signals {
  /** Kinds of its spans. */
  readonly spans: readonly ExportedSpan['kind'][];
  /** What its metrics' names begin with. */
  readonly metrics: string;
  /** When it logs: with every run like the test's, or only of faults, because its spans tell all there is to tell. */
  readonly logs: 'always' | 'of faults';
}

/** Which service emits which signal. */
export const SIGNALS: Readonly<Record<string, Signals>> = {
  gateway: { spans: ['SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'], metrics: 'gpt4video_gateway_', logs: 'always' },
  'frame-extractor': { spans: ['SERVER', 'PRODUCER', 'CONSUMER'], metrics: 'gpt4video_frame_extractor_', logs: 'always' },
  'clip-encoder': { spans: ['SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'], metrics: 'gpt4video_clip_encoder_', logs: 'of faults' },
  abstractor: { spans: ['SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'], metrics: 'gpt4video_abstractor_', logs: 'of faults' },
  dialogue: { spans: ['SERVER', 'CLIENT', 'INTERNAL'], metrics: 'gpt4video_dialogue_', logs: 'of faults' },
  safety: { spans: ['SERVER', 'CLIENT', 'INTERNAL', 'PRODUCER', 'CONSUMER'], metrics: 'gpt4video_safety_', logs: 'always' },
  'video-generator': { spans: ['CLIENT', 'CONSUMER'], metrics: 'gpt4video_video_generator_', logs: 'always' },
};

/** Who reaches whom, and how: by a call (`Service/Method`), a fact (its topic), or the lease of a queued film. */
export const EDGES: readonly string[] = [
  'gateway → frame-extractor: FramesService/ExtractFrames',
  'gateway → dialogue: DialogueService/Converse',
  'gateway → safety: SafetyService/ScreenText',
  'gateway → safety: SafetyService/ScreenVideo',
  'gateway → frame-extractor: video.uploaded',
  'gateway → video-generator: generation.queued',
  'gateway → video-generator: lease',
  'frame-extractor → clip-encoder: frames.extracted',
  'frame-extractor → safety: frames.extracted',
  'frame-extractor → gateway: frames.extracted',
  'clip-encoder → frame-extractor: FramesService/ExtractFrames',
  'clip-encoder → abstractor: features.encoded',
  'clip-encoder → gateway: features.encoded',
  'abstractor → clip-encoder: ClipService/EncodeVideo',
  'abstractor → gateway: video.understood',
  'dialogue → abstractor: AbstractorService/AbstractVideo',
  'safety → frame-extractor: FramesService/ExtractFrames',
  'safety → gateway: video.screened',
  'video-generator → safety: SafetyService/ScreenFrames',
  'video-generator → gateway: GenerationQueueService/Complete',
];

/** Edges that exist and that a run need not show, each with the reason. */
export const RARE_EDGES: readonly string[] = [
  // Uploads are decoded before they are accepted, so a stage rejects one later only when its bytes are lost meanwhile.
  'frame-extractor → gateway: video.rejected',
  // On a quick machine a short film is done before its first heartbeat.
  'video-generator → gateway: GenerationQueueService/Heartbeat',
  // A film goes back when the grace of a shutdown is shorter than the film; test/e2e/shutdown.e2e-spec.ts shows it.
  'video-generator → gateway: GenerationQueueService/Release',
  // Films fail when a model or a store does.
  'video-generator → gateway: GenerationQueueService/Fail',
];

/** Attributes that every span of a kind and name must have. */
export const REQUIRED: readonly { readonly of: string; readonly matches: (span: ExportedSpan) => boolean; readonly attributes: readonly string[] }[] = [
  { of: 'HTTP requests', matches: ({ kind, name }) => kind === 'SERVER' && /^[A-Z]+ \//.test(name), attributes: ['http.request.method', 'http.route', 'http.response.status_code', 'url.scheme'] },
  { of: 'served calls', matches: ({ kind, name }) => kind === 'SERVER' && name.startsWith('gpt4video.'), attributes: ['rpc.system.name', 'rpc.method', 'rpc.response.status_code'] },
  { of: 'made calls', matches: ({ kind }) => kind === 'CLIENT', attributes: ['rpc.system.name', 'rpc.method', 'rpc.response.status_code', 'server.address', 'server.port'] },
  { of: 'sent facts', matches: ({ kind }) => kind === 'PRODUCER', attributes: ['messaging.system', 'messaging.destination.name', 'messaging.operation.name', 'messaging.operation.type', 'messaging.message.id'] },
  { of: 'handled facts', matches: ({ name }) => name.startsWith('process '), attributes: ['messaging.system', 'messaging.destination.name', 'messaging.consumer.group.name', 'messaging.operation.name', 'messaging.operation.type', 'messaging.message.id'] },
  {
    of: 'answers',
    matches: ({ name, attributes }) => name === 'chat' && attributes['error.type'] === undefined,
    attributes: ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.output.type', 'gen_ai.request.seed', 'gen_ai.response.model', 'gen_ai.response.finish_reasons', 'gen_ai.response.time_to_first_chunk', 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens', 'gen_ai.usage.cache_read.input_tokens'],
  },
  { of: 'films', matches: ({ name }) => name === 'generate_content film', attributes: ['gen_ai.operation.name', 'gen_ai.output.type', 'gen_ai.request.seed', 'gpt4video.generation.id', 'gpt4video.generation.attempt', 'gpt4video.generation.outcome'] },
  {
    of: 'screenings',
    matches: ({ name }) => name.startsWith('run_guardrail '),
    attributes: ['gen_ai.guardrail.target.type', 'gen_ai.guardrail.verdict.type', 'gen_ai.guardrail.action.type', 'gen_ai.guardrail.policy.id', 'gen_ai.guardrail.risk.score', 'gpt4video.guardrail.stage', 'gpt4video.guardrail.threshold'],
  },
];
