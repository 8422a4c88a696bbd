import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DialogueServiceClient } from '@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service';
import { callStream, openClient } from '@gpt4video/platform/grpc-client';
import { Dialogue, type DialogueEvent, type DialogueRequest } from '../../core/chat/dialogue.js';
import { fromResponse, toConverseRequest } from './dialogue.mapper.js';
import { StageAddresses } from './stage-addresses.js';

const TIMEOUT_MS = 600_000;

/** The dialogue stage over gRPC. */
@Injectable()
export class DialogueClient extends Dialogue implements OnApplicationShutdown {
  private client: DialogueServiceClient | undefined;

  constructor(private readonly addresses: StageAddresses) {
    super();
  }

  override async *converse(request: DialogueRequest, signal: AbortSignal): AsyncGenerator<DialogueEvent> {
    this.client ??= openClient(DialogueServiceClient, this.addresses.dialogue);
    for await (const response of callStream(this.client, 'converse', toConverseRequest(request), { signal, timeoutMs: TIMEOUT_MS, idempotent: true })) {
      const event = fromResponse(response);
      if (event !== undefined) yield event;
    }
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }
}
