import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Drain } from '@gpt4video/platform/drain';
import { FilmWorker } from '../core/film-worker.js';

/** Ties the worker to the process: it starts when everything is built and stops before the calls it rests on. */
@Injectable()
export class WorkerLifecycle implements OnApplicationBootstrap {
  constructor(
    private readonly worker: FilmWorker,
    private readonly drain: Drain,
  ) {}

  onApplicationBootstrap(): void {
    this.worker.start();
    this.drain.add('work', 'film worker', async (graceMs) => await this.worker.stop(graceMs));
  }
}
