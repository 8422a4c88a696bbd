/** Bounds on what is taken in. */
export abstract class UploadLimits {
  /** Most bytes of one file. */
  abstract readonly maxBytes: number;
}
