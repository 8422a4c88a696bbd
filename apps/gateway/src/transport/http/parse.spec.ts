import { z } from 'zod';
import { parseRequest } from './parse.js';

const schema = z.strictObject({
  name: z.string(),
  size: z.number().max(2).optional(),
  parts: z.array(z.union([z.strictObject({ text: z.string() }), z.strictObject({ url: z.strictObject({ href: z.string() }) })])).optional(),
});

describe('parseRequest', () => {
  it('returns what fits', () => {
    expect(parseRequest(schema, { name: 'a', parts: [{ text: 'x' }] })).toEqual({ name: 'a', parts: [{ text: 'x' }] });
  });

  it.each([
    ['a missing field', {}, 'name'],
    ['a field of the wrong kind', { name: 1 }, 'name'],
    ['a value beyond its bounds', { name: 'a', size: 3 }, 'size'],
    ['an unknown field', { name: 'a', sise: 1 }, 'sise'],
    ['the alternative of a union that was meant', { name: 'a', parts: [{ text: 'x' }, { url: { href: 1 } }] }, 'parts[1].url.href'],
    ['an unknown field within a union', { name: 'a', parts: [{ url: { href: 'x', ref: 1 } }] }, 'parts[0].url.ref'],
  ])('names %s', (_name, value, param) => {
    expect(() => parseRequest(schema, value)).toThrow(expect.objectContaining({ code: 'invalid_request', param, message: expect.stringContaining(`"${param}"`) }));
  });

  it('names no field when the whole is of the wrong kind', () => {
    expect(() => parseRequest(schema, 'text')).toThrow(expect.objectContaining({ code: 'invalid_request', param: undefined }));
  });
});
