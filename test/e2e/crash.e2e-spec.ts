import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ServerProcess, json, makeDataFolder, until } from './server-process.js';

const samples = resolve(import.meta.dirname, '../../models/cartoon/samples');

interface ApiVideo {
  readonly id: string;
  readonly status: string;
}
interface ApiFile {
  readonly id: string;
  readonly status: string;
}

describe('a server that is killed and started again', () => {
  it('finishes the film and the ingest that it had accepted, on the same database', async () => {
    const data = await makeDataFolder();
    const { clip } = JSON.parse(await readFile(resolve(samples, 'demo.json'), 'utf8')) as { clip: string };
    const first = await ServerProcess.start(data.path);
    const video = await json<ApiVideo>(await first.post('/v1/videos', { prompt: 'a red ball moves left by day', seed: 3 }));
    expect(video.status).toBe('queued');
    await until(async () => json<ApiVideo>(await first.request(`/v1/videos/${video.id}`)), ({ status }) => status === 'in_progress');
    const file = await json<ApiFile>(await first.upload(new Uint8Array(await readFile(resolve(samples, clip))), clip));
    await first.kill();

    const second = await ServerProcess.start(data.path);
    try {
      const film = await until(async () => json<ApiVideo>(await second.request(`/v1/videos/${video.id}`)), ({ status }) => status !== 'in_progress' && status !== 'queued', 120_000);
      expect(film.status).toBe('completed');
      const processed = await until(async () => json<ApiFile>(await second.request(`/v1/files/${file.id}`)), ({ status }) => status === 'processed' || status === 'error');
      expect(processed.status).toBe('processed');
      expect(await second.stop()).toBe(0);
    } finally {
      await second.kill();
      await data.remove();
    }
  }, 240_000);
});
