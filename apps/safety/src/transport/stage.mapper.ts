import { Stage as WireStage } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { DomainError } from '@gpt4video/ports/errors';
import type { Stage } from '../core/screening.js';

const STAGES: Readonly<Partial<Record<WireStage, Stage>>> = {
  [WireStage.STAGE_INPUT]: 'input',
  [WireStage.STAGE_OUTPUT]: 'output',
  [WireStage.STAGE_CAPTION]: 'caption',
  [WireStage.STAGE_FILM]: 'film',
};

const WIRE_STAGES: Readonly<Record<Stage, WireStage>> = {
  input: WireStage.STAGE_INPUT,
  output: WireStage.STAGE_OUTPUT,
  caption: WireStage.STAGE_CAPTION,
  film: WireStage.STAGE_FILM,
};

/** The stage of a request. Throws `invalid_request` when it is not set or unknown. */
export function stageOf(wire: WireStage): Stage {
  const stage = STAGES[wire];
  if (stage === undefined) throw new DomainError('invalid_request', 'The stage is not set; send STAGE_INPUT, STAGE_OUTPUT, STAGE_CAPTION or STAGE_FILM.', { param: 'stage' });
  return stage;
}

/** The stage on the wire. */
export function stageToWire(stage: Stage): WireStage {
  return WIRE_STAGES[stage];
}
