import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import { DomainError } from '@gpt4video/ports/errors';
import { FilmScreen, type FilmDecision, type FilmSample } from '../src/core/film-screen.js';

/** A decision that lets a film pass. */
export const ALLOWED: FilmDecision = { allowed: true, category: '', score: 0, threshold: 0.5, stage: 'film', policyVersion: 'p1' };

/** Decides as it is told, and notes what it was asked. */
export class NotedFilmScreen extends FilmScreen {
  readonly samples: FilmSample[] = [];
  decision: FilmDecision | DomainError = ALLOWED;
  own: OwnThresholds | undefined;

  override async screen(sample: FilmSample, own: OwnThresholds | undefined): Promise<FilmDecision> {
    this.samples.push(sample);
    this.own = own;
    if (this.decision instanceof DomainError) throw this.decision;
    return await Promise.resolve(this.decision);
  }
}
