import { Injectable } from '@nestjs/common';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import { Screener, type Verdict } from '../screening/screener.js';
import type { PreparedMedia } from './media.service.js';

/** Screens everything that a person sends to the model. */
@Injectable()
export class InputScreening {
  constructor(private readonly screener: Screener) {}

  /** The verdict that decides: the first refusal, else the highest score. Throws `screening_unavailable`: no verdict means no. */
  async screen(tenantId: string, { messages, files }: PreparedMedia, signal: AbortSignal): Promise<Verdict> {
    const texts = [...new Set(messages.flatMap(({ content }) => content.flatMap((part) => (part.kind === 'text' && part.text.trim() !== '' ? [part.text] : []))))];
    const ofTexts = texts.length === 0 ? Promise.resolve([]) : this.screener.screenTexts({ tenantId, texts, stage: 'input' }, signal);
    const [textVerdicts, fileVerdicts] = await Promise.all([ofTexts, Promise.all(files.map(({ asset }) => this.ofFile(tenantId, asset, signal)))]);
    const verdicts = [...textVerdicts, ...fileVerdicts];
    if (textVerdicts.length !== texts.length || verdicts.length === 0) throw new DomainError('screening_unavailable', 'Screening gave no verdict, and nothing passes without one; try again.');
    return verdicts.find(({ allowed }) => !allowed) ?? verdicts.reduce((highest, verdict) => (verdict.score > highest.score ? verdict : highest));
  }

  private async ofFile(tenantId: string, video: AssetRef, signal: AbortSignal): Promise<Verdict> {
    // The stage keeps its verdicts by content, so asking again is cheap, and the policy and thresholds of today decide.
    return (await this.screener.screenVideo(tenantId, video, signal)).verdict;
  }
}
