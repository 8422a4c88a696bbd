/** Bytes that pass for a clip. */
export const CLIP = Uint8Array.from({ length: 1_000 }, (_, index) => index % 251);

/** A file as clients read it. */
export interface ApiFile {
  readonly id: string;
  readonly status: string;
  readonly status_details: Record<string, { readonly status: string; readonly code?: string }>;
}

/** A video as clients read it. */
export interface ApiVideo {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly error: { readonly code: string; readonly retryable: boolean } | null;
}
