import { z } from 'zod';

const numeric = z.union([z.number(), z.string().regex(/^\d+(\.\d+)?$/, 'give a number').transform(Number)]);
const integer = numeric.pipe(z.number().int());

const fields = z.strictObject({
  prompt: z.string().trim().min(1, 'describe the video').max(4_000),
  model: z.string().optional(),
  size: z.string().optional(),
  width: integer.pipe(z.number().positive()).optional().describe('With `height` instead of `size`'),
  height: integer.pipe(z.number().positive()).optional(),
  seconds: numeric.pipe(z.number().positive()).optional(),
  seed: integer.pipe(z.number().min(0).max(2 ** 31 - 1)).optional(),
  negative_prompt: z.string().max(1_000).optional(),
  num_inference_steps: integer.pipe(z.number().min(1)).optional(),
  guidance_scale: numeric.pipe(z.number().min(0).max(20)).optional(),
  fps: numeric.pipe(z.number().positive()).optional(),
  num_frames: integer.pipe(z.number().positive()).optional(),
  user: z.string().max(256).optional(),
});

/** The body of `POST /v1/videos`, as JSON or as the fields of a form. */
export const videoRequest = fields
  .refine(({ width, height }) => (width === undefined) === (height === undefined), { error: 'give "width" and "height" together', path: ['width'] })
  .refine(({ size, width }) => size === undefined || width === undefined, { error: 'give "size", or "width" and "height"', path: ['size'] })
  .meta({ id: 'VideoRequest' });

/** The body of `POST /v1/videos/{id}/remix`. */
export const remixRequest = fields.pick({ prompt: true }).meta({ id: 'RemixRequest' });

/** A parsed request. */
export type VideoRequest = z.output<typeof videoRequest>;
