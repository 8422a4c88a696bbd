import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { GatewayConfig } from '../../config.js';
import { isTerminal } from '../../core/generations/generation.js';
import { GenerationRepository } from '../../core/generations/generation-repository.js';
import { GenerationService } from '../../core/generations/generation.service.js';
import { disconnectSignal } from './disconnect-signal.js';
import { EventStream } from './event-stream.js';
import { Operation } from './openapi/operation.js';
import { TenantId } from './tenant-id.js';
import { videoEvent } from './videos.answer.schema.js';

/** Milliseconds between looks at the events of a film. */
const LOOK_MS = 200;

const replayHeaders = z.object({ 'Last-Event-ID': z.string().optional().describe('Number of the last event seen; those after it are sent') });

/** `GET /v1/videos/{id}/events`: what happened to a film, from the beginning or after `Last-Event-ID`, until it ends. */
@Controller('v1/videos/:id/events')
export class VideoEventsController {
  constructor(
    private readonly generations: GenerationService,
    private readonly events: GenerationRepository,
    private readonly clock: Clock,
    private readonly config: GatewayConfig,
  ) {}

  @Get()
  @Operation({ id: 'followVideo', tag: 'videos', summary: 'What happens to a film, as it happens (extension)', headers: replayHeaders, answers: { 200: { kind: 'events', event: videoEvent, description: 'Events until the film has ended; ids count from 1' } } })
  async follow(@Param('id') id: string, @Headers('last-event-id') last: string | undefined, @TenantId() tenantId: string, @Res() reply: FastifyReply): Promise<void> {
    await this.generations.get(tenantId, id);
    const signal = disconnectSignal(reply);
    const stream = new EventStream(reply, this.config);
    let seen = /^\d{1,9}$/.test(last ?? '') ? Number(last) : 0;
    try {
      for (let ended = false; !ended && !signal.aborted; ) {
        // Looked at before the events are read: once it has ended, those are all there will be.
        ended = await this.hasEnded(tenantId, id);
        for (const event of await this.events.eventsAfter(id, seen)) {
          seen = event.sequence;
          const data = { id, status: event.type === 'progress' ? 'in_progress' : event.type, progress: event.progress, at: event.atMs };
          await stream.send({ id: String(event.sequence), event: event.type, data: JSON.stringify(data) });
        }
        if (!ended) await this.clock.sleep(LOOK_MS, signal).catch(() => undefined);
      }
    } finally {
      stream.close();
    }
  }

  private async hasEnded(tenantId: string, id: string): Promise<boolean> {
    const generation = await this.events.find(tenantId, id);
    return generation === undefined || isTerminal(generation.status);
  }
}
