import { Injectable } from '@nestjs/common';
import { DialogueServiceService, type ConverseRequest, type ConverseResponse } from '@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service';
import { GrpcController, type CallContext, type RpcHandlers } from '@gpt4video/platform/grpc-server';
import { ConverseService } from '../core/converse.service.js';
import { eventToWire, turnOf } from './dialogue.mapper.js';

/** Serves answers as streams, pulled by the caller. */
@Injectable()
export class DialogueController extends GrpcController implements RpcHandlers<typeof DialogueServiceService> {
  readonly app = 'dialogue';
  readonly definition = DialogueServiceService;

  constructor(private readonly dialogue: ConverseService) {
    super();
  }

  async *converse(request: ConverseRequest, { signal }: CallContext): AsyncGenerator<ConverseResponse> {
    for await (const event of this.dialogue.converse(turnOf(request), signal)) yield eventToWire(event);
  }
}
