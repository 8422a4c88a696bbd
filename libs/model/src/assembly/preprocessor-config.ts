import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';
import type { VisionPreprocess } from '../bundle/bundle-schema.js';
import type { ClipVisionConfig } from './clip-config.js';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const edge = z.union([z.number(), z.object({ shortest_edge: z.number() }), z.object({ height: z.number(), width: z.number() })]);
// What a file leaves out has the defaults of CLIPImageProcessor.
const schema = z.object({
  resample: z.number().default(3),
  image_mean: triple,
  image_std: triple.refine((std) => std.every((value) => value > 0), 'must be positive'),
  size: edge.optional(),
  crop_size: edge.optional(),
  do_center_crop: z.boolean().default(true),
  do_rescale: z.literal(true).default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.literal(true).default(true),
});

/** PIL's numbers of the filters that we have. */
const FILTERS: Readonly<Record<number, VisionPreprocess['interpolation']>> = { 1: 'lanczos', 2: 'bilinear', 3: 'bicubic' };

/**
 * How frames become pixels, from a preprocessor_config.json. CLIP keeps the shorter edge and crops; mPLUG-Owl's loader squashes frames
 * (specification §1.4). `file` is what messages call it. Throws `artifact_corrupt` naming file, field, expected and found.
 */
export function readPreprocessorConfig(text: string, file: string, { imageSize, family }: ClipVisionConfig): VisionPreprocess {
  const fields = parse(text, file);
  const interpolation = FILTERS[fields.resample];
  if (interpolation === undefined) throw corrupt(file, 'resample', '1, 2 or 3', fields.resample);
  if (Math.abs(fields.rescale_factor * 255 - 1) > 1e-6) throw corrupt(file, 'rescale_factor', '1/255', fields.rescale_factor);
  for (const field of ['size', 'crop_size'] as const) checkEdge(file, field, fields[field], imageSize);
  const squashes = family === 'mplug-owl' || !fields.do_center_crop || isBox(fields.size);
  return { resize: squashes ? 'squash' : 'shortest-edge', interpolation, mean: fields.image_mean, std: fields.image_std };
}

function parse(text: string, file: string): z.infer<typeof schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw corrupt(file, 'content', 'JSON', 'something else');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw corrupt(file, field || 'content', issue?.message ?? 'settings of CLIPImageProcessor', field === '' ? json : (json as Record<string, unknown>)[field]);
}

type Edge = z.infer<typeof edge>;

function checkEdge(file: string, field: string, found: Edge | undefined, imageSize: number): void {
  const edges = found === undefined ? [] : typeof found === 'number' ? [found] : Object.values(found);
  if (edges.some((length) => length !== imageSize)) throw corrupt(file, field, `${imageSize}, the picture's size in config.json`, found);
}

function isBox(size: Edge | undefined): boolean {
  return typeof size === 'object' && 'height' in size;
}

function corrupt(file: string, field: string, expected: string, found: unknown): DomainError {
  return new DomainError('artifact_corrupt', `${file}, ${field}: expected ${expected}, found ${JSON.stringify(found) ?? 'nothing'}. Choose another model.`);
}
