import { ModelSession } from '@gpt4video/ports/model-session';

/** The bundle's video abstractor: `features` `[B, frames, tokens, width]` → `tokens` `[B, tokens, width]`, binary32. */
export abstract class AbstractorModel extends ModelSession {}
