import { z } from 'zod';
import { fileObject, lifetime, purpose } from './files.schema.js';
import { seconds } from './list.schema.js';

/** The body of `POST /v1/uploads`. */
export const uploadRequest = z
  .strictObject({
    filename: z.string().min(1).max(512),
    purpose,
    bytes: z.number().int().min(1),
    mime_type: z.string().regex(/^[\w.+-]{1,64}\/[\w.+-]{1,64}$/, 'give a media type such as video/mp4'),
    expires_after: z.strictObject({ anchor: z.literal('created_at'), seconds: lifetime }).optional(),
  })
  .meta({ id: 'UploadRequest' });

/** The form of `POST /v1/uploads/{id}/parts`. */
export const partForm = z.strictObject({ data: z.file().describe('Bytes of the file, at most 64 MiB') }).meta({ id: 'UploadPartForm' });

/** The body of `POST /v1/uploads/{id}/complete`. */
export const completeRequest = z.strictObject({ part_ids: z.array(z.string()).min(1).max(1_000), md5: z.string().regex(/^[0-9A-Fa-f]{32}$/, 'give 32 hexadecimal digits').optional() }).meta({ id: 'UploadCompletion' });

/** Some bytes that have arrived. */
export const partObject = z.object({ id: z.string(), object: z.literal('upload.part'), created_at: seconds, upload_id: z.string(), bytes: z.int().describe('Extension') }).meta({ id: 'UploadPart' });

/** An upload as clients read it. */
export const uploadObject = z
  .object({
    id: z.string(),
    object: z.literal('upload'),
    bytes: z.int(),
    created_at: seconds,
    expires_at: seconds,
    filename: z.string(),
    purpose: z.string(),
    status: z.enum(['pending', 'completed', 'cancelled', 'expired']),
    file: fileObject.nullable(),
    parts: z.array(partObject).optional().describe('Extension: what has arrived, to go on after a break'),
  })
  .meta({ id: 'Upload' });
