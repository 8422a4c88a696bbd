import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { type BlockingVerdict, DomainError } from '@gpt4video/ports/errors';
import { ObjectStore } from '@gpt4video/ports/object-store';
import type { ModelCard } from '../models/model-catalog.js';
import { idOf } from '../new-id.js';
import type { Page, PageRequest } from '../page.js';
import { Screener } from '../screening/screener.js';
import { type FilmOptions, type OptionNames, toFilmSpec } from './film-options.js';
import type { Generation } from './generation.js';
import { GenerationRepository } from './generation-repository.js';

/** A film to queue. */
export interface FilmOrder {
  readonly tenantId: string;
  readonly caption: string;
  readonly card: ModelCard;
  readonly options: FilmOptions;
  /** How the request spells the options. */
  readonly names: OptionNames;
  readonly traceparent: string;
  /** The generation that it is a remix of. */
  readonly remixedFrom?: string;
  /** Names the order, the same for every try of it; absent when it cannot be repeated. */
  readonly once?: string | undefined;
}

/** Highest seed: it must survive JSON and 31-bit generators alike. */
const MAX_SEED = 2 ** 31 - 1;

const NO_VERDICT: BlockingVerdict = { category: '', score: 0, threshold: 0, stage: 'caption', policyVersion: '' };

/** Films that people ask for. */
@Injectable()
export class GenerationService {
  constructor(
    private readonly generations: GenerationRepository,
    private readonly screener: Screener,
    private readonly store: ObjectStore,
    private readonly clock: Clock,
  ) {}

  /** Screens the caption, then queues. Throws `content_blocked` with the category, or `invalid_request`. */
  async screenAndQueue(order: FilmOrder, signal: AbortSignal): Promise<Generation> {
    const texts = [order.caption, ...(order.options.negativePrompt ? [order.options.negativePrompt] : [])];
    const verdicts = await this.screener.screenTexts({ tenantId: order.tenantId, texts, stage: 'caption' }, signal);
    const refused = verdicts.find(({ allowed }) => !allowed);
    if (refused !== undefined || verdicts.length < texts.length) {
      throw new DomainError('content_blocked', `The prompt was declined by the safety policy (${refused?.category ?? 'no verdict'}); describe something else.`, { verdict: refused ?? NO_VERDICT, param: 'prompt' });
    }
    return this.queue(order);
  }

  /** Queues a film whose caption was screened. Throws `invalid_request` for what the model cannot do. */
  async queue(order: FilmOrder): Promise<Generation> {
    const { tenantId, card, options } = order;
    const film = toFilmSpec(order.caption, { ...options, seed: options.seed ?? randomInt(MAX_SEED) }, card.film, order.names);
    const generation: Generation = {
      id: idOf('video', order.once),
      tenantId,
      model: card.id,
      status: 'queued',
      progress: 0,
      priority: 0,
      film,
      attempt: 0,
      traceparent: order.traceparent,
      ...(order.remixedFrom === undefined ? {} : { remixedFrom: order.remixedFrom }),
      createdAtMs: this.clock.now(),
    };
    return this.generations.add(generation);
  }

  /** The tenant's generation. Throws `not_found`. */
  async get(tenantId: string, id: string): Promise<Generation> {
    return this.found(id, await this.generations.find(tenantId, id));
  }

  list(tenantId: string, page: PageRequest): Promise<Page<Generation>> {
    return this.generations.list(tenantId, page);
  }

  /** Stops it unless it has ended; what has ended stays as it is. Throws `not_found`. */
  async cancel(tenantId: string, id: string): Promise<Generation> {
    return this.found(id, await this.generations.cancel(tenantId, id));
  }

  /** Stops it if need be and forgets it with its film. Throws `not_found`. */
  async remove(tenantId: string, id: string): Promise<void> {
    await this.cancel(tenantId, id);
    const removed = await this.generations.remove(tenantId, id);
    for (const key of removed?.orphanKeys ?? []) await this.store.delete(key);
  }

  private found(id: string, generation: Generation | undefined): Generation {
    if (generation !== undefined) return generation;
    throw new DomainError('not_found', `No video "${id}"; make one with POST /v1/videos, or list yours with GET /v1/videos.`);
  }
}
