import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { VideoFacts } from '@gpt4video/ports/video-codec';

/** uploaded: stored; processing: a stage has worked on it; processed: understood and screened; error: it will never be. */
export type FileStatus = 'uploaded' | 'processing' | 'processed' | 'error';

/** The ingest stages that a file passes through. */
export const INGEST_STAGES = ['frames', 'features', 'tokens', 'screening'] as const;

/** One ingest stage. */
export type IngestStage = (typeof INGEST_STAGES)[number];

/** How a stage went. */
export interface StageDetail {
  readonly status: 'pending' | 'done' | 'failed';
  /** Stable code of a failure. */
  readonly code?: string;
  /** What is wrong and what to do, for the person. */
  readonly message?: string;
}

/** What screening decided about a file. */
export interface FileVerdict {
  readonly allowed: boolean;
  /** Deciding category, empty when allowed. */
  readonly category: string;
  /** Deciding score, 0 to 1. */
  readonly score: number;
}

/** What the frame extractor found in a video. */
export interface FrameSummary {
  readonly facts: VideoFacts;
  readonly thumbnail?: AssetRef;
  /** The understanding frames as people see them, JPEG, in order. */
  readonly stills: readonly AssetRef[];
}

/** A video that a person gave to the service. */
export interface StoredFile {
  readonly id: string;
  readonly tenantId: string;
  readonly filename: string;
  readonly purpose: string;
  readonly asset: AssetRef;
  readonly status: FileStatus;
  readonly stages: Readonly<Record<IngestStage, StageDetail>>;
  readonly frames: FrameSummary;
  readonly verdict?: FileVerdict;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
}

/** All stages, waiting. */
export function pendingStages(): Record<IngestStage, StageDetail> {
  return { frames: { status: 'pending' }, features: { status: 'pending' }, tokens: { status: 'pending' }, screening: { status: 'pending' } };
}

/** The status that follows from the stages. */
export function statusOf(stages: Readonly<Record<IngestStage, StageDetail>>): FileStatus {
  const all = INGEST_STAGES.map((stage) => stages[stage].status);
  if (all.includes('failed')) return 'error';
  if (all.every((status) => status === 'done')) return 'processed';
  return all.includes('done') ? 'processing' : 'uploaded';
}
