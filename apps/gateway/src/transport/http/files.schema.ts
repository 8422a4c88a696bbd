import { z } from 'zod';
import { INGEST_STAGES } from '../../core/files/file.js';
import { listOf, seconds } from './list.schema.js';

/** What a file is for; all three are treated alike. */
export const purpose = z.enum(['vision', 'user_data', 'assistants']);

/** Seconds that a file may be told to live. */
export const lifetime = z.number().int().min(3_600).max(2_592_000);

/** The fields of an upload beside the file. */
export const uploadForm = z.strictObject({
  purpose,
  'expires_after[anchor]': z.literal('created_at').optional(),
  'expires_after[seconds]': z.coerce.number<string>().pipe(lifetime).optional(),
});

/** An upload as it is described: the fields and the bytes. */
export const uploadFormWithFile = uploadForm.extend({ file: z.file().describe('The video or picture') }).meta({ id: 'FileUpload' });

const stage = z.object({ status: z.enum(['pending', 'done', 'failed']), code: z.string().optional(), message: z.string().optional() });

/** A file as clients read it. */
export const fileObject = z
  .object({
    id: z.string(),
    object: z.literal('file'),
    bytes: z.int(),
    created_at: seconds,
    expires_at: seconds.nullable(),
    filename: z.string(),
    purpose: z.string(),
    status: z.enum(['uploaded', 'processing', 'processed', 'error']),
    status_details: z.object(Object.fromEntries(INGEST_STAGES.map((name) => [name, stage])) as Record<(typeof INGEST_STAGES)[number], typeof stage>).describe('Extension: how far each ingest stage has come'),
    sha256: z.string().describe('Extension'),
    video: z
      .object({ container: z.string(), codec: z.string(), width: z.int(), height: z.int(), duration_ms: z.number(), frame_count: z.int(), frame_rate: z.number(), stills: z.int().describe('Frames that GET /v1/files/{id}/frames/{index} shows') })
      .describe('Extension: what is in the video'),
  })
  .meta({ id: 'File' });

/** Files, page by page. */
export const fileList = listOf('FileList', fileObject);

/** What is left of a deleted file. */
export const fileDeleted = z.object({ id: z.string(), object: z.literal('file'), deleted: z.literal(true) }).meta({ id: 'FileDeleted' });
