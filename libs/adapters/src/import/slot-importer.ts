import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';

/** What an importer puts into the manifest in place of what was there. Every file it names is already in the new bundle's folder. */
export interface SlotFragment {
  readonly manifest: Partial<Pick<BundleManifest, 'vision' | 'abstractor' | 'language' | 'textEncoder' | 'film'>>;
  /** What the source says of its licence; a source that says nothing gets "not stated". */
  readonly licences: BundleManifest['licences'];
}

/** Choices that some importers offer. */
export interface ImportSettings {
  /** Element type of the weights; each importer says which it knows and which it takes when none is given. */
  readonly precision?: string | undefined;
  /** Name of the language model's prompt template. */
  readonly template?: string | undefined;
  /** A LoRA adapter for the language model. */
  readonly adapter?: string | undefined;
  /** What a film measures, as "576x320"; its frames, and frames a second. */
  readonly filmSize?: string | undefined;
  readonly filmFrames?: string | undefined;
  readonly filmFps?: string | undefined;
  /** `ddim` or `dpmsolver++` in place of the scheduler that the film model's folder names. */
  readonly filmSolver?: string | undefined;
}

/**
 * Makes one slot's files from `source` (a file or a folder) inside the folder `into` and returns what the manifest says of them.
 * `log` gets a line before each step that takes time. Throws `artifact_corrupt` or `invalid_request` naming file, tensor, expected
 * and found; what was written until then is removed with the folder.
 */
export type SlotImporter = (source: string, into: string, log: (line: string) => void, settings: ImportSettings) => Promise<SlotFragment>;
