import { z } from 'zod';

const count = z.number().int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');
// No absolute path, no drive, no "..": a manifest cannot reach outside its folder.
const relativePath = z.string().regex(/^(?![/\\])(?!.*(^|[/\\])\.\.([/\\]|$))(?!.*:).+$/, 'must be a relative path inside the bundle');
const probability = z.number().min(0).max(1);
const triple = z.tuple([z.number(), z.number(), z.number()]);

const file = z.object({ path: relativePath, sha256, bytes: count }).readonly();
/** An ONNX graph; `data` is its external weights file, which the graph names and expects beside itself. */
const graph = z.object({ path: relativePath, sha256, bytes: count, data: file.optional() }).readonly();
/** What an imported slot was made from: the name of the file or folder, and the precision chosen. */
const origin = z.object({ source: z.string().min(1), precision: z.string().min(1).optional() }).readonly();
const base = z.object({ package: z.string().min(1), version: z.string().min(1), path: relativePath, sha256, bytes: count }).readonly();

const preprocess = z
  .object({ resize: z.enum(['squash', 'shortest-edge']), interpolation: z.enum(['bilinear', 'bicubic', 'lanczos']), mean: triple, std: triple })
  .refine(({ std }) => std.every((value) => value > 0), 'std must be positive')
  .readonly();

const vision = z.object({ file: graph, origin: origin.optional(), size: count, tokens: count, width: count, preprocess }).readonly();

const abstractor = z
  .object({ file: graph, origin: origin.optional(), variant: z.enum(['joint', 'paper']), timeEmbeddings: z.boolean(), frames: count, tokens: count, width: count })
  .readonly();

const template = z
  .object({
    system: z.string(),
    turnOpen: z.string().includes('{role}'),
    openings: z.object({ system: z.string(), user: z.string(), assistant: z.string() }).readonly().optional(),
    turnClose: z.string().min(1),
    videoOpen: z.string(),
    videoClose: z.string(),
    stop: z.array(z.string().min(1)).min(1).readonly(),
  })
  .readonly();

/** The language model's files when they lie in the bundle. */
const languageFiles = z.object({ graph, embeddings: file, tokenizer: file }).readonly();

const language = z
  .object({
    base: base.optional(),
    files: languageFiles.optional(),
    origin: origin.optional(),
    adapter: file.optional(),
    contextTokens: count,
    template,
    defaults: z
      .object({ temperature: z.number().min(0), topP: z.number().gt(0).max(1), topK: z.number().int().min(0).default(0), repetitionPenalty: z.number().positive(), maxTokens: count })
      .readonly(),
  })
  .refine(({ base: published, files }) => (published === undefined) !== (files === undefined), 'needs either base (in a published package) or files (in the bundle)')
  .refine(({ files, adapter }) => files === undefined || adapter === undefined, 'files already hold their adapter; remove adapter')
  .readonly();

const textEncoder = z
  .object({
    file: graph,
    tokenizer: file,
    /** Id that fills a text up; 0 when absent. */
    padToken: z.number().int().min(0).optional(),
    maxTokens: count,
    width: count,
  })
  .readonly();

const film = z
  .object({
    denoiser: graph,
    decoder: graph,
    origin: origin.optional(),
    latents: z.tuple([count, count, count, count]).readonly(),
    frames: count,
    width: count,
    height: count,
    fps: count,
    schedule: z
      .object({
        trainSteps: count,
        betas: z.enum(['squaredcos_cap_v2', 'scaled_linear', 'linear']),
        betaStart: z.number().positive().optional(),
        betaEnd: z.number().positive().optional(),
        prediction: z.enum(['epsilon', 'v_prediction', 'sample']),
        /** Where the steps of a run lie; `trailing` when absent. */
        spacing: z.enum(['leading', 'trailing', 'linspace']).optional(),
        offset: z.number().int().min(0).optional(),
        /** DDIM only: whether the last step ends without noise; true when absent. */
        finalAlphaOne: z.boolean().optional(),
      })
      .readonly(),
    /** Videos that one run of the denoiser takes: 2 (when absent) has both halves of the guidance in one run, 1 needs half the memory. */
    videosPerRun: z.union([z.literal(1), z.literal(2)]).optional(),
    /** Latent frames that one run of the decoder takes; all of them when absent. */
    decodeFrames: count.optional(),
    defaults: z.object({ steps: count, guidanceScale: z.number().min(0), solver: z.enum(['ddim', 'dpmsolver++']) }).readonly(),
  })
  .refine(({ latents, decodeFrames }) => latents[1] % (decodeFrames ?? 1) === 0, 'decodeFrames must divide the frames of latents')
  .readonly();

const textEmbedding = z.object({ file, tokenizer: file, width: count, maxTokens: count }).readonly();

// With `states` the head reads that inner tensor of the sentence embedding's graph, token by token, instead of its vector.
const textSafety = z
  .object({
    file,
    states: z.object({ tensor: z.string().min(1), width: count }).readonly().optional(),
    categories: z.array(z.string().min(1)).min(1).readonly(),
    thresholds: z.record(z.string(), probability),
    policyVersion: z.string().min(1),
  })
  .refine(({ categories, thresholds }) => categories.every((category) => category in thresholds), 'every category needs a threshold')
  .refine(({ categories }) => new Set(categories).size === categories.length, 'categories must differ')
  .readonly();

const imageSafety = z
  .object({ base, input: z.literal('nhwc-bgr'), size: count, threshold: probability, frames: count, maxFlagged: z.number().int().min(0) })
  .refine(({ frames, maxFlagged }) => maxFlagged < frames, 'maxFlagged must be below frames')
  .readonly();

/** The manifest of a bundle of models, bundle.json, format 1. */
export const bundleSchema = z
  .object({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
    format: z.literal(1),
    vision,
    abstractor,
    language,
    textEncoder,
    film,
    textEmbedding,
    textSafety,
    imageSafety,
    quality: z.record(z.string(), z.unknown()),
    licences: z.array(z.object({ part: z.string().min(1), licence: z.string().min(1), source: z.string().min(1) }).readonly()).min(1).readonly(),
  })
  .readonly();

/** A checked manifest. */
export type BundleManifest = z.infer<typeof bundleSchema>;
/** A file in the bundle's folder: path relative to it, hash and size. */
export type BundleFile = z.infer<typeof file>;
/** A graph in the bundle's folder, and the weights file beside it if there is one. */
export type BundleGraph = z.infer<typeof graph>;
/** A file inside a published package. */
export type BaseFile = z.infer<typeof base>;
/** How the vision encoder wants its frames. */
export type VisionPreprocess = z.infer<typeof preprocess>;
