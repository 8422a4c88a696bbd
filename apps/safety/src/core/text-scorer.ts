import { Injectable } from '@nestjs/common';
import { expectFloats } from '@gpt4video/model/tensor/tensor';
import type { TensorMap } from '@gpt4video/ports/model-session';
import { SafetyTokenizer, TextEmbeddingModel, TextSafetyModel } from './safety-models.js';
import { SafetySettings } from './safety-settings.js';
import { sentences, textWindows } from './text-windows.js';

/** Scores texts by category with the sentence embedding and the policy's head. */
@Injectable()
export class TextScorer {
  constructor(
    private readonly tokenizer: SafetyTokenizer,
    private readonly embedding: TextEmbeddingModel,
    private readonly head: TextSafetyModel,
    private readonly settings: SafetySettings,
  ) {}

  /** Scores by category, 0 to 1: the worst of the text's overlapping windows and of its sentences. An empty text scores 0. */
  async score(text: string, signal: AbortSignal): Promise<Readonly<Record<string, number>>> {
    const { categories } = this.settings;
    const worst = new Float32Array(categories.length);
    const { open, close } = this.frame();
    for (const window of this.windowsOf(text, open, close)) {
      // One window at a time: padding to a common length would change the scores of the shorter ones.
      const scores = await this.scoreWindow([open, ...window, close], signal);
      scores.forEach((score, index) => (worst[index] = Math.max(worst[index] ?? 0, Number.isNaN(score) ? 1 : score)));
    }
    return Object.fromEntries(categories.map((category, index) => [category, worst[index] ?? 1]));
  }

  private windowsOf(text: string, open: number, close: number): readonly (readonly number[])[] {
    const { wide, narrow } = this.settings;
    const parts = sentences(text);
    const whole = this.bare(text, open, close);
    // A short sentence on its own is the whole text.
    if (parts.length <= 1 && whole.length <= narrow.size) return textWindows(whole, wide);
    return [...textWindows(whole, wide), ...parts.flatMap((part) => textWindows(this.bare(part, open, close), narrow))];
  }

  private async scoreWindow(ids: readonly number[], signal: AbortSignal): Promise<Float32Array> {
    const shape = [1, ids.length];
    const inputs: TensorMap = {
      input_ids: { shape, data: BigInt64Array.from(ids, BigInt) },
      attention_mask: { shape, data: new BigInt64Array(ids.length).fill(1n) },
    };
    const scored = await this.head.run(await this.features(inputs, ids.length, signal), { signal });
    return expectFloats('scores', scored.scores, [1, this.settings.categories.length]).data;
  }

  private async features(inputs: TensorMap, tokens: number, signal: AbortSignal): Promise<TensorMap> {
    const { states, embeddingWidth } = this.settings;
    const name = states?.tensor ?? 'sentence_vec';
    const embedded = await this.embedding.run(inputs, { signal, outputs: [name] });
    if (states === undefined) return { sentence_vec: expectFloats(name, embedded[name], [1, embeddingWidth]) };
    const mask = { shape: [1, tokens], data: new Float32Array(tokens).fill(1) };
    return { states: expectFloats(name, embedded[name], [1, tokens, states.width]), mask };
  }

  /** The ids that stand before and after every window; they are the first and last of any encoded text. */
  private frame(): { readonly open: number; readonly close: number } {
    const ids = this.tokenizer.encode('[CLS][SEP]', { special: true });
    return { open: ids.at(0) ?? 0, close: ids.at(-1) ?? 0 };
  }

  private bare(text: string, open: number, close: number): readonly number[] {
    const ids = this.tokenizer.encode(text, { special: false });
    const framed = ids.length >= 2 && ids.at(0) === open && ids.at(-1) === close;
    return framed ? ids.slice(1, -1) : ids;
  }
}
