import { type ProvenanceClaim, ProvenanceSigner } from '@gpt4video/ports/provenance';

/** Signs by writing the claim's title behind the film. */
export class StampedProvenance extends ProvenanceSigner {
  /** The claims, in the order of signing. */
  readonly claims: ProvenanceClaim[] = [];

  override async sign(mp4: Uint8Array, claim: ProvenanceClaim, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    this.claims.push(claim);
    return await Promise.resolve(Buffer.concat([mp4, Buffer.from(`signed:${claim.title}`)]));
  }
}
