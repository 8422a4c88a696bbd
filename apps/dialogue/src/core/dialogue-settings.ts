import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';
import type { PromptTemplate } from '@gpt4video/model/language/prompt-template';

/** What is used where a request leaves a choice open. */
export interface SamplingDefaults {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly repetitionPenalty: number;
  readonly maxTokens: number;
}

/** How the bundle wants its conversations. */
export abstract class DialogueSettings {
  /** Revision of the bundle. */
  abstract readonly bundleRevision: string;
  /** Strings around turns and videos, and those that end a turn. */
  abstract readonly template: PromptTemplate & { readonly stop: readonly string[] };
  abstract readonly defaults: SamplingDefaults;
  /** Visual tokens of one video, and their width. */
  abstract readonly visualTokens: number;
  abstract readonly visualWidth: number;
  /** Most tokens of a caption that the film model's text encoder reads. */
  abstract readonly captionTokens: number;
}

/** The settings that a bundle asks for. */
export function dialogueSettings(manifest: BundleManifest, bundleRevision: string): DialogueSettings {
  const { language, abstractor, textEncoder } = manifest;
  return {
    bundleRevision,
    template: language.template,
    defaults: language.defaults,
    visualTokens: abstractor.tokens,
    visualWidth: abstractor.width,
    captionTokens: textEncoder.maxTokens,
  };
}
