import type { Lease as WireLease } from '@gpt4video/contracts/gen/gpt4video/generation/v1/generation_service';
import { completion, failure, leaseOf } from './generation.mapper.js';

const FILM = { caption: 'a ball', negativePrompt: 'blur', seed: 4, steps: 20, guidanceScale: 4, width: 128, height: 128, frames: 16, fps: 8 };
const WIRE: WireLease = { generationId: 'gen_1', token: 's3cret', expiresAtMs: 5, attempt: 2, film: FILM, traceparent: '00-a-b-01', own: { shadow: true, thresholds: { hate: 0.4 }, frameThreshold: 0.6 } };

function ref(key: string) {
  return { bucket: 'b', key, sha256: 'a'.repeat(64), bytes: 3, mediaType: 'video/mp4' };
}

describe('leaseOf', () => {
  it('maps every field and hides the token', () => {
    const lease = leaseOf(WIRE);
    expect(lease).toMatchObject({ generationId: 'gen_1', expiresAtMs: 5, attempt: 2, spec: FILM, traceparent: '00-a-b-01', own: WIRE.own });
    expect(lease.token.reveal()).toBe('s3cret');
    expect(JSON.stringify(lease)).not.toContain('s3cret');
  });

  it.each([
    ['generation_id', { ...WIRE, generationId: '../etc' }],
    ['generation_id', { ...WIRE, generationId: '' }],
    ['token', { ...WIRE, token: '' }],
    ['expires_at_ms', { ...WIRE, expiresAtMs: 0 }],
    ['attempt', { ...WIRE, attempt: 0 }],
    ['film', { ...WIRE, film: undefined }],
    ['film.caption', { ...WIRE, film: { ...FILM, caption: ' ' } }],
    ['film.steps', { ...WIRE, film: { ...FILM, steps: 0 } }],
    ['film.width', { ...WIRE, film: { ...FILM, width: -1 } }],
    ['film.height', { ...WIRE, film: { ...FILM, height: 0.5 } }],
    ['film.frames', { ...WIRE, film: { ...FILM, frames: 0 } }],
    ['film.fps', { ...WIRE, film: { ...FILM, fps: Number.NaN } }],
    ['film.guidance_scale', { ...WIRE, film: { ...FILM, guidanceScale: -1 } }],
    ['film.seed', { ...WIRE, film: { ...FILM, seed: 2 ** 60 } }],
  ])('refuses a bad %s', (param, wire) => {
    expect(() => leaseOf(wire)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});

it('proves the lease to its owner when a film is completed or an attempt failed', () => {
  const lease = leaseOf(WIRE);
  const film = { video: ref('v'), thumbnail: ref('t'), spritesheet: ref('s'), stageMs: { denoise: 5 } };
  expect(completion(lease, film, 'rev')).toEqual({ generationId: 'gen_1', token: 's3cret', ...film, bundleRevision: 'rev' });
  const why = { code: 'generation_failed', message: 'Ask again.', retryable: true, category: '' };
  expect(failure(lease, why)).toEqual({ generationId: 'gen_1', token: 's3cret', ...why, verdict: undefined });
  const verdict = { category: 'sexual', score: 0.9, threshold: 0.6, stage: 'film', policyVersion: 'p1+tenant' };
  expect(failure(lease, { ...why, category: 'sexual', verdict }).verdict).toMatchObject({ allowed: false, category: 'sexual', score: 0.9, threshold: 0.6, policyVersion: 'p1+tenant' });
});
