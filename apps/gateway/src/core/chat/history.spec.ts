import { toModelHistory } from './history.js';
import { REFUSAL } from './refusal.js';
import type { Role, TurnMessage } from './turn.js';

const said = (role: Role, text: string, videos?: TurnMessage['videos']): TurnMessage => ({ role, content: [{ kind: 'text', text }], ...(videos === undefined ? {} : { videos }) });

describe('toModelHistory', () => {
  it('turns links of answers into tagged captions, and leaves a person’s words alone', () => {
    const link = 'Here: [▶ a blue star](/v1/videos/video_1/content)';
    expect(toModelHistory([said('user', link), said('assistant', link), said('user', 'Thanks')])).toEqual([said('user', link), said('assistant', 'Here: <video>a blue star</video>'), said('user', 'Thanks')]);
  });

  it('takes the videos that the client kept where their links are gone', () => {
    expect(toModelHistory([said('assistant', 'Here:', [{ id: 'video_1', caption: 'a star' }])])).toEqual([said('assistant', 'Here: <video>a star</video>')]);
  });

  it('leaves a declined exchange out, and nothing else', () => {
    const history = [said('system', 'Be kind'), said('user', 'bad'), said('assistant', REFUSAL), said('user', 'good'), said('assistant', 'Yes.'), said('user', 'more')];
    expect(toModelHistory(history)).toEqual([history[0], history[3], history[4], history[5]]);
  });
});
