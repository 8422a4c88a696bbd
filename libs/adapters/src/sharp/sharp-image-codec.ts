import sharp from 'sharp';
import { DomainError } from '@gpt4video/ports/errors';
import { ImageCodec, type Picture } from '@gpt4video/ports/image-codec';

type Format = 'webp' | 'jpeg' | 'png';

/** Pictures by libvips. */
export class SharpImageCodec extends ImageCodec {
  override async encode(picture: Picture, format: Format): Promise<Uint8Array> {
    const { pixels, width, height } = picture;
    if (pixels.byteLength !== width * height * 3) {
      throw new DomainError('internal', `A picture of ${width}×${height} needs ${width * height * 3} bytes of RGB, and ${pixels.byteLength} came.`);
    }
    return sharp(pixels, { raw: { width, height, channels: 3 } }).toFormat(format, OPTIONS[format]).toBuffer();
  }

  override async grid(pictures: readonly Picture[], columns: number, format: Format): Promise<Uint8Array> {
    const [first] = pictures;
    if (first === undefined || columns < 1) throw new DomainError('internal', 'A grid needs at least one picture and one column.');
    const across = Math.min(columns, pictures.length);
    const width = first.width * across;
    const height = first.height * Math.ceil(pictures.length / across);
    const sheet = { pixels: new Uint8Array(width * height * 3), width, height };
    for (const [index, picture] of pictures.entries()) {
      if (picture.width !== first.width || picture.height !== first.height) throw new DomainError('internal', 'Pictures of a grid have one size; scale them first.');
      paste(sheet, picture, (index % across) * first.width, Math.floor(index / across) * first.height);
    }
    return this.encode(sheet, format);
  }

  override async decode(bytes: Uint8Array, maxPixels: number): Promise<Picture> {
    try {
      const image = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 });
      const { format } = await image.metadata();
      if (!READABLE.has(format)) throw unreadable();
      const { data, info } = await image.autoOrient().flatten().toColourspace('srgb').removeAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
      const { width, height } = info;
      return { pixels: info.channels === 3 ? data : spread(data, width * height), width, height };
    } catch (error) {
      if (error instanceof DomainError) throw error;
      if (error instanceof Error && error.message.includes('pixel limit')) {
        throw new DomainError('invalid_request', `The picture has more than ${maxPixels} pixels; send a smaller one.`, { cause: error });
      }
      throw unreadable(error);
    }
  }
}

const READABLE: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif']);
const OPTIONS = { webp: { quality: 82 }, jpeg: { quality: 85, mozjpeg: false }, png: { compressionLevel: 6 } };

function paste(sheet: Picture, picture: Picture, left: number, top: number): void {
  const row = picture.width * 3;
  for (let y = 0; y < picture.height; y += 1) {
    sheet.pixels.set(picture.pixels.subarray(y * row, (y + 1) * row), ((top + y) * sheet.width + left) * 3);
  }
}

function spread(grey: Uint8Array, count: number): Uint8Array {
  const pixels = new Uint8Array(count * 3);
  for (let i = 0; i < count; i += 1) pixels.fill(grey[i] ?? 0, i * 3, i * 3 + 3);
  return pixels;
}

function unreadable(cause?: unknown): DomainError {
  return new DomainError('invalid_request', 'The picture cannot be read; send a JPEG, PNG, WebP or GIF.', { cause });
}
