import { createReadStream } from 'node:fs';

/** User type of the box that holds a manifest store in an MP4 (C2PA 2.1, A.5.1). */
const C2PA_BOX = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');

/** True when the file holds a C2PA box, whatever became of its contents; false when it cannot be read. */
export async function carriesManifest(path: string): Promise<boolean> {
  let before = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      const window = Buffer.concat([before, chunk]);
      if (window.includes(C2PA_BOX)) return true;
      before = window.subarray(Math.max(0, window.length - C2PA_BOX.length + 1));
    }
  } catch {
    return false;
  }
  return false;
}
