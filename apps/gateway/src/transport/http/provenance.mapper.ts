import type { z } from 'zod';
import type { VideoInspection } from '../../core/provenance/video-inspector.js';
import type { provenanceAnswer } from './provenance.schema.js';

/** What is known of a video's origin, as clients read it. */
export function toProvenanceObject({ manifest, watermark }: VideoInspection): z.output<typeof provenanceAnswer> {
  const marked = watermark.score >= watermark.threshold;
  return {
    object: 'provenance',
    ours: manifest.state === 'ours' || marked,
    unchanged: manifest.state === 'ours',
    manifest: {
      state: manifest.state,
      generator: manifest.generator ?? null,
      signer: manifest.signer ?? null,
      digital_source_type: manifest.digitalSourceType ?? null,
      bundle_revision: manifest.bundleRevision ?? null,
      faults: [...manifest.faults],
    },
    watermark: { found: marked, score: rounded(watermark.score), threshold: watermark.threshold, ceiling: rounded(watermark.ceiling) },
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
