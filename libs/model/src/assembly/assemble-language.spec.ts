import { isDomainError } from '@gpt4video/ports/errors';
import { byteSourceOf } from '../tensor/byte-source.js';
import { decodeSafetensors } from '../tensor/safetensors.js';
import { assembleLanguage } from './assemble-language.js';
import { readGguf } from './gguf.js';
import { GgufCheckpoint } from './gguf-checkpoint.js';
import { ggufTokenizer } from './gguf-tokenizer.js';
import { ProtobufWriter } from './protobuf-writer.js';

const WIDTH = 64;
const FEED_FORWARD = 96;
const VOCABULARY = 5;
const KV_WIDTH = 32;

interface TensorPlan {
  readonly type: 'F32' | 'Q4_1' | 'Q8_0';
  readonly shape: readonly number[];
}

interface Plan {
  readonly metadata: Record<string, string | number | string[] | number[]>;
  readonly tensors: Record<string, TensorPlan>;
}

function plan(): Plan {
  const matrix = (rows: number, columns: number): TensorPlan => ({ type: 'Q4_1', shape: [rows, columns] });
  const norm: TensorPlan = { type: 'F32', shape: [WIDTH] };
  return {
    metadata: {
      'general.architecture': 'llama',
      'llama.block_count': 1,
      'llama.context_length': 16,
      'llama.embedding_length': WIDTH,
      'llama.feed_forward_length': FEED_FORWARD,
      'llama.attention.head_count': 2,
      'llama.attention.head_count_kv': 1,
      'llama.attention.layer_norm_rms_epsilon': 1,
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'smollm',
      'tokenizer.ggml.tokens': ['<|end|>', 'a', 'b', 'ab', 'Ġ'],
      'tokenizer.ggml.token_type': [3, 1, 1, 1, 1],
      'tokenizer.ggml.merges': ['a b'],
    },
    tensors: {
      'token_embd.weight': { type: 'Q8_0', shape: [VOCABULARY, WIDTH] },
      'output_norm.weight': norm,
      'blk.0.attn_norm.weight': norm,
      'blk.0.ffn_norm.weight': norm,
      'blk.0.attn_q.weight': matrix(WIDTH, WIDTH),
      'blk.0.attn_k.weight': matrix(KV_WIDTH, WIDTH),
      'blk.0.attn_v.weight': matrix(KV_WIDTH, WIDTH),
      'blk.0.attn_output.weight': matrix(WIDTH, WIDTH),
      'blk.0.ffn_gate.weight': matrix(FEED_FORWARD, WIDTH),
      'blk.0.ffn_up.weight': matrix(FEED_FORWARD, WIDTH),
      'blk.0.ffn_down.weight': matrix(WIDTH, FEED_FORWARD),
    },
  };
}

/** Writes a GGUF file; matrices hold bytes that count up, half-float scales of 1 and minimums of 0.5. */
function ggufOf({ metadata, tensors }: Plan): Uint8Array {
  const parts: Buffer[] = [];
  const u32 = (value: number) => parts.push(Buffer.from(Uint32Array.of(value).buffer));
  const u64 = (value: number) => parts.push(Buffer.from(BigUint64Array.of(BigInt(value)).buffer));
  const text = (value: string) => (u64(Buffer.byteLength(value)), parts.push(Buffer.from(value)));
  parts.push(Buffer.from('GGUF'));
  u32(3);
  u64(Object.keys(tensors).length);
  u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    text(key);
    if (typeof value === 'number') u32(4), u32(value);
    else if (typeof value === 'string') u32(8), text(value);
    else {
      u32(9), u32(typeof value[0] === 'string' ? 8 : 4), u64(value.length);
      for (const item of value) typeof item === 'string' ? text(item) : u32(item);
    }
  }
  const datas = Object.entries(tensors).map(([name, tensor]) => [name, tensor, tensorBytes(tensor)] as const);
  let offset = 0;
  for (const [name, { type, shape }, data] of datas) {
    text(name);
    u32(shape.length);
    for (const size of [...shape].reverse()) u64(size);
    u32({ F32: 0, Q4_1: 3, Q8_0: 8 }[type]);
    u64(offset);
    offset += Math.ceil(data.length / 32) * 32;
  }
  const head = Buffer.concat(parts);
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
  return Buffer.concat([padded(head), ...datas.map(([, , data]) => padded(data))]);
}

function tensorBytes({ type, shape }: TensorPlan): Buffer {
  const values = shape.reduce((product, size) => product * size, 1);
  if (type === 'F32') return Buffer.from(new Float32Array(values).fill(1).buffer);
  const block = (index: number) =>
    type === 'Q4_1' ? [0x00, 0x3c, 0x00, 0x38, ...Array.from({ length: 16 }, (_, at) => (index * 16 + at * 7) % 256)] : [0x00, 0x3c, ...Array.from({ length: 32 }, (_, at) => (index * 32 + at) % 256)];
  return Buffer.from(Array.from({ length: values / 32 }, (_, index) => block(index)).flat());
}

