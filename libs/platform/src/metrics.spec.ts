import { MAX_SERIES } from './instruments.js';
import { declareMetrics, Metrics } from './metrics.js';
import { startTracing } from './start-tracing.js';
import { currentTraceparent, untraced, withSpan } from './tracing.js';

const DECLARED = declareMetrics('clip_encoder', {
  framesTotal: { type: 'counter', help: 'Frames encoded.', labels: ['outcome'] },
  queueDepth: { type: 'gauge', help: 'Callers that wait.' },
  batchSeconds: { type: 'histogram', help: 'Seconds a batch.', buckets: [0.5, 1] },
});

describe('Metrics', () => {
  it('names what was declared and counts it', async () => {
    const metrics = new Metrics();
    const { framesTotal, queueDepth, batchSeconds } = metrics.use(DECLARED);
    framesTotal.inc({ outcome: 'done' }, 4);
    queueDepth.set(2);
    batchSeconds.observe(0.7);
    const text = await metrics.text();
    expect(text).toContain('gpt4video_clip_encoder_frames_total{outcome="done"} 4');
    expect(text).toContain('gpt4video_clip_encoder_queue_depth 2');
    expect(text).toContain('gpt4video_clip_encoder_batch_seconds_bucket{le="0.5"} 0');
    expect(text).toContain('gpt4video_clip_encoder_batch_seconds_bucket{le="1"} 1');
  });

  it('gives every user the same instruments', () => {
    const metrics = new Metrics();
    expect(metrics.use(DECLARED).framesTotal).toBe(metrics.use(DECLARED).framesTotal);
    expect(new Metrics().use(DECLARED).framesTotal).not.toBe(metrics.use(DECLARED).framesTotal);
  });

  it('reports the process and its event-loop lag', async () => {
    const metrics = new Metrics();
    metrics.collectProcess();
    const text = await metrics.text();
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('leads from a bucket to the trace of its last value, and from one that nobody keeps to none', async () => {
    const tracing = startTracing({ app: 'spec' });
    const metrics = new Metrics();
    const { batchSeconds } = metrics.use(DECLARED);
    let traceId = '';
    await withSpan('work', {}, async () => {
      traceId = currentTraceparent()?.split('-')[1] ?? '';
      batchSeconds.observe(0.7);
    });
    untraced(() => batchSeconds.observe(0.2));
    await tracing.shutdown();
    const lines = (await metrics.text()).split('\n').filter((line) => line.includes('_bucket'));
    expect(lines[0]).toMatch(/le="0.5"} 1$/);
    expect(lines[1]).toMatch(new RegExp(`le="1"} 2 # {trace_id="${traceId}",span_id="[0-9a-f]{16}"} 0.7 [0-9.]+$`));
    expect(metrics.contentType).toContain('application/openmetrics-text');
  });

  it('bounds the series of a metric, whatever its labels are fed with', async () => {
    const metrics = new Metrics();
    const { framesTotal } = metrics.use(DECLARED);
    for (let each = 0; each < MAX_SERIES + 50; each += 1) framesTotal.inc({ outcome: `o${each}` });
    framesTotal.inc({ outcome: 'o0' });
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('gpt4video_clip_encoder_frames_total{'));
    expect(lines).toHaveLength(MAX_SERIES + 1);
    expect(lines).toContain('gpt4video_clip_encoder_frames_total{outcome="other"} 50');
    expect(lines).toContain('gpt4video_clip_encoder_frames_total{outcome="o0"} 2');
  });

  it('says full names, for alerts and dashboards', () => {
    expect(DECLARED.framesTotal.name).toBe('gpt4video_clip_encoder_frames_total');
  });
});
