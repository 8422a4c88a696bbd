import { declareMetrics, Metrics } from './metrics.js';

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

  it('says full names, for alerts and dashboards', () => {
    expect(DECLARED.framesTotal.name).toBe('gpt4video_clip_encoder_frames_total');
  });
});
