import { hubTokenizer } from './hub-tokenizer.js';

const model = { type: 'BPE', vocab: { a: 0, b: 1 }, merges: [] };
const file = (parts: object): string => JSON.stringify({ model, added_tokens: [{ id: 2, content: '<s>' }], ...parts });

describe('hubTokenizer', () => {
  it('keeps the file but for what frames a text', () => {
    const found = hubTokenizer('hub/tokenizer.json', file({ decoder: { type: 'ByteLevel' }, post_processor: { type: 'TemplateProcessing' } }));
    expect(found.tokens).toBe(3);
    expect(JSON.parse(found.text)).toMatchObject({ model, post_processor: null, decoder: { type: 'ByteLevel' } });
  });

  it.each([{ type: 'Sequence', decoders: [{ type: 'Replace' }, { type: 'ByteFallback' }] }, { type: 'Metaspace' }])('takes the decoder %j', (decoder) => {
    expect(hubTokenizer('hub/tokenizer.json', file({ decoder })).tokens).toBe(3);
  });

  it.each([
    [{}, 'none'],
    [{ decoder: null }, 'none'],
    [{ decoder: { type: 'WordPiece' } }, 'WordPiece'],
    [{ decoder: { type: 'Sequence', decoders: [{ type: 'Fuse' }] } }, 'Sequence, Fuse'],
  ])('refuses %j, which does not say how ids become text', (parts, found) => {
    expect(() => hubTokenizer('hub/tokenizer.json', file(parts))).toThrow(
      expect.objectContaining({ code: 'artifact_corrupt', message: expect.stringContaining(`hub/tokenizer.json, decoder: expected one with ByteLevel, ByteFallback, Metaspace, found ${found}.`) }),
    );
  });

  it('refuses what is not JSON or not byte pairs', () => {
    expect(() => hubTokenizer('t.json', '{')).toThrow(expect.objectContaining({ code: 'artifact_corrupt' }));
    expect(() => hubTokenizer('t.json', JSON.stringify({ model: { type: 'Unigram', vocab: [] } }))).toThrow(/byte-pair/);
  });
});
