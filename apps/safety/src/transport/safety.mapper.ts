import { requireAssetRef } from '@gpt4video/contracts/asset-wire';
import type { FramesExtracted, SafetyDecided, VideoScreened } from '@gpt4video/contracts/gen/gpt4video/events/v1/events';
import type { ExtractFramesResponse, FrameSet } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import type { OwnThresholds as WireThresholds, ScreenFramesRequest, ScreenTextRequest, ScreenVideoResponse, Verdict as WireVerdict } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { ownFromWire } from '@gpt4video/contracts/own-thresholds-wire';
import { bytesFromWire } from '@gpt4video/contracts/tensor-wire';
import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import { isProbability } from '@gpt4video/model/safety/policy';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { FrameBatch } from '../core/screen-frames.service.js';
import type { StagedVerdict, VideoVerdict } from '../core/screening.js';
import type { ScreeningFrames } from '../core/screening-frame-source.js';
import { stageToWire } from './stage.mapper.js';

// Far above what a turn holds; a bound on the work of one call.
const MAX_TEXTS = 256;

/** The texts of a request. */
export function textsOf({ texts }: ScreenTextRequest): readonly string[] {
  if (texts.length === 0 || texts.length > MAX_TEXTS) throw new DomainError('invalid_request', `Send 1 to ${MAX_TEXTS} texts, found ${texts.length}.`, { param: 'texts' });
  return texts;
}

/** The tenant's own thresholds in a request. Throws `invalid_request` for one that is no probability. */
export function ownOf({ own }: { readonly own?: WireThresholds | undefined }): OwnThresholds | undefined {
  if (own === undefined) return undefined;
  if (![...Object.values(own.thresholds), own.frameThreshold ?? 0].every(isProbability)) throw new DomainError('invalid_request', 'A threshold is no number from 0 to 1.', { param: 'own' });
  return ownFromWire(own);
}

/** The frames of a request: `[frames, height, width, 3]` bytes with one timestamp a frame. */
export function batchOf({ frames, timestampsMs }: ScreenFramesRequest): FrameBatch {
  const { shape, data } = bytesFromWire(frames, 'frames');
  const [count, height = 0, width = 0, channels] = shape;
  if (shape.length !== 4 || channels !== 3) throw new DomainError('invalid_request', `Frames must be [frames, height, width, 3], found [${shape.join(', ')}].`, { param: 'frames.shape' });
  if (count !== timestampsMs.length) throw new DomainError('invalid_request', `${count} frames need as many timestamps, found ${timestampsMs.length}.`, { param: 'timestamps_ms' });
  return { pixels: data, width, height, timestampsMs };
}

/** A verdict on the wire. */
export function verdictToWire(verdict: StagedVerdict): WireVerdict {
  const { allowed, category, score, threshold, policyVersion, scores, stage, flagged } = verdict;
  return { allowed, category, score, threshold, policyVersion, scores: { ...scores }, stage: stageToWire(stage), flagged: [...flagged] };
}

/** The decision about a video on the wire. */
export function videoVerdictToWire({ verdict, frames }: VideoVerdict): ScreenVideoResponse {
  return { verdict: verdictToWire(verdict), frames: frames.map((frame) => ({ ...frame })) };
}

/** The screening frames in the frame extractor's answer. */
export function screeningFramesOf(response: ExtractFramesResponse): ScreeningFrames {
  return framesOfSet(response.frames);
}

/** The file, video and screening frames of a fact, and by which thresholds it is screened. Throws as `ownOf`. */
export function extractionOf(fact: FramesExtracted): { readonly fileId: string; readonly video: AssetRef; readonly frames: ScreeningFrames; readonly own: OwnThresholds | undefined } {
  if (fact.fileId === '') throw new DomainError('invalid_request', 'The fact names no file; send file_id.', { param: 'file_id' });
  return { fileId: fact.fileId, video: requireAssetRef(fact.video, 'video'), frames: framesOfSet(fact.frames), own: ownOf(fact) };
}

/** The fact that a video was screened. */
export function videoScreened(fileId: string, video: AssetRef, { allowed, category, score }: StagedVerdict): VideoScreened {
  return { fileId, video, allowed, category, score };
}

/** The fact that something was decided, without the content. */
export function safetyDecided({ stage, allowed, category, score, threshold, policyVersion }: StagedVerdict): SafetyDecided {
  return { stage, allowed, category, score, threshold, policyVersion };
}

function framesOfSet(set: FrameSet | undefined): ScreeningFrames {
  return { artifact: requireAssetRef(set?.screening, 'frames.screening'), timestampsMs: set?.screeningTimestampsMs ?? [] };
}
