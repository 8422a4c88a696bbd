import { Injectable } from '@nestjs/common';
import { openNsfwInput } from '@gpt4video/model/safety/open-nsfw';
import type { RgbImage } from '@gpt4video/model/tensor/resample';
import { expectFloats } from '@gpt4video/model/tensor/tensor';
import { DomainError } from '@gpt4video/ports/errors';
import { ImageSafetyModel } from './safety-models.js';
import { SafetySettings } from './safety-settings.js';

/** Scores frames one by one with the picture detector. */
@Injectable()
export class FrameScorer {
  constructor(
    private readonly model: ImageSafetyModel,
    private readonly settings: SafetySettings,
  ) {}

  /** One score per frame, 0 (acceptable) to 1, in order. Throws `cancelled` between frames. */
  async score(frames: readonly RgbImage[], signal: AbortSignal): Promise<readonly number[]> {
    const scores: number[] = [];
    for (const frame of frames) {
      signal.throwIfAborted();
      scores.push(await this.scoreFrame(frame, signal));
    }
    return scores;
  }

  private async scoreFrame(frame: RgbImage, signal: AbortSignal): Promise<number> {
    const [input] = this.model.inputs;
    const [output] = this.model.outputs;
    if (input === undefined || output === undefined) throw new DomainError('model_unavailable', 'The picture detector has no input or output; fetch the models again.');
    const outputs = await this.model.run({ [input.name]: openNsfwInput([frame], this.settings.imageSize) }, { signal });
    const [, score = Number.NaN] = expectFloats(output.name, outputs[output.name], [1, 2]).data;
    if (!(score >= 0 && score <= 1)) throw new DomainError('model_unavailable', `The picture detector answered ${score}, which is no probability; fetch the models again.`);
    return score;
  }
}
