import { visualTokensToWire } from './abstractor.mapper.js';
import { floatsFromWire } from '@gpt4video/contracts/tensor-wire';

const ARTIFACT = { bucket: 'b', key: 'tokens', sha256: 'a'.repeat(64), bytes: 3, mediaType: 'application/vnd.safetensors' };

describe('visualTokensToWire', () => {
  it('keeps shape and every value, also of a view into a larger buffer', () => {
    const tokens = Float32Array.of(9, 1.5, -2, 3, 4, 5, 6).subarray(1);
    const wire = visualTokensToWire({ tokens, artifact: ARTIFACT }, 3, 'rev');
    expect(wire.bundleRevision).toBe('rev');
    const { shape, data } = floatsFromWire(wire.tokens, 'tokens');
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([1.5, -2, 3, 4, 5, 6]);
  });
});
