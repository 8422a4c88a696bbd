import { type Change, change } from './conversation';
import type { Entry } from './entry';

const request = { kind: 'chat', key: 'k', seed: 1, messages: [] } as const;
const asked: Change = { kind: 'asked', question: 'q', entry: 'a', text: 'What is it?', clips: [{ name: 'clip.mp4', url: 'https://clips.example/clip.mp4' }], request };
const after = (...changes: Change[]): readonly Entry[] => [asked, ...changes].reduce(change, [] as readonly Entry[]);
const answer = (...changes: Change[]): Entry | undefined => after(...changes).at(-1);
const film = { index: 0, id: 'video_1', caption: 'a blue star' };
const news = (part: Extract<Change, { kind: 'film changed' }>['film']): Change => ({ kind: 'film changed', entry: 'a', filmId: 'video_1', film: part });

describe('a conversation', () => {
  it('keeps the request until it is answered, so that a reload can send it again', () => {
    expect(answer()).toMatchObject({ role: 'assistant', phase: 'writing', request });
    expect(answer({ kind: 'failed', entry: 'a', error: 'gone' })).toMatchObject({ phase: 'failed', error: 'gone', request });
    expect(answer({ kind: 'finished', entry: 'a' })).not.toHaveProperty('request');
  });

  it('shows what a replay repeats only once, and what it adds', () => {
    expect(answer({ kind: 'wrote', entry: 'a', text: 'A red star.' }, { kind: 'wrote', entry: 'a', text: 'A red' })?.text).toBe('A red star.');
    expect(answer({ kind: 'wrote', entry: 'a', text: 'A red' }, { kind: 'wrote', entry: 'a', text: 'A red star.' })?.text).toBe('A red star.');
    expect(answer({ kind: 'wrote', entry: 'a', text: 'A red' }, { kind: 'wrote', entry: 'a', text: 'Another answer' })?.text).toBe('Another answer');
  });

  it('gives a pasted clip its file, so that its frames can be shown', () => {
    expect(after({ kind: 'seen', entry: 'a', fileIds: ['file_1'] })[0]?.clips).toEqual([{ name: 'clip.mp4', url: 'https://clips.example/clip.mp4', fileId: 'file_1' }]);
  });

  it('never lets a film go back', () => {
    const filmed: Change = { kind: 'filmed', entry: 'a', films: [film] };
    expect(answer(filmed, filmed)?.films).toHaveLength(1);
    expect(answer(filmed, news({ status: 'in_progress', progress: 60, lastEventId: 5 }), news({ progress: 40, lastEventId: 3 }))?.films[0]).toMatchObject({ progress: 60, lastEventId: 5 });
    expect(answer(filmed, news({ status: 'completed', progress: 100 }), news({ status: 'in_progress', progress: 80 }))?.films[0]).toMatchObject({ status: 'completed', progress: 100 });
    expect(answer(filmed, news({ status: 'completed' }), filmed)?.films[0]?.status).toBe('completed');
  });

  it('tells waiting from failing, and forgets both when words come', () => {
    expect(answer({ kind: 'waiting', entry: 'a' })).toMatchObject({ phase: 'writing', waiting: true });
    expect(answer({ kind: 'waiting', entry: 'a' }, { kind: 'wrote', entry: 'a', text: 'A' })).not.toHaveProperty('waiting');
    expect(answer({ kind: 'failed', entry: 'a', error: 'gone' }, { kind: 'retried', entry: 'a' })).toMatchObject({ phase: 'writing', request });
  });

  it('says why something was refused', () => {
    expect(answer({ kind: 'finished', entry: 'a', refusal: { kind: 'input', category: 'violence' } })).toMatchObject({ phase: 'refused', refusal: { kind: 'input', category: 'violence' } });
  });
});
