import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { GenerationQueue } from '../core/generations/generation-queue.js';
import { type GenerationFacts, OperationsBoard, type StageState } from '../core/operations/operations-board.js';
import { RATE_WINDOW_MS } from '../core/operations/recent-rate.js';
import { GatewayDatabase } from './gateway-database.js';
import { OutboxRows } from './outbox-rows.js';
import type { Schema } from './schema.js';

/** Ingest: the stage of a file, the service that does it, what must be done before, and the fact that tells that it is done. */
const INGEST = [
  { stage: 'frames', service: 'frame-extractor', after: undefined, topic: 'frames.extracted' },
  { stage: 'features', service: 'clip-encoder', after: 'frames', topic: 'features.encoded' },
  { stage: 'tokens', service: 'abstractor', after: 'features', topic: 'video.understood' },
  { stage: 'screening', service: 'safety', after: 'frames', topic: 'video.screened' },
] as const;

/** Stages of a film, in the order in which they run. */
const FILM_STAGES = ['text_encoder', 'denoise', 'decode', 'mark', 'screen', 'encode', 'sign', 'store'];

/** The board, from the rows that the service goes by. */
@Injectable()
export class PgOperationsBoard extends OperationsBoard {
  constructor(
    private readonly database: GatewayDatabase,
    private readonly queue: GenerationQueue,
    private readonly outbox: OutboxRows,
  ) {
    super();
  }

  override async stages(): Promise<readonly StageState[]> {
    const ingest = INGEST.map((entry) => this.ingest(entry));
    return Promise.all([...ingest, this.films(), this.facts(), this.webhooks()]);
  }

  override async recent(limit: number): Promise<readonly GenerationFacts[]> {
    const rows = await this.database.kysely.selectFrom('generations').selectAll().orderBy('created_at', 'desc').orderBy('id').limit(limit).execute();
    return rows.map(toFacts);
  }

  override async find(id: string): Promise<GenerationFacts | undefined> {
    const row = await this.database.kysely.selectFrom('generations').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toFacts(row);
  }

  private async ingest({ stage, service, after, topic }: (typeof INGEST)[number]): Promise<StageState> {
    const { rows } = await sql<Waiting>`
      select count(*) as waiting, ${ageOf(sql`min(created_at)`)} as oldest_ms,
             (select count(*) from inbox where consumer = ${`gateway:${topic}`} and processed_at > ${since()}) as done
      from files where status in ('uploaded', 'processing') and status_details->${stage}->>'status' = 'pending'
        and (${after ?? null}::text is null or status_details->${after ?? ''}->>'status' = 'done')`.execute(this.database.kysely);
    return toState(service, rows[0]);
  }

  private async films(): Promise<StageState> {
    const [{ queued, inProgress, oldestMs }, { rows }] = await Promise.all([
      this.queue.depth(),
      sql<{ done: string }>`select count(*) as done from generations where ended_at > ${since()}`.execute(this.database.kysely),
    ]);
    return { name: 'video-generator', waiting: queued, oldestMs, inHand: inProgress, perMinute: perMinute(rows[0]?.done) };
  }

  private async facts(): Promise<StageState> {
    const [{ waiting, oldestMs }, { rows }] = await Promise.all([
      this.outbox.lag(),
      sql<{ done: string }>`select count(*) as done from outbox where published_at > ${since()}`.execute(this.database.kysely),
    ]);
    return { name: 'outbox', waiting, oldestMs, inHand: null, perMinute: perMinute(rows[0]?.done) };
  }

  private async webhooks(): Promise<StageState> {
    const { rows } = await sql<Waiting>`
      select count(*) as waiting, ${ageOf(sql`min(created_at)`)} as oldest_ms, (select count(*) from webhook_deliveries where delivered_at > ${since()}) as done
      from webhook_deliveries where status = 'waiting'`.execute(this.database.kysely);
    return toState('webhooks', rows[0]);
  }
}

interface Waiting {
  readonly waiting: string;
  readonly oldest_ms: number | null;
  readonly done: string;
}

function toState(name: string, row: Waiting | undefined): StageState {
  return { name, waiting: Number(row?.waiting ?? 0), oldestMs: Math.max(0, row?.oldest_ms ?? 0), inHand: null, perMinute: perMinute(row?.done) };
}

function perMinute(done: string | undefined): number {
  return Number(done ?? 0) / (RATE_WINDOW_MS / 60_000);
}

/** The same moment for a whole statement: an index is of no use for one that is another with every row. */
function since() {
  return sql<Date>`statement_timestamp() - make_interval(secs => ${RATE_WINDOW_MS / 1_000})`;
}

function ageOf(moment: ReturnType<typeof sql>) {
  return sql`(extract(epoch from clock_timestamp() - ${moment}) * 1000)::float8`;
}

function toFacts(row: Selectable<Schema['generations']>): GenerationFacts {
  const stages = Object.entries(row.result?.stageMs ?? {});
  const place = (stage: string): number => (FILM_STAGES.includes(stage) ? FILM_STAGES.indexOf(stage) : FILM_STAGES.length);
  return {
    id: row.id,
    tenantId: row.tenant_id,
    status: row.status,
    model: row.model,
    bundleRevision: row.result?.bundleRevision ?? null,
    attempt: row.attempt,
    worker: row.worker,
    errorCode: row.error?.code ?? null,
    createdAtMs: row.created_at.getTime(),
    startedAtMs: row.started_at?.getTime() ?? null,
    endedAtMs: row.ended_at?.getTime() ?? null,
    traceparent: row.traceparent,
    stageMs: stages.toSorted(([a], [b]) => place(a) - place(b)),
  };
}
