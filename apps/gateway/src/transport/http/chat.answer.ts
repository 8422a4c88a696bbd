import type { z } from 'zod';
import type { AnswerVideo, TurnEnd, TurnEvent, TurnModeration, TurnUsage } from '../../core/chat/turn.js';
import type { Verdict } from '../../core/screening/screener.js';
import type { completion, completionChunk } from './chat.answer.schema.js';

type Completion = z.output<typeof completion>;
type Chunk = z.output<typeof completionChunk>;

/** What every piece of one answer carries. */
export interface AnswerFrame {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
}

/** The whole answer, from its steps. Throws what the steps throw. */
export async function toCompletion(frame: AnswerFrame, events: AsyncIterable<TurnEvent>): Promise<Completion> {
  let content = '';
  let end: TurnEnd | undefined;
  const videos = new Map<number, AnswerVideo>();
  for await (const event of events) {
    if (event.kind === 'text') content += event.text;
    if (event.kind === 'video') videos.set(event.video.index, event.video);
    if (event.kind === 'end') end = event.end;
  }
  if (end === undefined) throw new Error('the answer has no end');
  const message = { role: 'assistant' as const, content, refusal: null, ...(videos.size === 0 ? {} : { videos: [...videos.values()] }) };
  return {
    ...frame,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: end.reason }],
    usage: toUsage(end.usage),
    moderation: toModeration(end.moderation),
    system_fingerprint: end.bundleRevision || null,
  };
}

/** One step of the answer as a chunk. */
export function toChunk(frame: AnswerFrame, event: TurnEvent): Chunk {
  const base = { ...frame, object: 'chat.completion.chunk' as const };
  if (event.kind === 'text') return { ...base, choices: [choice({ content: event.text })] };
  if (event.kind === 'video') return { ...base, choices: [choice({ videos: [event.video] })] };
  return { ...base, choices: [choice({}, event.end.reason)], moderation: toModeration(event.end.moderation), system_fingerprint: event.end.bundleRevision || null };
}

/** The chunk that opens a streamed answer. */
export function toOpening(frame: AnswerFrame): Chunk {
  return { ...frame, object: 'chat.completion.chunk', choices: [choice({ role: 'assistant', content: '' })] };
}

/** The extra chunk of `stream_options.include_usage`. */
export function toUsageChunk(frame: AnswerFrame, usage: TurnUsage): Chunk {
  return { ...frame, object: 'chat.completion.chunk', choices: [], usage: toUsage(usage) };
}

function choice(delta: Chunk['choices'][number]['delta'], finish: TurnEnd['reason'] | null = null): Chunk['choices'][number] {
  return { index: 0, delta, logprobs: null, finish_reason: finish };
}

function toUsage({ textTokens, videoTokens, completionTokens, cachedTokens }: TurnUsage): Completion['usage'] {
  const prompt = textTokens + videoTokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: completionTokens,
    total_tokens: prompt + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, text_tokens: textTokens, video_tokens: videoTokens },
  };
}

function toModeration({ input, output }: TurnModeration): Completion['moderation'] {
  return { input: input === undefined ? null : toResults(input), output: output === undefined ? null : toResults(output) };
}

function toResults({ allowed, category, score, threshold, policyVersion, scores }: Verdict): NonNullable<Completion['moderation']['input']> {
  const categories = Object.fromEntries(Object.keys(scores).map((name) => [name, !allowed && name === category]));
  return { type: 'moderation_results', model: policyVersion, results: [{ flagged: !allowed, category: category || null, score, threshold, categories, category_scores: { ...scores } }] };
}
