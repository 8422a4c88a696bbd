import { FactEncoder } from '../src/storage/outbox-writer.js';

/** Encodes every fact alike, for specs that do not read them. */
export class PlainEncoder extends FactEncoder {
  override encode() {
    return { key: 'k', data: new Uint8Array([1]) };
  }

  override traceparent() {
    return undefined;
  }
}
