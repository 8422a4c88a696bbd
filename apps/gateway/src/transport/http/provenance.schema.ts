import { z } from 'zod';

/** The body of `POST /v1/provenance` as JSON. */
export const provenanceRequest = z.strictObject({ file_id: z.string().min(1, 'name a file of POST /v1/files') }).meta({ id: 'ProvenanceRequest' });

/** The same as a form, which sends the video itself; it is not kept. */
export const provenanceForm = z.object({ file: z.string().meta({ format: 'binary' }).describe('Bytes of a video') });

/** What is known of a video's origin. */
export const provenanceAnswer = z
  .object({
    object: z.literal('provenance'),
    ours: z.boolean().describe('Made here, by its manifest or its watermark'),
    unchanged: z.boolean().describe('Byte for byte as it was delivered, by its manifest'),
    manifest: z.object({
      state: z.enum(['ours', 'valid', 'broken', 'none']).describe('`valid` is whole and signed by someone else'),
      generator: z.string().nullable(),
      signer: z.string().nullable(),
      digital_source_type: z.string().nullable().describe('IPTC URL'),
      bundle_revision: z.string().nullable(),
      faults: z.array(z.string()).describe('C2PA codes'),
    }),
    watermark: z.object({ found: z.boolean(), score: z.number(), threshold: z.number(), ceiling: z.number() }).describe('Standard deviations above chance'),
  })
  .meta({ id: 'Provenance' });
