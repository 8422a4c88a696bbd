import { useState } from 'react';
import { uploadClip } from '../api/client';
import type { Clip } from './state';

/** A clip on its way to the server. */
export interface PendingClip {
  readonly id: number;
  readonly name: string;
  readonly state: 'uploading' | 'ready' | 'failed';
  readonly fileId?: string;
  readonly error?: string;
}

/** Clips attached to the next message. */
export interface Clips {
  readonly pending: readonly PendingClip[];
  add(files: Iterable<File>): void;
  remove(id: number): void;
  /** The uploaded ones, and none left behind. */
  take(): readonly Clip[];
}

/** Uploads clips as they are dropped, so that they are ready when the question is. */
export function useClips(): Clips {
  const [pending, setPending] = useState<readonly PendingClip[]>([]);
  const update = (id: number, change: Partial<PendingClip>): void => setPending((all) => all.map((clip) => (clip.id === id ? { ...clip, ...change } : clip)));

  const upload = async (file: File, id: number): Promise<void> => {
    try {
      const stored = await uploadClip(file);
      update(id, { state: 'ready', fileId: stored.id });
    } catch (error) {
      update(id, { state: 'failed', error: error instanceof Error ? error.message : 'The upload failed.' });
    }
  };

  return {
    pending,
    add: (files) => {
      for (const [offset, file] of [...files].entries()) {
        const id = Date.now() + offset;
        setPending((all) => [...all, { id, name: file.name, state: 'uploading' }]);
        void upload(file, id);
      }
    },
    remove: (id) => setPending((all) => all.filter((clip) => clip.id !== id)),
    take: () => {
      const ready = pending.flatMap((clip) => (clip.fileId === undefined ? [] : [{ fileId: clip.fileId, name: clip.name }]));
      setPending([]);
      return ready;
    },
  };
}
