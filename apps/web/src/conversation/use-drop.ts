import { type DragEvent, useState } from 'react';
import { clipLinksIn } from './links';
import type { PendingClips } from './use-pending-clips';

/** Takes clips and links that are dropped anywhere on the element with these handlers. */
export function useDrop(clips: PendingClips) {
  const [over, setOver] = useState(false);
  return {
    over,
    handlers: {
      onDragOver: (event: DragEvent): void => {
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event: DragEvent): void => {
        // Leaving a child for another one is no leaving.
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop: (event: DragEvent): void => {
        event.preventDefault();
        setOver(false);
        clips.addFiles(event.dataTransfer.files);
        clips.addLinks(clipLinksIn(event.dataTransfer.getData('text/uri-list').split('\n')[0] ?? '').links);
      },
    },
  };
}
