import { type FileHandle, open } from 'node:fs/promises';

/** Bytes that are written with one call; two blocks are held, one being filled while the other is written. */
const BLOCK_BYTES = 512 * 1024;

/**
 * Writes chunks into a new file, durably. They are gathered in two blocks that are used again and again, because memory that is taken for
 * every chunk makes the garbage collector walk the whole heap every few dozen megabytes.
 */
export async function writeFileInBlocks(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const blocks = new BlockWriter(file);
    for await (const chunk of chunks) await blocks.add(chunk);
    await blocks.end();
    await file.sync();
  } finally {
    await file.close();
  }
}

class BlockWriter {
  private filling = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  private resting = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  private filled = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly file: FileHandle) {}

  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.byteLength; ) {
      const take = Math.min(BLOCK_BYTES - this.filled, chunk.byteLength - at);
      this.filling.set(chunk.subarray(at, at + take), this.filled);
      this.filled += take;
      at += take;
      if (this.filled === BLOCK_BYTES) await this.turn();
    }
  }

  /** Resolves when all is written. */
  async end(): Promise<void> {
    await this.turn();
    await this.writing;
  }

  /** Writes what is filled, once the block before it is written. */
  private async turn(): Promise<void> {
    await this.writing;
    this.writing = writeAll(this.file, this.filling.subarray(0, this.filled));
    this.writing.catch(() => undefined);
    [this.filling, this.resting, this.filled] = [this.resting, this.filling, 0];
  }
}

/** A write may take fewer bytes than it was given. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) at += (await file.write(bytes, at)).bytesWritten;
}
