import { TextTokenizer } from '@gpt4video/ports/text-tokenizer';

/** The language model's vocabulary. */
export abstract class DialogueTokenizer extends TextTokenizer {}

/** The vocabulary of the film model's text encoder: tells how long a caption is. */
export abstract class CaptionTokenizer extends TextTokenizer {}
