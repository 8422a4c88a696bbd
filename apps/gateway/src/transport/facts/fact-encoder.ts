import { Injectable } from '@nestjs/common';
import { ownToWire } from '@gpt4video/contracts/own-thresholds-wire';
import type { TopicMessage, TopicName } from '@gpt4video/contracts/topics';
import { encodeFact } from '@gpt4video/contracts/event-codec';
import { currentTraceparent } from '@gpt4video/platform/tracing';
import type { DomainFact } from '../../core/domain-fact.js';
import { type EncodedFact, FactEncoder } from '../../storage/outbox-writer.js';

/** The gateway's facts as protobuf. */
@Injectable()
export class ProtobufFactEncoder extends FactEncoder {
  override encode(fact: DomainFact): EncodedFact {
    switch (fact.topic) {
      case 'video.uploaded':
        return encoded(fact.topic, { fileId: fact.fileId, video: { ...fact.video }, own: fact.own && ownToWire(fact.own) });
      case 'generation.queued':
        return encoded(fact.topic, { generationId: fact.generationId });
      case 'generation.finished':
        return encoded(fact.topic, { generationId: fact.generationId, status: fact.status, code: fact.code });
    }
  }

  override traceparent(): string | undefined {
    return currentTraceparent();
  }
}

function encoded<Name extends TopicName>(topic: Name, message: TopicMessage<Name>): EncodedFact {
  // The outbox row gives the fact its id and time.
  const { key, data } = encodeFact(topic, message, { id: '', source: '', timeMs: 0 });
  return { key, data };
}
