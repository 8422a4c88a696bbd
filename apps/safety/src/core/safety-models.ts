import { ModelSession } from '@gpt4video/ports/model-session';
import { TextTokenizer } from '@gpt4video/ports/text-tokenizer';

/** Sentence embedding: `input_ids`, `attention_mask` `[B, S]` int64 → `sentence_vec` `[B, width]`, or an inner `[B, S, width]`, binary32. */
export abstract class TextEmbeddingModel extends ModelSession {}

/** The policy's head: `sentence_vec` `[B, width]`, or `states` `[B, S, width]` and `mask` `[B, S]` → `scores` `[B, categories]`, 0 to 1. */
export abstract class TextSafetyModel extends ModelSession {}

/** The picture detector: one input `[N, 224, 224, 3]` BGR binary32 → `[N, 2]` probabilities of acceptable and not. */
export abstract class ImageSafetyModel extends ModelSession {}

/** The vocabulary of the sentence embedding. */
export abstract class SafetyTokenizer extends TextTokenizer {}
