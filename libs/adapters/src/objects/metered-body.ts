import { createHash } from 'node:crypto';
import { DomainError } from '@gpt4video/ports/errors';
import type { ObjectHead, PutOptions } from '@gpt4video/ports/object-store';
import { abortable } from './abortable.js';

/** A body on its way into a store: counted, hashed, bounded and abortable, whatever it is made of. */
export class MeteredBody {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  constructor(
    private readonly body: AsyncIterable<Uint8Array> | Uint8Array,
    private readonly options: PutOptions,
  ) {}

  /** The chunks, none ahead of its asking. Throws what the body throws, `video_too_large` past the bound, `cancelled` on abort. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { signal, maxBytes = Infinity } = this.options;
    const chunks = this.body instanceof Uint8Array ? [this.body] : signal === undefined ? this.body : abortable(this.body, signal);
    try {
      signal?.throwIfAborted();
      for await (const chunk of chunks) {
        this.bytes += chunk.byteLength;
        if (this.bytes > maxBytes) throw tooLarge(maxBytes);
        this.hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      throw signal?.aborted === true ? cancelled(error) : error;
    }
  }

  /** What went by, once it all has. */
  head(): ObjectHead {
    return { bytes: this.bytes, mediaType: this.options.mediaType, sha256: this.hash.digest('hex') };
  }
}

const cancelled = (cause: unknown): DomainError => new DomainError('cancelled', 'The upload was cancelled.', { cause });
const tooLarge = (maxBytes: number): DomainError => new DomainError('video_too_large', `The file is larger than ${maxBytes} bytes; send a smaller one.`);
