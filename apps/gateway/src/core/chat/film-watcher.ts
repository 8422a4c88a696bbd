import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { isTerminal } from '../generations/generation.js';
import { GenerationRepository } from '../generations/generation-repository.js';
import type { AnswerVideo } from './turn.js';

/** Milliseconds between looks at a film that is being made. */
const LOOK_MS = 200;

/** Follows films until they are made. */
@Injectable()
export class FilmWatcher {
  constructor(
    private readonly generations: GenerationRepository,
    private readonly clock: Clock,
  ) {}

  /** Yields a video whenever its status or progress changed, and ends when all have ended. A deleted film counts as cancelled. */
  async *follow(tenantId: string, videos: readonly AnswerVideo[], signal: AbortSignal): AsyncGenerator<AnswerVideo> {
    let open = [...videos];
    while (open.length > 0) {
      const next: AnswerVideo[] = [];
      for (const known of open) {
        const { status, progress } = (await this.generations.find(tenantId, known.id)) ?? { status: 'cancelled' as const, progress: known.progress };
        const video = { ...known, status, progress };
        if (status !== known.status || progress !== known.progress) yield video;
        if (!isTerminal(status)) next.push(video);
      }
      open = next;
      if (open.length > 0) await this.clock.sleep(LOOK_MS, signal);
    }
  }
}
