import { Frame, SoftwareScaleContext } from 'node-av/lib';
import { AV_FRAME_DATA_DISPLAYMATRIX, AV_PIX_FMT_RGB24, AVCOL_PRI_UNSPECIFIED, AVCOL_RANGE_JPEG, AVCOL_SPC_BT709, AVCOL_SPC_UNSPECIFIED, AVCOL_TRC_UNSPECIFIED } from 'node-av/constants';
import { orient, orientationOf } from './orientation.js';

/** A picture of `[height, width, 3]` RGB bytes. */
export interface RgbPicture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Bounds and geometry for all frames of a video. */
export interface ConverterOptions {
  /** Longest side of a picture. */
  readonly maxSide: number;
  readonly pixelAspect: number;
  /** Display matrix of the stream, where a frame brings none. */
  readonly matrix: Uint8Array | null;
}

/** Wider or higher than this, colour that names no matrix is BT.709, below BT.601, as players have it. */
const SD = { width: 1279, height: 576 };

/** Decoded frames to upright RGB, scaled in FFmpeg before the pixels leave native memory. */
export class RgbConverter {
  private readonly scaler = new SoftwareScaleContext();
  private readonly options: ConverterOptions;

  constructor(options: ConverterOptions) {
    this.options = options;
    this.scaler.allocContext();
    this.scaler.setOption('sws_flags', 'bicubic+accurate_rnd+full_chroma_int+full_chroma_inp');
  }

  /** Converts one frame; names its colour matrix when nobody did, and forgets its primaries. */
  convert(frame: Frame): RgbPicture {
    if (frame.colorSpace === AVCOL_SPC_UNSPECIFIED && (frame.width > SD.width || frame.height > SD.height)) frame.colorSpace = AVCOL_SPC_BT709;
    // Unnamed, these keep swscale from mapping gamuts: pictures of HDR video stay as they are coded.
    frame.colorPrimaries = AVCOL_PRI_UNSPECIFIED;
    frame.colorTrc = AVCOL_TRC_UNSPECIFIED;
    const displayed = { width: frame.width * this.options.pixelAspect, height: frame.height };
    const scale = Math.min(1, this.options.maxSide / Math.max(displayed.width, displayed.height));
    const width = Math.max(1, Math.round(displayed.width * scale));
    const height = Math.max(1, Math.round(displayed.height * scale));
    const pixels = this.scale(frame, width, height);
    const orientation = orientationOf(frame.getSideData(AV_FRAME_DATA_DISPLAYMATRIX) ?? this.options.matrix);
    const upright = orient(pixels, width, height, orientation);
    return orientation.transpose ? { pixels: upright, width: height, height: width } : { pixels: upright, width, height };
  }

  /** Frees native memory. */
  free(): void {
    this.scaler.freeContext();
  }

  private scale(frame: Frame, width: number, height: number): Uint8Array {
    const target = new Frame();
    target.alloc();
    try {
      target.format = AV_PIX_FMT_RGB24;
      target.width = width;
      target.height = height;
      target.colorRange = AVCOL_RANGE_JPEG;
      target.allocBuffer();
      const result = this.scaler.scaleFrameSync(target, frame);
      if (result < 0) throw new Error(`swscale refused format ${frame.format} at ${frame.width}×${frame.height}: ${result}`);
      return target.toBuffer();
    } finally {
      target.free();
    }
  }
}
