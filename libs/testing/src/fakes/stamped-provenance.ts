import { type ManifestReading, Provenance, type ProvenanceClaim } from '@gpt4video/ports/provenance';

const STAMP = 'signed:';

/** Signs by writing the claim behind the film; reads what `readingAt` says lies at a path. */
export class StampedProvenance extends Provenance {
  /** The claims, in the order of signing. */
  readonly claims: ProvenanceClaim[] = [];

  constructor(private readonly readingAt: (path: string) => ManifestReading = () => ({ state: 'none', faults: [] })) {
    super();
  }

  override async sign(mp4: Uint8Array, claim: ProvenanceClaim, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    this.claims.push(claim);
    return await Promise.resolve(Buffer.concat([mp4, Buffer.from(STAMP + claim.title)]));
  }

  override async read(path: string, signal: AbortSignal): Promise<ManifestReading> {
    signal.throwIfAborted();
    return await Promise.resolve(this.readingAt(path));
  }
}