const assembleFile = (bytes: Uint8Array, name: string) => {
  const checkpoint = GgufCheckpoint.read(byteSourceOf(name, bytes));
  const made = assembleLanguage(checkpoint);
  return { config: checkpoint.config, embeddings: Buffer.concat([...made.embeddings]), weights: Buffer.concat([...made.weights]), tokenizer: ggufTokenizer(checkpoint.file).text };
};

const assemble = (change: (plan: Plan) => void) => {
  const changed = structuredClone(plan());
  change(changed);
  return assembleFile(ggufOf(changed), 'tiny.gguf');
};

describe('assembleLanguage', () => {
  it('reads the sizes and keeps the embeddings as they are', () => {
    const made = assemble(() => undefined);
    expect(made.config).toMatchObject({ layers: 1, width: WIDTH, heads: 2, kvHeads: 1, headWidth: 32, feedForward: FEED_FORWARD, vocabulary: VOCABULARY, contextTokens: 16 });
    const { values, scales } = decodeSafetensors(made.embeddings);
    expect([...(values?.data.slice(0, 3) ?? [])]).toEqual([0, 1, 2]);
    expect(scales?.shape).toEqual([VOCABULARY, 2]);
  });

  it('writes a tokenizer that takes digits one by one', () => {
    const tokenizer: unknown = JSON.parse(assemble(() => undefined).tokenizer);
    expect(tokenizer).toMatchObject({
      added_tokens: [{ id: 0, content: '<|end|>', special: true }],
      pre_tokenizer: { pretokenizers: [{ type: 'Digits', individual_digits: true }, { type: 'ByteLevel', add_prefix_space: false }] },
      model: { vocab: { ab: 3 }, merges: ['a b'] },
    });
  });

  it('gives the same bytes each time', () => {
    expect(assemble(() => undefined).weights.equals(assemble(() => undefined).weights)).toBe(true);
  });

  it.each<[string, (plan: Plan) => void, RegExp]>([
    ['another architecture', (p) => (p.metadata['general.architecture'] = 'gpt2'), /tiny\.gguf, general\.architecture: expected "llama", found "gpt2"/],
    ['a missing tensor', (p) => delete p.tensors['blk.0.attn_k.weight'], /tensor blk\.0\.attn_k\.weight: expected \[32, 64\], found nothing/],
    ['another shape', (p) => (p.tensors['blk.0.attn_v.weight'] = { type: 'Q4_1', shape: [64, 64] }), /blk\.0\.attn_v\.weight: expected \[32, 64\], found Q4_1 \[64, 64\]/],
    ['another type', (p) => (p.tensors['output_norm.weight'] = { type: 'Q8_0', shape: [WIDTH] }), /output_norm\.weight: expected F32 \[64\], found Q8_0 \[64\]/],
    ['a head of another width', (p) => (p.tensors['output.weight'] = { type: 'Q8_0', shape: [WIDTH] }), /output\.weight: expected \[5, 64\], found Q8_0 \[64\]/],
    ['a missing size', (p) => delete p.metadata['llama.block_count'], /metadata llama\.block_count: expected a number, found nothing/],
    ['another tokenizer', (p) => (p.metadata['tokenizer.ggml.pre'] = 'qwen2'), /tokenizer\.ggml\.pre: expected gpt-2, smollm, llama-bpe, found "qwen2"/],
  ])('refuses %s', (_, change, message) => expect(() => assemble(change)).toThrow(message));

  it('refuses a file that is no GGUF', () => {
    expect(() => readGguf(byteSourceOf('x.gguf', Buffer.from('PK\u0003\u0004 something else')))).toThrow('x.gguf, header: expected the magic "GGUF"');
  });

  it('refuses the file cut anywhere, with a coded error', () => {
    const whole = ggufOf(plan());
    for (let length = 0; length < whole.length - 32; length += 97) {
      let thrown: unknown;
      try {
        assembleFile(whole.subarray(0, length), 'cut.gguf');
      } catch (error) {
        thrown = error;
      }
      expect([length, isDomainError(thrown) && thrown.code]).toEqual([length, 'artifact_corrupt']);
    }
  });
});

describe('ProtobufWriter', () => {
  it('writes the examples of the encoding guide', () => {
    expect([...new ProtobufWriter().int(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new ProtobufWriter().string(2, 'testing').finish()]).toEqual([0x12, 0x07, ...Buffer.from('testing')]);
    expect([...new ProtobufWriter().int(1, -1).finish()]).toEqual([0x08, ...new Array(9).fill(0xff), 0x01]);
    expect([...new ProtobufWriter().packedInts(6, [3, 270, 86942]).finish()]).toEqual([0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05]);
  });
});
