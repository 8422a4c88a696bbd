import { ModelSession } from '@gpt4video/ports/model-session';

/** The bundle's vision tower: `pixels` `[N, 3, size, size]` → `features` `[N, tokens, width]`, binary32. */
export abstract class VisionModel extends ModelSession {}
