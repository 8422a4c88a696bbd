import type { Entry } from './entry';
import { filesOfQuestion, toMessages, withoutFilmLinks } from './to-messages';

const entry = (id: string, role: Entry['role'], text: string, rest: Partial<Entry> = {}): Entry => ({ id, role, text, clips: [], films: [], phase: 'done', ...rest });

describe('the conversation as the API reads it', () => {
  it('names uploaded clips by file and pasted ones by link until they have one', () => {
    const [message] = toMessages([entry('1', 'user', 'What?', { clips: [{ name: 'a', fileId: 'file_a' }, { name: 'b', url: 'https://b.example/b.mp4' }, { name: 'c', url: 'https://c.example/c.mp4', fileId: 'file_c' }] })]);
    expect(message?.content).toEqual([
      { type: 'video_url', video_url: { url: 'file:file_a' } },
      { type: 'video_url', video_url: { url: 'https://b.example/b.mp4' } },
      { type: 'video_url', video_url: { url: 'file:file_c' } },
      { type: 'text', text: 'What?' },
    ]);
  });

  it('leaves out questions that were not answered', () => {
    const entries = [entry('1', 'user', 'one'), entry('2', 'assistant', '', { phase: 'failed' }), entry('3', 'user', 'two'), entry('4', 'assistant', 'half', { phase: 'stopped' }), entry('5', 'user', 'three'), entry('6', 'assistant', '', { phase: 'stopped' })];
    expect(toMessages(entries).map(({ content }) => (typeof content === 'string' ? content : content.map((part) => ('text' in part ? part.text : '')).join('')))).toEqual(['two', 'half']);
  });

  it('sends the films of an answer back with it', () => {
    const film = { index: 0, id: 'video_1', caption: 'a star', status: 'completed', progress: 100, lastEventId: 9 } as const;
    expect(toMessages([entry('1', 'assistant', 'Here:', { films: [film] })])[0]).toEqual({ role: 'assistant', content: 'Here:', videos: [{ id: 'video_1', caption: 'a star' }] });
  });

  it('shows no link where a card is, whatever the caption holds', () => {
    expect(withoutFilmLinks('Here you are: [▶ a \\[blue\\] star](/v1/videos/video_1/content)')).toBe('Here you are:');
    expect(withoutFilmLinks('See [the docs](https://example.org).')).toBe('See [the docs](https://example.org).');
  });

  it('takes only the files of the last message for those of the question', () => {
    const media = [{ param: 'messages[0].content[0].video_url.url', file_id: 'old' }, { param: 'messages[2].content[0].video_url.url', file_id: 'new' }];
    expect(filesOfQuestion([{ role: 'user', content: '' }, { role: 'assistant', content: '' }, { role: 'user', content: '' }], media)).toEqual(['new']);
  });
});
