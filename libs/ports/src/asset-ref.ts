/** A claim check: where bytes lie and what they must hash to. */
export interface AssetRef {
  readonly bucket: string;
  readonly key: string;
  /** Lower-case hexadecimal SHA-256 of the bytes. */
  readonly sha256: string;
  readonly bytes: number;
  /** IANA media type. */
  readonly mediaType: string;
}
