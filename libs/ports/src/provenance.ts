/** What the file of a film says about its making. Never the prompt: files are passed on. */
export interface ProvenanceClaim {
  /** Name of the work, such as the generation's id. */
  readonly title: string;
  /** Revision of the bundle that made it. */
  readonly bundleRevision: string;
}

/**
 * What a file's own manifest amounts to. `ours`: whole, and signed by a certificate that this system trusts; `valid`: whole, signed by
 * someone else; `broken`: the file or its manifest was changed; `none`: it carries no manifest, as after re-encoding.
 */
export type ManifestState = 'ours' | 'valid' | 'broken' | 'none';

/** A manifest as it was found in a file. */
export interface ManifestReading {
  readonly state: ManifestState;
  /** Name and version of the software that made the claim; absent when nothing can be read. */
  readonly generator?: string;
  /** Who signed, by the certificate's organisation. */
  readonly signer?: string;
  /** IPTC URL of the digital source type of the `c2pa.created` action. */
  readonly digitalSourceType?: string;
  /** Revision of the bundle, when one of ours made it. */
  readonly bundleRevision?: string;
  /** C2PA codes of what is wrong, such as `assertion.bmffHash.mismatch`. */
  readonly faults: readonly string[];
}

/** Puts signed statements about where a film comes from into the film's file (C2PA 2). */
export abstract class ProvenanceSigner {
  /** The MP4 with a signed manifest that says it was made by a trained model. Two calls differ in id and signature, never in pictures. */
  abstract sign(mp4: Uint8Array, claim: ProvenanceClaim, signal: AbortSignal): Promise<Uint8Array>;
}

/** Reads such statements. */
export abstract class ProvenanceReader {
  /** Reads and checks the manifest inside a file; nothing is fetched from elsewhere. A file that is no MP4 carries none that is read. */
  abstract read(path: string, signal: AbortSignal): Promise<ManifestReading>;
}
