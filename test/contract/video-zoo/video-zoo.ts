import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DecodedFrame } from '@gpt4video/ports/video-codec';

/** A video to make; what is left out is 30 frames of 96×64 at 25 fps, 4:2:0, BT.709, limited range. */
export interface VideoSpec {
  readonly path: string;
  readonly encoder: string;
  readonly format?: string;
  readonly pixels?: string;
  readonly width?: number;
  readonly height?: number;
  readonly frames?: number;
  readonly fps?: number;
  readonly gop?: number;
  readonly bFrames?: number;
  /** Milliseconds at which the frames are shown, instead of a constant rate. */
  readonly times?: readonly number[];
  readonly sar?: readonly [number, number];
  /** `[a, b, c, d]` of the display matrix: `x' = a·x + c·y`, `y' = b·x + d·y`. */
  readonly display?: readonly [number, number, number, number];
  readonly matrix?: 'bt601' | 'bt709';
  readonly range?: 'tv' | 'pc';
  readonly options?: Readonly<Record<string, string>>;
  readonly muxer?: Readonly<Record<string, string>>;
}

/** A folder of videos that are made when a test asks for them. */
export class VideoZoo {
  private constructor(readonly folder: string) {}

  static async open(): Promise<VideoZoo> {
    return new VideoZoo(await mkdtemp(join(tmpdir(), 'zoo-')));
  }

  /** Makes a video and returns its path. */
  async make(name: string, spec: Omit<VideoSpec, 'path'>): Promise<string> {
    const path = join(this.folder, name);
    const script = join(import.meta.dirname, 'make-videos.mjs');
    await promisify(execFile)(process.execPath, [script, JSON.stringify([{ path, ...spec }])], { maxBuffer: 16 * 1024 * 1024 });
    return path;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Colour at a place given in parts of width and height. */
export function colourAt({ pixels, width, height }: DecodedFrame, x: number, y: number): readonly [number, number, number] {
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  return [pixels[at] ?? -1, pixels[at + 1] ?? -1, pixels[at + 2] ?? -1];
}

const NAMES = { red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255], yellow: [255, 255, 0] } as const;

/** Names of the four corners, row by row: `red green blue yellow` as drawn. A colour further than 60 from all is given as numbers. */
export function corners(frame: DecodedFrame): string {
  const places = [[0.08, 0.08], [0.92, 0.08], [0.08, 0.92], [0.92, 0.92]] as const;
  return places.map(([x, y]) => nameOf(colourAt(frame, x, y))).join(' ');
}

function nameOf(colour: readonly number[]): string {
  const match = Object.entries(NAMES).find(([, named]) => named.every((value, channel) => Math.abs(value - (colour[channel] ?? 0)) < 60));
  return match?.[0] ?? colour.join(',');
}

/** The index that is drawn into the middle of an upright frame. */
export function drawnIndex(frame: DecodedFrame): number {
  const [low, high] = [0.4, 0.6].map((x) => Math.round((colourAt(frame, x, 0.5)[1] - 20) / 7)) as [number, number];
  return high * 30 + low;
}
