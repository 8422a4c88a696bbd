import fc from 'fast-check';
import { TagParser } from './tag-parser.js';
import type { TagEvent } from './tag-parser.js';

const ANY_TAG = /<\/?(video\d{0,3}|vid\d{1,3})>/;

/** All events of the chunks, neighbouring texts joined. */
function parse(chunks: readonly string[], limits?: { maxLength: number; maxCaptions: number }): TagEvent[] {
  const parser = new TagParser(limits);
  const events = [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.flush()];
  return events.reduce<TagEvent[]>((joined, event) => {
    const last = joined.at(-1);
    if (event.kind === 'text' && last?.kind === 'text') return [...joined.slice(0, -1), { kind: 'text', text: last.text + event.text }];
    return [...joined, event];
  }, []);
}

/** `text:…`, `caption0:…`, `warning:…` for short tables. */
const short = (events: readonly TagEvent[]) =>
  events.map((event) => (event.kind === 'text' ? `text:${event.text}` : event.kind === 'caption' ? `caption${event.index}:${event.caption}` : `warning:${event.reason}`));

describe('TagParser', () => {
  it.each<[string, string[]]>([
    ['plain words', ['text:plain words']],
    ['Look: <video>a cat</video>!', ['text:Look: ', 'caption0:a cat', 'text:!']],
    ['<video> a\n  cat </video>', ['caption0:a cat']],
    ['<video0>a</video0><vid1>b</vid1><video23>c</video23>', ['caption0:a', 'caption1:b', 'caption2:c']],
    ['<vid>a</vid>', ['text:<vid>a</vid>']],
    ['<video1000>a', ['text:<video1000>a']],
    ['<Video>a</Video>', ['text:<Video>a</Video>']],
    ['1 < 2 and <b>bold</b> <<video>a</video>>', ['text:1 < 2 and <b>bold</b> <', 'caption0:a', 'text:>']],
    ['<vi<video>a</video>', ['text:<vi', 'caption0:a']],
    ['a <video>never closed', ['text:a ', 'warning:unclosed']],
    ['ends in <vid', ['text:ends in <vid']],
    ['<video>ends in </vid', ['warning:unclosed']],
    ['<video>a<video>b</video>c', ['warning:nested', 'caption0:b', 'text:c']],
    ['<video>a<video>b</video></video>c', ['warning:nested', 'caption0:b', 'warning:stray_close', 'text:c']],
    ['<video0>a</video1>b', ['warning:mismatched', 'text:b']],
    ['<video>a</vid0>b', ['warning:mismatched', 'text:b']],
    ['a</video>b', ['text:a', 'warning:stray_close', 'text:b']],
    ['<video> \n </video>x', ['warning:empty', 'text:x']],
    ['<video>1 < 2 <b></video>', ['caption0:1 < 2 <b>']],
    ['<vid<video></video>eo>x', ['text:<vid', 'warning:empty', 'text:eox']],
    ['<video>🐧 ice</video>', ['caption0:🐧 ice']],
  ])('%j', (text, expected) => expect(short(parse([text]))).toEqual(expected));

  it('drops a caption over the limit, to its closing tag', () => {
    const limits = { maxLength: 5, maxCaptions: 4 };
    expect(short(parse(['<video>12345</video><video>123456</video> after'], limits))).toEqual(['caption0:12345', 'warning:too_long', 'text: after']);
    expect(short(parse(['<video>123456789<video>ok</video>'], limits))).toEqual(['warning:too_long', 'warning:nested', 'caption0:ok']);
  });

  it('drops captions past the count', () => {
    expect(short(parse(['<video>a</video><video>b</video><video>c</video>'], { maxLength: 9, maxCaptions: 2 }))).toEqual(['caption0:a', 'caption1:b', 'warning:too_many']);
  });

  it('shows text at once unless it may begin a tag', () => {
    const parser = new TagParser();
    expect(parser.push('a < b')).toEqual([{ kind: 'text', text: 'a < b' }]);
    expect(parser.push(' <vid')).toEqual([{ kind: 'text', text: ' ' }]);
    expect(parser.push('dle>')).toEqual([{ kind: 'text', text: '<viddle>' }]);
  });

  it('holds a bounded memory whatever it is sent', () => {
    const parser = new TagParser();
    for (let round = 0; round < 200; round++) parser.push(`<video>${'x'.repeat(500)}`);
    expect(JSON.stringify(parser).length).toBeLessThan(1000);
  });

  const piece = fc.oneof(
    fc.constantFrom('<video>', '</video>', '<video0>', '</video0>', '<vid1>', '</vid1>', '<', '</', '<vid', 'eo>', '>', 'video', '0', ' ', 'a cat', '🐧', '<<'),
    fc.string({ maxLength: 4 }),
  );
  const answer = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));

  it('gives the same events however the text is cut', () => {
    fc.assert(
      fc.property(answer, fc.array(fc.nat(60), { maxLength: 12 }), (text, cuts) => {
        const points = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const chunks = points.slice(1).map((end, index) => text.slice(points[index], end));
        expect(parse(chunks, { maxLength: 12, maxCaptions: 2 })).toEqual(parse([text], { maxLength: 12, maxCaptions: 2 }));
      }),
      { numRuns: 2000 },
    );
  });

  it('never shows a tag, and never puts one into a caption', () => {
    fc.assert(
      fc.property(answer, (text) => {
        const events = parse([text]);
        expect(events.map((event) => (event.kind === 'text' ? event.text : '')).join('')).not.toMatch(ANY_TAG);
        for (const event of events) if (event.kind === 'caption') expect(event.caption).not.toMatch(ANY_TAG);
      }),
      { numRuns: 2000 },
    );
  });

  it('passes text without tags through unchanged', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!ANY_TAG.test(text));
        expect(parse([text])).toEqual(text === '' ? [] : [{ kind: 'text', text }]);
      }),
    );
  });
});
