/** Names an artifact: what a stage made of a video, with which revision of stage and model. */
export interface ArtifactName {
  /** SHA-256 of the video's bytes, lower-case hexadecimal. */
  readonly videoSha256: string;
  /** The stage, such as `frames`. */
  readonly stage: string;
  /** Revision of stage and model: a change of either makes new artifacts. */
  readonly revision: string;
  /** File name within, such as `understanding.safetensors`. */
  readonly name: string;
}

/** The content address of an artifact: `{sha256}/{stage}/{revision}/{name}`. */
export function artifactKey({ videoSha256, stage, revision, name }: ArtifactName): string {
  return `${videoSha256}/${stage}/${revision}/${name}`;
}
