import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { Health } from '@gpt4video/platform/health';
import { recentSpansOf } from '@gpt4video/platform/recent-spans';
import { Clock } from '@gpt4video/ports/clock';
import { DomainError } from '@gpt4video/ports/errors';
import type { z } from 'zod';
import { ModelCatalog } from '../../core/models/model-catalog.js';
import { OperationsBoard } from '../../core/operations/operations-board.js';
import { Admission } from './admission.js';
import { toGenerationFacts, toStage, toTrace, traceIdOf } from './admin.mapper.js';
import { generationTrace, overview } from './admin.schema.js';
import { json, Operation } from './openapi/operation.js';
import { OperatorGuard } from './operator.guard.js';

const MOST_GENERATIONS = 20;

/** `/v1/admin`: what operators look at. Only the admin key is let in. */
@Controller('v1/admin')
@UseGuards(OperatorGuard)
export class AdminController {
  constructor(
    private readonly board: OperationsBoard,
    private readonly catalog: ModelCatalog,
    private readonly health: Health,
    private readonly admission: Admission,
    private readonly clock: Clock,
  ) {}

  @Get('overview')
  @Operation({ id: 'getOverview', tag: 'admin', summary: 'Stages, models and the last generations (extension)', operator: true, answers: { 200: json(overview, 'How the service stands') }, errors: ['not_found'] })
  async overview(): Promise<z.output<typeof overview>> {
    const [stages, generations] = await Promise.all([this.board.stages(), this.board.recent(MOST_GENERATIONS)]);
    return {
      object: 'overview',
      at_ms: this.clock.now(),
      stages: [toStage(this.admission.turns), ...stages.map(toStage)],
      models: this.catalog.list().map(({ id, revision, parts }) => ({ id, revision, parts: { ...parts } })),
      loaded: this.health.models().map(({ name, revision, ready }) => ({ name, revision, ready })),
      generations: generations.map(toGenerationFacts),
    };
  }

  @Get('generations/:id/trace')
  @Operation({ id: 'getGenerationTrace', tag: 'admin', summary: 'Where the time of one generation went (extension)', operator: true, answers: { 200: json(generationTrace, 'Its request, piece by piece') } })
  async trace(@Param('id') id: string): Promise<z.output<typeof generationTrace>> {
    const generation = await this.board.find(id);
    if (generation === undefined) throw new DomainError('not_found', `No generation "${id}".`);
    return toTrace(generation, recentSpansOf(traceIdOf(generation.traceparent) ?? ''));
  }
}
