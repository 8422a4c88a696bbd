import type { FactEnvelope } from '@gpt4video/ports/event-bus';
import { decodeFact, deriveFactId, encodeFact } from './event-codec.js';
import { fromFactRecord, toFactRecord } from './cloudevents-kafka.js';
import { isTopicName, type TopicMessage, type TopicName, TOPICS } from './topics.js';

const asset = (key: string) => ({ bucket: 'gpt4video', key, sha256: 'ab'.repeat(32), bytes: 5_000_000_000, mediaType: 'video/mp4' });
const facts = { container: 'mov,mp4', codec: 'h264', width: 1920, height: 1080, durationMs: 10_000, frameCount: 300, frameRate: 29.97 };
const video = asset('uploads/v');
const own = { shadow: false, thresholds: { hate: 0.5 }, frameThreshold: 0.25 };
const frames = { understanding: asset('u'), screening: asset('s'), thumbnail: undefined, facts, understandingTimestampsMs: [0, 2_500], screeningTimestampsMs: [], stills: [asset('1')] };

const SAMPLES: { readonly [Name in TopicName]: TopicMessage<Name> } = {
  'video.uploaded': { fileId: 'file-1', video, own },
  'frames.extracted': { fileId: 'file-1', video, frames, own },
  'features.encoded': { fileId: 'file-1', video, features: asset('f') },
  'video.understood': { fileId: 'file-1', video, tokens: asset('t') },
  'video.screened': { fileId: 'file-1', video, allowed: false, category: 'sexual', score: 0.75 },
  'video.rejected': { fileId: 'file-1', video, stage: 'frame-extractor', code: 'invalid_video', message: 'Größe' },
  'safety.decided': { stage: 'caption', allowed: true, category: '', score: 0.25, threshold: 0.5, policyVersion: '2026-11' },
  'generation.queued': { generationId: 'gen-1' },
  'generation.finished': { generationId: 'gen-1', status: 'failed', code: 'generation_failed' },
};
const KEYS: Readonly<Record<TopicName, string>> = {
  'video.uploaded': video.sha256,
  'frames.extracted': video.sha256,
  'features.encoded': video.sha256,
  'video.understood': video.sha256,
  'video.screened': video.sha256,
  'video.rejected': video.sha256,
  'safety.decided': 'caption',
  'generation.queued': 'gen-1',
  'generation.finished': 'gen-1',
};
const attributes = { id: 'fact-1', source: 'gateway', timeMs: Date.UTC(2026, 10, 24, 1, 2, 3, 456) };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const names = Object.keys(TOPICS) as TopicName[];

describe.each(names)('topic %s', (name) => {
  it('survives envelope and Kafka record', () => {
    const fact = encodeFact(name, SAMPLES[name], { ...attributes, traceparent });
    const record = toFactRecord(fact);
    const back = fromFactRecord({ topic: name, key: Buffer.from(record.key), value: record.value, headers: asBuffers(record.headers) });
    expect(back).toEqual({ ...fact, data: new Uint8Array(fact.data) });
    expect(decodeFact(name, back)).toEqual(SAMPLES[name]);
  });

  it('is partitioned by what its table says', () => {
    expect(encodeFact(name, SAMPLES[name], attributes).key).toBe(KEYS[name]);
  });
});

describe('the CloudEvents Kafka binding', () => {
  const fact = encodeFact('generation.queued', SAMPLES['generation.queued'], { ...attributes, traceparent });

  it('has the attributes of the specification', () => {
    expect(toFactRecord(fact).headers).toEqual({
      'content-type': 'application/protobuf',
      ce_specversion: '1.0',
      ce_id: 'fact-1',
      ce_type: 'generation.queued',
      ce_source: 'gateway',
      ce_time: '2026-11-24T01:02:03.456Z',
      ce_partitionkey: 'gen-1',
      ce_traceparent: traceparent,
      traceparent,
    });
  });

  it.each(['ce_id', 'ce_type', 'ce_source', 'ce_time'])('refuses a record without %s, naming it', (missing) => {
    const { [missing]: _gone, ...headers } = toFactRecord(fact).headers;
    expect(() => fromFactRecord({ topic: 'generation.queued', value: Buffer.from(fact.data), headers })).toThrow(missing);
  });

  it('reads a fact without a trace', () => {
    const { traceparent: _t, ce_traceparent: _c, ...headers } = toFactRecord(fact).headers;
    expect(fromFactRecord({ topic: 't', key: null, value: Buffer.from(fact.data), headers })).toEqual(untraced(fact));
  });
});

describe('decodeFact', () => {
  it('refuses a fact of another topic and bytes that are no message', () => {
    const fact = encodeFact('generation.queued', { generationId: 'g' }, attributes);
    expect(() => decodeFact('generation.finished', fact)).toThrow('is of topic "generation.queued"');
    expect(() => decodeFact('generation.queued', { ...fact, data: Uint8Array.of(0x0a, 0xff) })).toThrow('does not hold its message');
  });
});

describe('deriveFactId', () => {
  it('is a UUID that only cause, topic and discriminator decide', () => {
    const id = deriveFactId('cause', 'video.screened');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(deriveFactId('cause', 'video.screened')).toBe(id);
    const others = [deriveFactId('other', 'video.screened'), deriveFactId('cause', 'video.rejected'), deriveFactId('cause', 'video.screened', '2')];
    expect(new Set([id, ...others]).size).toBe(4);
  });
});

it('knows its topics, and no word that every object has', () => {
  expect(isTopicName('video.uploaded')).toBe(true);
  expect(isTopicName('constructor')).toBe(false);
});

function asBuffers(headers: Readonly<Record<string, string>>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));
}

function untraced({ traceparent: _gone, ...fact }: FactEnvelope) {
  return { ...fact, data: new Uint8Array(fact.data) };
}
