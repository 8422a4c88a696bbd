import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import type { AssetRef } from '@gpt4video/ports/asset-ref';

/** A fact that the gateway states; it is stored in the same transaction as the change that it tells of. */
export type DomainFact =
  | { readonly topic: 'video.uploaded'; readonly fileId: string; readonly video: AssetRef; /** By which it is screened; the policy alone when absent. */ readonly own: OwnThresholds | undefined }
  | { readonly topic: 'generation.queued'; readonly generationId: string }
  | { readonly topic: 'generation.finished'; readonly generationId: string; readonly status: 'completed' | 'failed' | 'cancelled'; readonly code: string };
