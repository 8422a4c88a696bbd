import type { Provider } from '@nestjs/common';
import { type LoadedBundle, loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { OnnxFilmModel } from '@gpt4video/adapters/onnx/onnx-film-model';
import { OnnxLanguageModel } from '@gpt4video/adapters/onnx/onnx-language-model';
import { OnnxModelSession, type OnnxSessionOptions } from '@gpt4video/adapters/onnx/onnx-model-session';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { bundleCard } from '@gpt4video/gateway/core/models/bundle-card';
import type { ModelCard } from '@gpt4video/gateway/core/models/model-catalog';
import { Health } from '@gpt4video/platform/health';
import type { ModelSession } from '@gpt4video/ports/model-session';
import { StandaloneOptions } from './options.js';

const GRAPHS = ['vision', 'abstractor', 'textEmbedding', 'textSafety', 'imageSafety'] as const;
type Graph = (typeof GRAPHS)[number];

/** Every model of the bundle, loaded and warmed. */
export class LocalModels {
  private constructor(
    private readonly bundle: LoadedBundle,
    readonly sessions: Readonly<Record<Graph, ModelSession>>,
    readonly generative: { readonly language: OnnxLanguageModel; readonly film: OnnxFilmModel },
    readonly tokenizers: { readonly language: HfTokenizer; readonly caption: HfTokenizer; readonly safety: HfTokenizer },
  ) {}

  static readonly provider: Provider = { provide: LocalModels, inject: [StandaloneOptions, Health], useFactory: (options: StandaloneOptions, health: Health) => LocalModels.load(options, health) };

  /** Checks every file, then loads all models at once. Throws `model_unavailable` naming the file and the remedy. */
  static async load({ arguments: { threads }, bundleFolder, modelCache, executionProviders: providers }: StandaloneOptions, health: Health): Promise<LocalModels> {
    const bundle = await loadBundle({ folder: bundleFolder, cache: modelCache });
    const { manifest } = bundle;
    const caption = await HfTokenizer.load(bundle.pathOf(manifest.textEncoder.tokenizer));
    const [sessions, language, film, words, safety] = await Promise.all([
      openSessions(bundle, { threads, providers }),
      OnnxLanguageModel.open({ graph: bundle.language.graph, embeddings: bundle.language.embeddings, contextTokens: manifest.language.contextTokens, threads, providers }),
      OnnxFilmModel.open({ ...filmPaths(bundle), tokenizer: caption, manifest, threads, providers }),
      HfTokenizer.load(bundle.language.tokenizer),
      HfTokenizer.load(bundle.pathOf(manifest.textEmbedding.tokenizer)),
    ]);
    for (const name of GRAPHS) health.addModel({ name, revision: bundle.revision, inputs: sessions[name].inputs, outputs: sessions[name].outputs, execution: sessions[name].execution })();
    for (const [name, { execution }] of Object.entries({ language, film })) health.addModel({ name, revision: bundle.revision, inputs: [], outputs: [], execution })();
    return new LocalModels(bundle, sessions, { language, film }, { language: words, caption, safety });
  }

  get manifest(): LoadedBundle['manifest'] {
    return this.bundle.manifest;
  }

  get revision(): string {
    return this.bundle.revision;
  }

  /** What clients may know of the bundle. */
  get card(): ModelCard {
    return bundleCard(this.manifest, this.revision);
  }
}

async function openSessions(bundle: LoadedBundle, how: Pick<OnnxSessionOptions, 'threads' | 'providers'>): Promise<Record<Graph, ModelSession>> {
  const { vision, abstractor, textEmbedding, textSafety } = bundle.manifest;
  const paths: Record<Graph, string> = {
    vision: bundle.pathOf(vision.file),
    abstractor: bundle.pathOf(abstractor.file),
    textEmbedding: bundle.pathOf(textEmbedding.file),
    textSafety: bundle.pathOf(textSafety.file),
    imageSafety: bundle.imageSafety,
  };
  const expose = (name: Graph) => (name === 'textEmbedding' && textSafety.states ? [textSafety.states] : []);
  const opened = await Promise.all(GRAPHS.map(async (name) => [name, await OnnxModelSession.open({ path: paths[name], ...how, expose: expose(name) })] as const));
  return Object.fromEntries(opened) as unknown as Record<Graph, ModelSession>;
}

function filmPaths({ manifest, pathOf }: LoadedBundle): { textEncoder: string; denoiser: string; decoder: string } {
  return { textEncoder: pathOf(manifest.textEncoder.file), denoiser: pathOf(manifest.film.denoiser), decoder: pathOf(manifest.film.decoder) };
}
