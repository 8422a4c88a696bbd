import { z } from 'zod';
import { ConfigError, loadConfig } from './config.js';
import { OBJECT_STORE_FIELDS, requireS3Keys, s3Location } from './object-store-config.js';

const SCHEMA = z.object(OBJECT_STORE_FIELDS).superRefine(requireS3Keys);
const load = (env: Record<string, string>) => loadConfig('test', SCHEMA, env);

describe('the object store of a process', () => {
  it('is the filesystem when nothing is said', () => {
    expect(load({})).toMatchObject({ objectStore: 'filesystem', objectFolder: '.gpt4video/objects' });
  });

  it('is S3 when it is told so, with both keys', () => {
    const config = load({ GPT4VIDEO_OBJECT_STORE: 's3', GPT4VIDEO_S3_ENDPOINT: 'https://s3.example', GPT4VIDEO_S3_ACCESS_KEY: 'me', GPT4VIDEO_S3_SECRET_KEY: 'secret', GPT4VIDEO_S3_PATH_STYLE: 'false' });
    expect(s3Location(config)).toEqual({ endpoint: 'https://s3.example', region: 'us-east-1', bucket: 'gpt4video', accessKey: 'me', secretKey: 'secret', pathStyle: false });
  });

  it('names both keys when S3 has none, and shows no secret', () => {
    expect(() => load({ GPT4VIDEO_OBJECT_STORE: 's3' })).toThrow(/GPT4VIDEO_S3_ACCESS_KEY is not set[\s\S]*GPT4VIDEO_S3_SECRET_KEY is not set/);
    expect(() => load({ GPT4VIDEO_S3_ENDPOINT: 'ftp://x' })).toThrow(ConfigError);
  });
});
