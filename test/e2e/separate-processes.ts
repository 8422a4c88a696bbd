import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionUrl } from '@gpt4video/adapters/postgres/connection-url';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { type KafkaServer, startKafka } from '@gpt4video/testing/servers/kafka';
import { AppProcess } from './app-process.js';

const KEY = 'sk-separate-0123456789';

/** Every service as a process of its own, with facts over a real Kafka and rows in a real Postgres. */
export class SeparateProcesses {
  readonly processes: AppProcess[] = [];

  private constructor(
    readonly folder: string,
    private readonly postgres: EmbeddedPostgres,
    private readonly kafka: KafkaServer,
  ) {}

  /** Starts all of them and resolves when each is ready; `env` goes to every service. */
  static async start(env: Readonly<Record<string, string>>): Promise<SeparateProcesses> {
    const folder = await mkdtemp(join(tmpdir(), 'gpt4video-processes-'));
    await chmod(folder, 0o755);
    const [postgres, kafka] = await Promise.all([EmbeddedPostgres.start({ directory: join(folder, 'postgres') }), startKafka({ folder: join(folder, 'kafka') })]);
    const all = new SeparateProcesses(folder, postgres, kafka);
    await all.startServices({ ...env, ...all.common() });
    return all;
  }

  /** A request to the gateway with the test's key. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${KEY}`);
    return fetch(`http://127.0.0.1:${this.of('gateway').ports.http}${path}`, { ...init, headers });
  }

  of(app: string): AppProcess {
    const found = this.processes.find((process) => process.app === app);
    if (found === undefined) throw new Error(`${app} was not started`);
    return found;
  }

  /** Asks every service to end, those first that others do not wait for; their exit codes. */
  async stop(): Promise<readonly (number | null)[]> {
    const codes: (number | null)[] = [];
    for (const process of this.processes.toReversed()) {
      process.signal('SIGTERM');
      codes.push((await process.ended).code);
    }
    return codes;
  }

  async remove(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.remove()));
    await this.postgres.stop();
    await this.kafka.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async startServices(env: Readonly<Record<string, string>>): Promise<void> {
    const start = async (app: string, more: Readonly<Record<string, string>> = {}) => {
      const process = await AppProcess.start(app, { ...env, ...more });
      this.processes.push(process);
      return process.address;
    };
    const GPT4VIDEO_FRAME_EXTRACTOR_ADDRESS = await start('frame-extractor');
    const GPT4VIDEO_CLIP_ENCODER_ADDRESS = await start('clip-encoder', { GPT4VIDEO_FRAME_EXTRACTOR_ADDRESS });
    const GPT4VIDEO_ABSTRACTOR_ADDRESS = await start('abstractor', { GPT4VIDEO_CLIP_ENCODER_ADDRESS });
    const GPT4VIDEO_DIALOGUE_ADDRESS = await start('dialogue', { GPT4VIDEO_ABSTRACTOR_ADDRESS });
    const GPT4VIDEO_SAFETY_ADDRESS = await start('safety', { GPT4VIDEO_FRAME_EXTRACTOR_ADDRESS });
    const GPT4VIDEO_GENERATION_QUEUE_ADDRESS = await start('gateway', { GPT4VIDEO_FRAME_EXTRACTOR_ADDRESS, GPT4VIDEO_DIALOGUE_ADDRESS, GPT4VIDEO_SAFETY_ADDRESS });
    await start('video-generator', { GPT4VIDEO_GENERATION_QUEUE_ADDRESS, GPT4VIDEO_SAFETY_ADDRESS });
  }

  private common(): Readonly<Record<string, string>> {
    return {
      GPT4VIDEO_OBJECT_FOLDER: join(this.folder, 'objects'),
      GPT4VIDEO_PROVENANCE_FOLDER: join(this.folder, 'provenance'),
      GPT4VIDEO_DATABASE_URL: connectionUrl(this.postgres.connection),
      GPT4VIDEO_BOOTSTRAP_KEY: KEY,
      GPT4VIDEO_EVENT_BUS: 'kafka',
      GPT4VIDEO_KAFKA_BROKERS: this.kafka.brokers.join(','),
      GPT4VIDEO_THREADS: '1',
    };
  }
}
