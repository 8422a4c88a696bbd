import { clipLinksIn, nameOfLink } from './links';
import { explain } from './refusal';
import { sentencesOf } from './sentences';

describe('links in what is pasted', () => {
  it.each([
    ['https://clips.example/a/star.mp4?x=1', ['https://clips.example/a/star.mp4?x=1'], ''],
    [' https://clips.example/watch ', ['https://clips.example/watch'], ''],
    ['What is in https://clips.example/star.webm please', ['https://clips.example/star.webm'], 'What is in please'],
    ['Read https://docs.example/page and tell me', [], 'Read https://docs.example/page and tell me'],
    ['javascript:alert(1)', [], 'javascript:alert(1)'],
    ['no link', [], 'no link'],
  ])('%s', (pasted, links, rest) => expect(clipLinksIn(pasted)).toEqual({ links, rest }));

  it('are named by their file, or their host', () => {
    expect([nameOfLink('https://clips.example/a/red%20star.mp4'), nameOfLink('https://clips.example/')]).toEqual(['red star.mp4', 'clips.example']);
  });
});

describe('what is read aloud', () => {
  it('is each sentence once it is whole', () => {
    expect(sentencesOf('A red star. It moves le', false)).toEqual(['A red star.']);
    expect(sentencesOf('A red star. It moves left.', false)).toEqual(['A red star.']);
    expect(sentencesOf('A red star. It moves left', true)).toEqual(['A red star.', 'It moves left']);
    expect(sentencesOf('', true)).toEqual([]);
  });
});

describe('a refusal', () => {
  it('is told in three ways, by what was refused', () => {
    expect(new Set((['input', 'caption', 'film'] as const).map((kind) => explain({ kind }).title)).size).toBe(3);
  });

  it('names the topic in plain words, and cares', () => {
    expect(explain({ kind: 'input', category: 'illicit/violent' }).text).toContain('weapons or violent crime');
    expect(explain({ kind: 'input', category: 'self-harm/intent' }).hint).toContain('helpline');
    expect(explain({ kind: 'film', category: 'a new category' }).text).toContain('something that this service declines');
  });
});
