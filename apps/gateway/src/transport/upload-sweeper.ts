import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Drain } from '@gpt4video/platform/drain';
import { Logger } from '@gpt4video/platform/logging';
import { UploadService } from '../core/uploads/upload.service.js';

const PERIOD_MS = 60_000;

/** Once a minute removes what is left of uploads whose time has passed. */
@Injectable()
export class UploadSweeper implements OnApplicationBootstrap {
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly uploads: UploadService,
    private readonly drain: Drain,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const timer = setInterval(() => {
      this.round = this.round.then(() => this.uploads.sweep()).catch((err: unknown) => this.logger.warn('expired uploads could not be removed; it is tried again', { err }));
    }, PERIOD_MS);
    timer.unref();
    this.drain.add('work', 'upload sweeper', async () => {
      clearInterval(timer);
      await this.round;
    });
  }
}
