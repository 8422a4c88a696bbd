import { Injectable } from '@nestjs/common';
import { type ConverseRequest, type ConverseResponse, DialogueServiceService, FinishReason } from '@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service';
import { type ExtractFramesRequest, type ExtractFramesResponse, FramesServiceService } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import { SafetyServiceService, type ScreenFramesResponse, type ScreenTextRequest, type ScreenTextResponse, type ScreenVideoRequest, type ScreenVideoResponse, Stage } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { ownFromWire } from '@gpt4video/contracts/own-thresholds-wire';
import { judgeFrames, judgeText } from '@gpt4video/model/safety/own-thresholds';
import type { Verdict } from '@gpt4video/model/safety/verdict';
import { type CallContext, GrpcController } from '@gpt4video/platform/grpc-server';
import { DomainError } from '@gpt4video/ports/errors';

/** A word that every stage declines. */
export const BAD = 'forbidden';

/** A word about which screening gives no verdict. */
export const UNSCREENABLE = 'unscreenable';

/** A step of a scripted answer: text, a caption, or a pause until the caller leaves. */
export type Step = { readonly text: string } | { readonly caption: string } | 'wait for the caller to leave' | 'break';

/** A dialogue that says what the test wrote down. */
@Injectable()
export class FakeDialogue extends GrpcController {
  override readonly app = 'dialogue';
  override readonly definition = DialogueServiceService;
  steps: readonly Step[] = [{ text: 'Hello.' }];
  heard: ConverseRequest[] = [];
  cancelled = 0;

  async *converse(request: ConverseRequest, { signal }: CallContext): AsyncGenerator<ConverseResponse> {
    this.heard.push(request);
    if (JSON.stringify(request).length > 50_000) throw new DomainError('context_length_exceeded', 'The prompt has too many tokens; shorten it.', { param: 'messages' });
    for (const [index, step] of this.steps.entries()) {
      if (step === 'break') throw new DomainError('model_unavailable', 'The model is not loaded; try again later.');
      if (step === 'wait for the caller to leave') await this.untilLeft(signal);
      else if ('text' in step) yield { event: { $case: 'text', text: { text: step.text } } };
      else yield { event: { $case: 'caption', caption: { index, caption: step.caption, truncated: false } } };
    }
    const finish = { reason: FinishReason.FINISH_REASON_STOP, promptTokens: 10, videoTokens: 65, completionTokens: 5, cachedTokens: 2, firstTokenMs: 1, modelMs: 2, visionMs: 3, bundleRevision: 'rev', seed: 7 };
    yield { event: { $case: 'finish', finish } };
  }

  private untilLeft(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        this.cancelled += 1;
        reject(new DomainError('cancelled', 'left'));
      });
    });
  }
}

/** A safety stage that declines one word, and can be switched off. */
@Injectable()
export class FakeSafety extends GrpcController {
  override readonly app = 'safety';
  override readonly definition = SafetyServiceService;
  down = false;
  /** Calls that will fail before it works again. */
  failures = 0;
  videoAllowed = true;
  screened: ScreenTextRequest[] = [];

  async screenText(request: ScreenTextRequest): Promise<ScreenTextResponse> {
    const fails = this.failures > 0 || request.texts.some((text) => text.includes(UNSCREENABLE));
    this.failures = Math.max(0, this.failures - 1);
    if (this.down || fails) throw new DomainError('model_unavailable', 'The model is not loaded.');
    this.screened.push(request);
    return { verdicts: request.texts.map((text) => toWire(judgeText(scoresOf(text), POLICY, request.own && ownFromWire(request.own)).inForce, request.stage)) };
  }

  async screenVideo({ own }: ScreenVideoRequest): Promise<ScreenVideoResponse> {
    if (this.down) throw new DomainError('model_unavailable', 'The model is not loaded.');
    const score = this.videoAllowed ? 0.1 : 0.9;
    const { verdict, flags } = judgeFrames([score], FRAME_RULE, own && ownFromWire(own)).inForce;
    return { verdict: toWire(verdict, Stage.STAGE_INPUT), frames: [{ timestampMs: 40, score, flagged: flags[0] ?? true }] };
  }

  screenFrames(): Promise<ScreenFramesResponse> {
    throw new Error('not asked for');
  }
}

/** A frame extractor that takes anything that begins with `ftyp` at byte 4 for a video. */
@Injectable()
export class FakeFrames extends GrpcController {
  override readonly app = 'frame-extractor';
  override readonly definition = FramesServiceService;
  asked: string[] = [];
  /** Milliseconds that a video takes. */
  delayMs = 0;

  async extractFrames({ video }: ExtractFramesRequest): Promise<ExtractFramesResponse> {
    if (video === undefined) throw new DomainError('invalid_request', 'no video');
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    this.asked.push(video.key);
    if (video.bytes < 16) throw new DomainError('invalid_video', 'This is not a video; send an mp4.', { param: 'file' });
    const facts = { container: 'mp4', codec: 'h264', width: 128, height: 128, durationMs: 2_000, frameCount: 16, frameRate: 8 };
    return { frames: { understanding: video, screening: video, thumbnail: video, facts, understandingTimestampsMs: [0], screeningTimestampsMs: [0], stills: [{ ...video, mediaType: 'image/jpeg' }] } };
  }
}

const POLICY = { version: 'test', thresholds: { violence: 0.5, hate: 0.5 } };
const FRAME_RULE = { threshold: 0.5, frames: 1, maxFlagged: 0, policyVersion: 'test' };

function scoresOf(text: string): Record<string, number> {
  return { violence: text.includes(BAD) ? 0.99 : 0.01, hate: 0.001 };
}

function toWire({ scores, flagged, ...verdict }: Verdict, stage: Stage) {
  return { ...verdict, scores: { ...scores }, flagged: [...flagged], stage };
}
