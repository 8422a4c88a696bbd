import { open } from 'node:fs/promises';
import { generatedValues } from '@gpt4video/model/random/generated-values';

/**
 * Writes a safetensors file whose float32 tensors are generated from their names, one at a time, so that memory holds the largest only.
 * `tensors` as `expandTensors` gives them; `rename` maps the name that is generated to the name in the file.
 */
export async function writeGeneratedFile(path, tensors, { rename = (name) => name } = {}) {
  const header = {};
  let offset = 0;
  for (const { name, shape } of tensors) {
    const bytes = 4 * count(shape);
    header[rename(name)] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, 0x20);
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const file = await open(path, 'w');
  try {
    await file.writeFile(Buffer.concat([length, padded]));
    for (const tensor of tensors) await file.writeFile(bytesOf(generatedTensor(tensor)));
  } finally {
    await file.close();
  }
}

/** One generated tensor, `{ shape, data }`. */
export function generatedTensor({ name, shape, scale, centre }) {
  return { shape, data: generatedValues(name, count(shape), { scale, centre }) };
}

function count(shape) {
  return shape.reduce((product, length) => product * length, 1);
}

function bytesOf({ data }) {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
