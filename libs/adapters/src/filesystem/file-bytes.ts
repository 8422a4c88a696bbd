import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { truncated } from '@gpt4video/model/tensor/byte-source';
import type { ByteSource } from '@gpt4video/model/tensor/byte-source';
import { DomainError } from '@gpt4video/ports/errors';

/**
 * An open file read by range. Reads are synchronous, for commands that do one thing; a service must not use it on its main thread.
 */
export class FileBytes implements ByteSource {
  private constructor(
    readonly name: string,
    readonly length: number,
    private readonly descriptor: number,
  ) {}

  /** Opens the file; `name` is what messages call it. Throws `invalid_request` when it cannot be read. */
  static open(path: string, name = path): FileBytes {
    try {
      const descriptor = openSync(path, 'r');
      return new FileBytes(name, fstatSync(descriptor).size, descriptor);
    } catch (cause) {
      throw new DomainError('invalid_request', `The file ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. Name a file that is there.`, { cause });
    }
  }

  read(start: number, end: number): Uint8Array {
    if (end > this.length) throw truncated(this.name, start, end, this.length);
    const bytes = new Uint8Array(end - start);
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(this.descriptor, bytes, done, Math.min(bytes.length - done, MAX_READ), start + done);
      if (read === 0) throw new DomainError('artifact_corrupt', `${this.name}: the file shrank while it was read. Run the command again.`);
      done += read;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** One system call reads at most so many bytes. */
const MAX_READ = 1 << 28;
