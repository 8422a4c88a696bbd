/**
 * Every attribute that a span or span event may carry, with what it holds. Names follow OpenTelemetry's semantic conventions
 * 1.45 and, for models and guardrails, those of semantic-conventions-genai; the project's own begin with `gpt4video.`.
 * None holds content: no prompt, caption, frame, key or file name, and no URL, since people write into URLs.
 */
export const SPAN_ATTRIBUTES = {
  'error.type': 'stable code of the error that ended the work',
  'http.request.method': 'method of the request',
  'http.response.status_code': 'status of the answer',
  'http.route': 'route that matched, such as `/v1/files/:id`; never the path',
  'url.scheme': '`http` or `https`',
  'rpc.system.name': '`grpc`',
  'rpc.method': 'fully qualified method, such as `gpt4video.clip.v1.ClipService/EncodeVideo`',
  'rpc.response.status_code': 'name of the gRPC status, such as `NOT_FOUND`',
  'server.address': 'host that a client called, or the list of replicas that it calls in turn',
  'server.port': 'port that a client called, where it is one',
  'messaging.system': '`kafka`, or `in_process` where facts stay in one process',
  'messaging.destination.name': 'topic',
  'messaging.consumer.group.name': 'consumer group, named for its service',
  'messaging.operation.name': '`send` or `process`',
  'messaging.operation.type': '`send` or `process`',
  'messaging.message.id': 'id of the fact',
  'gen_ai.operation.name': '`chat` for answers, `generate_content` for films',
  'gen_ai.provider.name': '`gpt4video`',
  'gen_ai.output.type': '`text` or `video`',
  'gen_ai.request.max_tokens': 'most tokens to generate, where the request says so',
  'gen_ai.request.seed': 'seed of the answer or film',
  'gen_ai.request.temperature': 'temperature, where the request says so',
  'gen_ai.request.top_p': 'nucleus, where the request says so',
  'gen_ai.response.model': 'revision of the bundle that answered',
  'gen_ai.response.finish_reasons': 'why the answer ended: `stop` or `length`',
  'gen_ai.response.time_to_first_chunk': 'seconds from the start of prefill to the first token',
  'gen_ai.usage.input_tokens': 'tokens of the prompt, visual tokens included',
  'gen_ai.usage.output_tokens': 'tokens of the answer',
  'gen_ai.usage.cache_read.input_tokens': 'tokens of the prompt that the prefix cache held',
  'gen_ai.guardrail.target.type': '`input` for what people send, `output` for what models made',
  'gen_ai.guardrail.verdict.type': '`allow` or `deny`; absent when there is no verdict',
  'gen_ai.guardrail.action.type': '`pass` or `block`; no verdict is `block`',
  'gen_ai.guardrail.policy.id': 'version of the policy',
  'gen_ai.guardrail.risk.category': 'category that decided',
  'gen_ai.guardrail.risk.score': 'score of that category, 0 to 1',
  'gpt4video.guardrail.stage': 'where in the turn the content stands: `input`, `output`, `caption` or `film`',
  'gpt4video.guardrail.threshold': 'score from which the policy refuses',
  'gpt4video.generation.id': 'id of the generation',
  'gpt4video.generation.attempt': 'number of the attempt, from 1',
  'gpt4video.generation.outcome': '`completed`, `blocked`, `failed`, `stopped` or `released`',
  'gpt4video.usage.video_tokens': 'visual tokens of the prompt',
} as const satisfies Readonly<Record<string, string>>;

/** Every event that a span may hold, with what it tells. */
export const SPAN_EVENTS = {
  'gen_ai.first_token': 'the model gave its first token',
} as const satisfies Readonly<Record<string, string>>;

/** Name of an event. */
export type SpanEventName = keyof typeof SPAN_EVENTS;

/** What a span may be told; what is undefined is left out. */
export type SpanAttributes = { readonly [Name in keyof typeof SPAN_ATTRIBUTES]?: string | number | boolean | string[] | undefined };
