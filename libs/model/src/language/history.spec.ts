import fc from 'fast-check';
import { captionLink, linksToTags, tagsToLinks } from './history.js';

const link = '[▶ a cat](/v1/videos/video_1/content)';

describe('linksToTags', () => {
  it.each([
    ['Here: [▶ a cat](/v1/videos/video_1/content) Enjoy.', 'Here: <video>a cat</video> Enjoy.'],
    ['[▶ a](https://api.example.com/v1/videos/v-1/content)[▶ b](http://localhost:8080/v1/videos/v_2/content)', '<video>a</video><video>b</video>'],
    ['[▶ a \\[red\\] cat](/v1/videos/1/content)', '<video>a [red] cat</video>'],
    ['[▶ a \\<b\\>](/v1/videos/1/content)', '<video>a  b</video>'],
    ['[a cat](/v1/videos/1/content)', '[a cat](/v1/videos/1/content)'],
    ['[▶ a cat](/v1/files/1/content)', '[▶ a cat](/v1/files/1/content)'],
    ['no link', 'no link'],
    ['', ''],
  ])('%j → %j', (text, tagged) => expect(linksToTags(text)).toBe(tagged));

  it('takes the caption from the message’s own list', () => {
    expect(linksToTags(link, [{ id: 'video_1', caption: 'a black cat' }])).toBe('<video>a black cat</video>');
  });

  it('adds videos whose link is gone', () => {
    expect(linksToTags('Here you are.', [{ id: 'x', caption: 'a dog' }])).toBe('Here you are. <video>a dog</video>');
    expect(linksToTags('', [{ id: 'x', caption: 'a dog' }])).toBe('<video>a dog</video>');
  });
});

describe('tagsToLinks', () => {
  it.each([
    ['Here: <video>a cat</video>!', ['video_1'], `Here: ${link}!`],
    ['<video0>a</video0> <vid1>b</vid1>', ['x', 'y'], '[▶ a](/v1/videos/x/content) [▶ b](/v1/videos/y/content)'],
    ['<video>a</video><video>b</video>', ['x'], '[▶ a](/v1/videos/x/content)'],
    ['<video>a', ['x'], '<video>a'],
  ])('%j with %j → %j', (text, ids, shown) => expect(tagsToLinks(text, ids)).toBe(shown));
});

describe('captionLink', () => {
  it('escapes what Markdown would read as markup', () => {
    expect(captionLink({ id: 'v', caption: 'a](b) *c* `d` <e>' })).toBe('[▶ a\\](b) \\*c\\* \\`d\\` \\<e\\>](/v1/videos/v/content)');
  });
});

describe('both directions', () => {
  const caption = fc
    .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
    .map((text) => text.replace(/[<>]/g, '').trim().replace(/\s+/g, ' '))
    .filter((text) => text !== '');
  const words = fc.string({ maxLength: 20 }).map((text) => text.replace(/[<>▶]/g, ''));

  it('bring the tagged form back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(words, caption), { maxLength: 4 }), words, (parts, end) => {
        const tagged = parts.map(([before, text]) => `${before}<video>${text}</video>`).join('') + end;
        const ids = parts.map((_, index) => `video_${index}`);
        expect(linksToTags(tagsToLinks(tagged, ids))).toBe(tagged);
        const videos = parts.map(([, text], index) => ({ id: `video_${index}`, caption: text }));
        expect(linksToTags(tagsToLinks(tagged, ids), videos)).toBe(tagged);
      }),
    );
  });
});
