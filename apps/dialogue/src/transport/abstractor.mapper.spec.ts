import { DataType } from '@gpt4video/contracts/gen/gpt4video/tensor/v1/tensor';
import { visualTokensOf } from './abstractor.mapper.js';

const ARTIFACT = { bucket: 'b', key: 'tokens', sha256: 'a'.repeat(64), bytes: 8, mediaType: 'application/vnd.safetensors' };
const TOKENS = { dataType: DataType.DATA_TYPE_FLOAT32, shape: [1, 2], data: Buffer.from(Float32Array.of(1.5, -2).buffer) };

describe('visualTokensOf', () => {
  it('reads shape, values and hash', () => {
    const tokens = visualTokensOf({ tokens: TOKENS, artifact: ARTIFACT, bundleRevision: 'rev' });
    expect({ ...tokens, vectors: [...tokens.vectors] }).toEqual({ vectors: [1.5, -2], count: 1, width: 2, sha256: ARTIFACT.sha256 });
  });

  it.each([
    ['tokens', undefined],
    ['tokens.data_type', { ...TOKENS, dataType: DataType.DATA_TYPE_UINT8 }],
    ['tokens.data', { ...TOKENS, data: Buffer.alloc(4) }],
    ['tokens.shape', { ...TOKENS, shape: [2] }],
    ['tokens.shape', { ...TOKENS, shape: [0, 2], data: Buffer.alloc(0) }],
  ])('refuses bad %s', (param, tokens) => {
    expect(() => visualTokensOf({ tokens, artifact: ARTIFACT, bundleRevision: 'rev' })).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});
