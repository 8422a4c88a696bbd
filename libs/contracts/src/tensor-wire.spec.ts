import { DataType } from './gen/gpt4video/tensor/v1/tensor.js';
import { bytesFromWire, floatsFromWire, tensorToWire } from './tensor-wire.js';

describe('tensors on the wire', () => {
  it('come back as they went, also from an unaligned buffer', () => {
    const wire = tensorToWire({ shape: [2, 2], data: Float32Array.of(1.5, -2, 0, 3e-8) });
    const shifted = Buffer.concat([Buffer.alloc(1), wire.data]).subarray(1);
    const { shape, data } = floatsFromWire({ ...wire, data: shifted }, 't');
    expect(shape).toEqual([2, 2]);
    expect([...data]).toEqual([...Float32Array.of(1.5, -2, 0, 3e-8)]);
  });

  it('carry bytes', () => {
    expect([...bytesFromWire(tensorToWire({ shape: [3], data: Uint8Array.of(1, 2, 255) }), 't').data]).toEqual([1, 2, 255]);
  });

  it('refuse types that have no place on the wire', () => {
    expect(() => tensorToWire({ shape: [1], data: Int32Array.of(1) })).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  const good = { dataType: DataType.DATA_TYPE_FLOAT32, shape: [2], data: Buffer.alloc(8) };

  it.each([
    ['t', undefined],
    ['t.data_type', { ...good, dataType: DataType.DATA_TYPE_UNSPECIFIED }],
    ['t.shape', { ...good, shape: [-2] }],
    ['t.shape', { ...good, shape: [0] }],
    ['t.shape', { ...good, shape: [1.5] }],
    ['t.data', { ...good, data: Buffer.alloc(7) }],
  ])('refuse a bad %s', (param, wire) => {
    expect(() => floatsFromWire(wire, 't')).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});
