import { Injectable } from '@nestjs/common';
import { CATEGORIES } from '@gpt4video/model/safety/categories';
import { DomainError } from '@gpt4video/ports/errors';
import type { MediaPart } from '../chat/turn.js';
import { MediaService } from '../chat/media.service.js';
import { ModelCatalog } from '../models/model-catalog.js';
import { type FrameScore, Screener, type Verdict } from '../screening/screener.js';

/** Something to look at: words, a picture or a video. */
export type ModerationPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'media'; readonly media: MediaPart; readonly as: 'image' | 'video' };

/** What screening says of one input. */
export interface ModerationResult {
  readonly flagged: boolean;
  /** Version of the policy that decided, with `+tenant` where thresholds of the tenant's own did. */
  readonly policyVersion: string;
  /** Every category of the policy. */
  readonly categories: readonly CategoryResult[];
  /** Frames of each picture and video, in the order of the parts. */
  readonly frames: readonly ModeratedFrames[];
}

/** One category of a result. */
export interface CategoryResult {
  readonly category: string;
  readonly score: number;
  readonly flagged: boolean;
  readonly appliedTo: readonly ('text' | 'image' | 'video')[];
}

/** The frames that a picture or video was judged by. */
export interface ModeratedFrames {
  /** Position of the part in the input, from 0. */
  readonly part: number;
  readonly frames: readonly FrameScore[];
}

/** The results, one an input, and the policy that they follow. */
export interface Moderation {
  readonly policyVersion: string;
  readonly results: readonly ModerationResult[];
}

interface Judged {
  readonly as: 'text' | 'image' | 'video';
  readonly part: number;
  readonly verdict: Verdict;
  readonly frames: readonly FrameScore[];
}

/** Says of content what screening would, without a turn. */
@Injectable()
export class ModerationService {
  constructor(
    private readonly media: MediaService,
    private readonly screener: Screener,
    private readonly catalog: ModelCatalog,
  ) {}

  /** One result an input; an input of several parts is judged as one. Throws `screening_unavailable`, and what is wrong with a medium. */
  async moderate(tenantId: string, inputs: readonly (readonly ModerationPart[])[], signal: AbortSignal): Promise<Moderation> {
    const texts = inputs.flatMap((parts) => parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])));
    const verdicts = [...(texts.length === 0 ? [] : await this.screener.screenTexts({ tenantId, texts, stage: 'input' }, signal))];
    if (verdicts.length !== texts.length) throw new DomainError('screening_unavailable', 'Screening gave no verdict; try again.');
    const results: ModerationResult[] = [];
    for (const parts of inputs) {
      const judged: Judged[] = [];
      for (const [part, content] of parts.entries()) judged.push(content.kind === 'text' ? { as: 'text', part, verdict: verdicts.shift() ?? refuse(), frames: [] } : await this.look(tenantId, part, content, signal));
      results.push(this.resultOf(judged));
    }
    return { policyVersion: this.safety.policyVersion, results };
  }

  private get safety() {
    const [card] = this.catalog.list();
    if (card === undefined) throw new DomainError('model_unavailable', 'No bundle is loaded; try again later.');
    return card.safety;
  }

  private async look(tenantId: string, part: number, { media, as }: Extract<ModerationPart, { kind: 'media' }>, signal: AbortSignal): Promise<Judged> {
    const file = await this.media.fileOf(tenantId, media, signal);
    const { verdict, frames } = await this.screener.screenVideo(tenantId, file.asset, signal);
    return { as, part, verdict, frames };
  }

  private resultOf(judged: readonly Judged[]): ModerationResult {
    const categories = CATEGORIES.map((category) => this.categoryOf(category, judged));
    return {
      flagged: judged.some(({ verdict }) => !verdict.allowed),
      policyVersion: deciding(judged)?.policyVersion ?? this.safety.policyVersion,
      categories,
      frames: judged.flatMap(({ as, part, frames }) => (as === 'text' ? [] : [{ part, frames }])),
    };
  }

  private categoryOf(category: string, judged: readonly Judged[]): CategoryResult {
    const about = judged.filter(({ verdict }) => category in verdict.scores);
    return { category, score: Math.max(0, ...about.map(({ verdict }) => verdict.scores[category] ?? 0)), flagged: about.some(({ verdict }) => verdict.flagged.includes(category)), appliedTo: [...new Set(about.map(({ as }) => as))] };
  }
}

/** The first refusal, else the highest score. */
function deciding(judged: readonly Judged[]): Verdict | undefined {
  const verdicts = judged.map(({ verdict }) => verdict);
  return verdicts.find(({ allowed }) => !allowed) ?? verdicts.toSorted((a, b) => b.score - a.score)[0];
}

function refuse(): never {
  throw new DomainError('screening_unavailable', 'Screening gave no verdict; try again.');
}
