import { useReducer, useRef } from 'react';
import { sentenceOf } from '../api/api-error';
import { uploadClip } from '../api/files';
import { newId } from '../new-id';
import type { Clip } from './entry';
import { nameOfLink } from './links';
import { type PendingClip, readyClips, reduceClips } from './pending-clip';

/** Clips attached to the next question. */
export interface PendingClips {
  readonly all: readonly PendingClip[];
  addFiles(files: Iterable<File>): void;
  addLinks(links: readonly string[]): void;
  remove(id: string): void;
  retry(clip: PendingClip): void;
  /** Those that are ready; none is left behind. */
  take(): readonly Clip[];
}

/** Uploads clips as they are dropped, so that they are there when the question is. */
export function usePendingClips(): PendingClips {
  const [all, dispatch] = useReducer(reduceClips, []);
  const uploads = useRef(new Map<string, AbortController>());

  const upload = async (id: string, file: File): Promise<void> => {
    const control = new AbortController();
    uploads.current.set(id, control);
    const tell = (clip: Partial<PendingClip>): void => dispatch({ kind: 'changed', id, clip });
    tell({ state: 'uploading', sent: 0 });
    try {
      const stored = await uploadClip(file, { key: id, signal: control.signal, onProgress: (sent) => tell({ sent }) });
      tell({ state: 'ready', fileId: stored.id });
    } catch (error) {
      if (!control.signal.aborted) tell({ state: 'failed', error: sentenceOf(error) });
    } finally {
      uploads.current.delete(id);
    }
  };

  return {
    all,
    addFiles: (files) => {
      const clips = [...files].map((file): PendingClip & { file: File } => ({ id: newId(), name: file.name, state: 'uploading', sent: 0, file }));
      dispatch({ kind: 'added', clips });
      for (const { id, file } of clips) void upload(id, file);
    },
    addLinks: (links) => dispatch({ kind: 'added', clips: links.map((url) => ({ id: newId(), name: nameOfLink(url), state: 'ready', sent: 1, url })) }),
    remove: (id) => {
      uploads.current.get(id)?.abort();
      dispatch({ kind: 'removed', id });
    },
    retry: ({ id, file }) => void (file !== undefined && upload(id, file)),
    take: () => {
      dispatch({ kind: 'taken' });
      return readyClips(all);
    },
  };
}
