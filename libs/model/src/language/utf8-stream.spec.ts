import fc from 'fast-check';
import { Utf8Stream } from './utf8-stream.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('Utf8Stream', () => {
  it('waits for the rest of a character', () => {
    const stream = new Utf8Stream();
    expect([0xf0, 0x9f, 0x90, 0xa7].map((byte) => stream.push(bytes(byte)))).toEqual(['', '', '', '🐧']);
    expect(stream.flush()).toBe('');
  });

  it.each([
    ['a lone continuation', [0x41, 0x80, 0x42], 'A�B'],
    ['an unfinished character in the middle', [0xe2, 0x82, 0x41], '�A'],
    ['an unfinished character at the end', [0x41, 0xe2, 0x82], 'A�'],
    ['an overlong form', [0xc0, 0xaf], '��'],
    ['a surrogate', [0xed, 0xa0, 0x80], '���'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x41], '\ufeffA'],
  ])('reads %s', (_, values, text) => {
    const stream = new Utf8Stream();
    expect(stream.push(Uint8Array.from(values)) + stream.flush()).toBe(text);
  });

  it('starts afresh after the end', () => {
    const stream = new Utf8Stream();
    stream.push(bytes(0xe2));
    expect(stream.flush()).toBe('�');
    expect(stream.push(bytes(0x41))).toBe('A');
  });

  it('gives the same text however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(40), (all, cut) => {
        const whole = new Utf8Stream();
        const split = new Utf8Stream();
        expect(split.push(all.subarray(0, cut)) + split.push(all.subarray(cut)) + split.flush()).toBe(whole.push(all) + whole.flush());
      }),
    );
  });
});
