import { DomainError } from '@gpt4video/ports/errors';
import type { Size } from '../tensor/resample.js';

/** Where a tile lies on the sheet, pixels from its left upper corner. */
export interface Tile {
  readonly x: number;
  readonly y: number;
}

/** A sheet of equal tiles, row by row. */
export interface SpritesheetLayout extends Size {
  readonly columns: number;
  readonly rows: number;
  /** One tile a frame. */
  readonly tiles: readonly Tile[];
}

/**
 * Lays `frames` tiles out on a grid, as square as it can be when `columns` is left out.
 * Throws `internal` unless every number is whole and from 1.
 */
export function spritesheetLayout(frames: number, tile: Size, columns = Math.ceil(Math.sqrt(frames))): SpritesheetLayout {
  for (const value of [frames, tile.width, tile.height, columns]) {
    if (!Number.isInteger(value) || value < 1) throw new DomainError('internal', `A sheet needs whole numbers from 1, found ${frames} frames of ${tile.width}×${tile.height} in ${columns} columns.`);
  }
  const used = Math.min(columns, frames);
  const rows = Math.ceil(frames / used);
  const tiles = Array.from({ length: frames }, (_, index) => ({ x: (index % used) * tile.width, y: Math.floor(index / used) * tile.height }));
  return { columns: used, rows, width: used * tile.width, height: rows * tile.height, tiles };
}
