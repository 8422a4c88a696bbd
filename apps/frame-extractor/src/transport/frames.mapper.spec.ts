import { videoOf } from './frames.mapper.js';

const GOOD = { bucket: 'b', key: 'uploads/v', sha256: 'a'.repeat(64), bytes: 3, mediaType: 'video/mp4' };

describe('videoOf', () => {
  it('takes a good reference as it is', () => {
    expect(videoOf({ video: GOOD })).toEqual(GOOD);
  });

  it.each([
    ['video', undefined],
    ['video.key', { ...GOOD, key: '' }],
    ['video.sha256', { ...GOOD, sha256: 'A'.repeat(64) }],
    ['video.sha256', { ...GOOD, sha256: 'a'.repeat(63) }],
    ['video.bytes', { ...GOOD, bytes: -1 }],
    ['video.bytes', { ...GOOD, bytes: 1.5 }],
  ])('refuses a bad %s', (param, video) => {
    expect(() => videoOf({ video })).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});
