import { Stage, type ScreenFramesRequest, type ScreenFramesResponse } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { tensorToWire } from '@gpt4video/contracts/tensor-wire';
import { ownToWire } from '@gpt4video/contracts/own-thresholds-wire';
import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import { DomainError } from '@gpt4video/ports/errors';
import type { FilmDecision, FilmSample } from '../core/film-screen.js';

/** Frames to screen, on the wire. */
export function sampleToWire({ pixels, width, height, timestampsMs }: FilmSample, own?: OwnThresholds): ScreenFramesRequest {
  return {
    frames: tensorToWire({ shape: [timestampsMs.length, height, width, 3], data: pixels }),
    timestampsMs: [...timestampsMs],
    stage: Stage.STAGE_FILM,
    own: own && ownToWire(own),
  };
}

/** What the safety service decided. An answer without a verdict is none: throws `screening_unavailable`. */
export function decisionOf({ verdict }: ScreenFramesResponse): FilmDecision {
  if (verdict === undefined) throw new DomainError('screening_unavailable', 'The safety service answered without a verdict, so the film is held back.');
  const { allowed, category, score, threshold, policyVersion } = verdict;
  return { allowed, category, score, threshold, policyVersion, stage: 'film' };
}
