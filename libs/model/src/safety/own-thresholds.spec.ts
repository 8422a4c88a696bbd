import { judgeFrames, judgeText } from './own-thresholds.js';

const policy = { version: '2026-11', thresholds: { violence: 0.5, 'sexual/minors': 0.3 } };
const rule = { threshold: 0.5, frames: 10, maxFlagged: 4, policyVersion: '2026-11' };
const scores = { violence: 0.4, 'sexual/minors': 0.2 };
const frames = Array.from({ length: 10 }, (_, index) => (index < 5 ? 0.4 : 0));

describe('thresholds of a tenant’s own', () => {
  it('decide when they are in force, and are told apart by the version', () => {
    expect(judgeText(scores, policy, { shadow: false, thresholds: { violence: 0.4 } })).toEqual({ inForce: expect.objectContaining({ allowed: false, category: 'violence', threshold: 0.4, policyVersion: '2026-11+tenant', flagged: ['violence'] }) });
    expect(judgeFrames(frames, rule, { shadow: false, thresholds: {}, frameThreshold: 0.4 })).toEqual({ inForce: { verdict: expect.objectContaining({ allowed: false, threshold: 0.4, policyVersion: '2026-11+tenant' }), flags: frames.map((score) => score > 0) } });
  });

  it('decide nothing in the shadow, and tell what they would have', () => {
    const text = judgeText(scores, policy, { shadow: true, thresholds: { violence: 0.4 } });
    expect([text.inForce.allowed, text.inForce.policyVersion, text.shadow?.allowed]).toEqual([true, '2026-11', false]);
    const film = judgeFrames(frames, rule, { shadow: true, thresholds: {}, frameThreshold: 0.4 });
    expect([film.inForce.verdict.allowed, film.inForce.flags.includes(true), film.shadow?.verdict.allowed]).toEqual([true, false, false]);
  });

  it('leave alone what they do not name: texts, frames, a category', () => {
    const own = { shadow: false, thresholds: { violence: 0.9 } };
    expect(judgeFrames(frames, rule, own)).toEqual(judgeFrames(frames, rule));
    expect(judgeText(scores, policy, { shadow: false, thresholds: {}, frameThreshold: 0 })).toEqual(judgeText(scores, policy));
    expect(judgeText({ violence: 0.6, 'sexual/minors': 0.4 }, policy, own).inForce).toMatchObject({ allowed: false, category: 'sexual/minors' });
  });

  it.each([
    [0.9, false],
    [0.1, false],
    [0.3, false],
  ])('never let children be spoken of more freely (%p)', (threshold, allowed) => {
    expect(judgeText({ violence: 0, 'sexual/minors': 0.35 }, policy, { shadow: false, thresholds: { 'sexual/minors': threshold } }).inForce.allowed).toBe(allowed);
  });

  it('fail closed like the policy', () => {
    expect(judgeText({}, policy, { shadow: false, thresholds: { violence: 1 } }).inForce.allowed).toBe(false);
    expect(judgeFrames([], rule, { shadow: false, thresholds: {}, frameThreshold: 1 }).inForce.verdict.allowed).toBe(false);
    expect(judgeText(scores, policy, { shadow: false, thresholds: { violence: Number.NaN } }).inForce.allowed).toBe(false);
  });
});
