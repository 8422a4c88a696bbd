import { z } from 'zod';

const url = z.string().min(1).describe('`file:<id>`, a data URL in base64, or https');

/** Words. */
export const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });

/** A video (extension). */
export const videoPart = z.strictObject({ type: z.literal('video_url'), video_url: z.strictObject({ url }), uuid: z.string().optional() });

/** A picture; the model sees it as a film that stands still. */
export const imagePart = z.strictObject({ type: z.literal('image_url'), image_url: z.strictObject({ url, detail: z.enum(['auto', 'low', 'high']).optional() }) });

/** A file of `/v1/files`. */
export const filePart = z.strictObject({ type: z.literal('file'), file: z.strictObject({ file_id: z.string().min(1) }) });

/** One piece of a message or of what is to be moderated. */
export const contentPart = z.discriminatedUnion('type', [textPart, videoPart, imagePart, filePart], { error: 'a part has the type "text", "video_url", "image_url" or "file"' });
