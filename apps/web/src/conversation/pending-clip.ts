import type { Clip } from './entry';

/** A clip attached to the next question. */
export interface PendingClip {
  readonly id: string;
  readonly name: string;
  readonly state: 'uploading' | 'ready' | 'failed';
  /** Share that has been sent, 0 to 1. */
  readonly sent: number;
  readonly fileId?: string;
  readonly url?: string;
  readonly error?: string;
  /** What to send again after a failure. */
  readonly file?: File;
}

/** What can happen to the clips of the next question. */
export type ClipAction =
  | { readonly kind: 'added'; readonly clips: readonly PendingClip[] }
  | { readonly kind: 'changed'; readonly id: string; readonly clip: Partial<PendingClip> }
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'taken' };

/** The clips after an action. */
export function reduceClips(clips: readonly PendingClip[], action: ClipAction): readonly PendingClip[] {
  if (action.kind === 'added') return [...clips, ...action.clips];
  if (action.kind === 'changed') return clips.map((clip) => (clip.id === action.id ? { ...clip, ...action.clip } : clip));
  if (action.kind === 'removed') return clips.filter(({ id }) => id !== action.id);
  return [];
}

/** Those that can be sent. */
export function readyClips(clips: readonly PendingClip[]): readonly Clip[] {
  return clips.filter(({ state }) => state === 'ready').map(({ name, fileId, url }) => ({ name, ...(fileId === undefined ? {} : { fileId }), ...(url === undefined ? {} : { url }) }));
}
