import type { ModuleScope } from './module-scope.js';

/** Feature maps as a batch of pictures, `[videos × frames, channels, height, width]`. */
export interface Pictures {
  readonly value: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Pictures → `[videos, channels, frames, height, width]`. */
export function toVideo(module: ModuleScope, { value, channels, height, width }: Pictures, frames: number): string {
  const apart = module.op('Reshape', [value, module.ints([-1, frames, channels, height, width])], 'frames_apart');
  return module.op('Transpose', [apart], 'video', { perm: { ints: [0, 2, 1, 3, 4] } });
}

/** `[videos, channels, frames, height, width]` → pictures of that size. */
export function toPictures(module: ModuleScope, video: string, size: Omit<Pictures, 'value'>): Pictures {
  const frames = module.op('Transpose', [video], 'frames_first', { perm: { ints: [0, 2, 1, 3, 4] } });
  return { ...size, value: module.op('Reshape', [frames, module.ints([-1, size.channels, size.height, size.width])], 'pictures') };
}
