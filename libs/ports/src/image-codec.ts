/** An RGB picture, `[height, width, 3]` bytes. */
export interface Picture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Still pictures for people. */
export abstract class ImageCodec {
  /** Encodes as WebP, JPEG or PNG. */
  abstract encode(picture: Picture, format: 'webp' | 'jpeg' | 'png'): Promise<Uint8Array>;

  /** Lays pictures of one size out in a grid, row by row, and encodes it. */
  abstract grid(pictures: readonly Picture[], columns: number, format: 'webp' | 'jpeg' | 'png'): Promise<Uint8Array>;

  /** Decodes a JPEG, PNG, WebP or GIF (first frame). Throws `invalid_request` with what to do. */
  abstract decode(bytes: Uint8Array, maxPixels: number): Promise<Picture>;
}
