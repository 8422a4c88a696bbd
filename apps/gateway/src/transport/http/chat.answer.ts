import type { BlockingVerdict } from '@gpt4video/ports/errors';
import type { z } from 'zod';
import type { AnswerVideo, TurnEnd, TurnEvent, TurnModeration, TurnUsage } from '../../core/chat/turn.js';
import type { Verdict } from '../../core/screening/screener.js';
import type { completion, completionChunk } from './chat.answer.schema.js';
import { toVerdictObject } from './verdict.mapper.js';
import type { ChoiceEvent } from './chat-choices.js';

type Completion = z.output<typeof completion>;
type Chunk = z.output<typeof completionChunk>;

/** What every piece of one answer carries. */
export interface AnswerFrame {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
}

/** The whole answer, from the steps of its choices. Throws what the steps throw. */
export async function toCompletion(frame: AnswerFrame, events: AsyncIterable<ChoiceEvent>): Promise<Completion> {
  const texts = new Map<number, string>();
  const films = new Map<number, Map<number, AnswerVideo>>();
  const ends: TurnEnd[] = [];
  let media: Completion['media'];
  for await (const { choice, event } of events) {
    if (event.kind === 'text') texts.set(choice, (texts.get(choice) ?? '') + event.text);
    if (event.kind === 'video') films.set(choice, (films.get(choice) ?? new Map<number, AnswerVideo>()).set(event.video.index, event.video));
    if (event.kind === 'media') media = toMedia(event);
    if (event.kind === 'end') ends.push(event.end);
  }
  const [first] = ends;
  if (first === undefined) throw new Error('the answer has no end');
  const choices = ends.map(({ reason }, index) => {
    const videos = [...(films.get(index)?.values() ?? [])];
    const message = { role: 'assistant' as const, content: texts.get(index) ?? '', refusal: null, ...(videos.length === 0 ? {} : { videos }) };
    return { index, message, logprobs: null, finish_reason: reason };
  });
  return {
    ...frame,
    object: 'chat.completion',
    choices,
    usage: toUsage(sumUsage(ends.map(({ usage }) => usage))),
    moderation: toModeration(worst(ends.map(({ moderation }) => moderation))),
    ...(media === undefined ? {} : { media }),
    system_fingerprint: first.bundleRevision || null,
  };
}

/** One step of an answer as a chunk. */
export function toChunk(frame: AnswerFrame, { choice: index, event }: ChoiceEvent): Chunk {
  const base = { ...frame, object: 'chat.completion.chunk' as const };
  if (event.kind === 'media') return { ...base, choices: [choice(index, {})], media: toMedia(event) };
  if (event.kind === 'text') return { ...base, choices: [choice(index, { content: event.text })] };
  if (event.kind === 'video') return { ...base, choices: [choice(index, { videos: [event.video] })] };
  return { ...base, choices: [choice(index, {}, event.end.reason)], moderation: toModeration(event.end.moderation), system_fingerprint: event.end.bundleRevision || null };
}

/** The chunk that opens the streamed answers. */
export function toOpening(frame: AnswerFrame, count: number): Chunk {
  const choices = Array.from({ length: count }, (_, index) => choice(index, { role: 'assistant', content: '' }));
  return { ...frame, object: 'chat.completion.chunk', choices };
}

/** The extra chunk of `stream_options.include_usage`. */
export function toUsageChunk(frame: AnswerFrame, usages: readonly TurnUsage[]): Chunk {
  return { ...frame, object: 'chat.completion.chunk', choices: [], usage: toUsage(sumUsage(usages)) };
}

function toMedia({ files }: Extract<TurnEvent, { kind: 'media' }>): NonNullable<Chunk['media']> {
  return files.map(({ param, fileId }) => ({ param, file_id: fileId }));
}

function choice(index: number, delta: Chunk['choices'][number]['delta'], finish: TurnEnd['reason'] | null = null): Chunk['choices'][number] {
  return { index, delta, logprobs: null, finish_reason: finish };
}

/** The prompt is read once for each answer. */
function sumUsage(usages: readonly TurnUsage[]): TurnUsage {
  const sum = (pick: (usage: TurnUsage) => number): number => usages.reduce((total, usage) => total + pick(usage), 0);
  return { textTokens: sum((usage) => usage.textTokens), videoTokens: sum((usage) => usage.videoTokens), completionTokens: sum((usage) => usage.completionTokens), cachedTokens: sum((usage) => usage.cachedTokens) };
}

/** Of several answers' verdicts, those that say most. */
function worst(moderations: readonly TurnModeration[]): TurnModeration {
  const of = (side: 'input' | 'output'): Verdict | undefined =>
    moderations
      .flatMap((moderation) => moderation[side] ?? [])
      .toSorted((a, b) => Number(a.allowed) - Number(b.allowed) || b.score - a.score)
      .at(0);
  const [input, output] = [of('input'), of('output')];
  const captions = moderations.flatMap((moderation) => moderation.captions ?? []);
  return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }), captions };
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

function toModeration({ input, output, captions = [] }: TurnModeration): Completion['moderation'] {
  const declined = captions.map((caption) => toResult({ ...caption, allowed: false, scores: {}, flagged: [caption.category] }));
  const said = [...(output === undefined ? [] : [toResult(output)]), ...declined];
  return { input: input === undefined ? null : toResults([toResult(input)]), output: said.length === 0 ? null : toResults(said) };
}

type Results = NonNullable<Completion['moderation']['input']>;

function toResults(results: Results['results']): Results {
  return { type: 'moderation_results', model: results[0]?.policy_version ?? '', results };
}

function toResult({ allowed, scores, flagged, ...verdict }: BlockingVerdict & Pick<Verdict, 'allowed' | 'scores' | 'flagged'>): Results['results'][number] {
  const categories = Object.fromEntries(Object.keys(scores).map((name) => [name, flagged.includes(name)]));
  return { flagged: !allowed, ...toVerdictObject(verdict), categories, category_scores: { ...scores } };
}
