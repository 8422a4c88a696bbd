import type { LocalSigner } from '@contentauth/c2pa-node';
import { DomainError } from '@gpt4video/ports/errors';
import { type ManifestReading, Provenance, type ProvenanceClaim } from '@gpt4video/ports/provenance';
import { type C2paLibrary, loadC2pa, offlineSettings } from './c2pa-library.js';
import { carriesManifest } from './carries-manifest.js';
import { BUNDLE_ASSERTION, readingOf } from './manifest-reading.js';
import { type SigningIdentity, signingAlgorithm } from './signing-identity.js';

const GENERATOR = { name: 'GPT4Video', version: '0.1.0' };
const MADE_BY_A_MODEL = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const MP4 = 'video/mp4';

type Intent = Parameters<InstanceType<C2paLibrary['Builder']>['setIntent']>[0];

/** Manifests by the library of the Content Authenticity Initiative. */
export class C2paProvenance extends Provenance {
  private constructor(
    private readonly library: C2paLibrary,
    private readonly signer: LocalSigner,
    private readonly settings: string,
  ) {
    super();
  }

  /** Tries key and chain on a film of nothing. Throws `model_unavailable` when the library does not load, `invalid_request` when key and chain are of no use. */
  static async open(identity: SigningIdentity): Promise<C2paProvenance> {
    const library = await loadC2pa();
    try {
      const signer = library.LocalSigner.newSigner(Buffer.from(identity.certificates), Buffer.from(identity.privateKey), signingAlgorithm(identity.privateKey));
      const provenance = new C2paProvenance(library, signer, offlineSettings(library, identity.trustAnchors));
      provenance.embed(EMPTY_MP4, { title: '', bundleRevision: '' });
      return provenance;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DomainError('invalid_request', `Films cannot be signed with the given certificate and key (${reason}); give a PKCS#8 key and a C2PA signing certificate with its chain, both PEM.`, { cause: error });
    }
  }

  override async sign(mp4: Uint8Array, claim: ProvenanceClaim, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    return await Promise.resolve(this.embed(mp4, claim));
  }

  override async read(path: string, signal: AbortSignal): Promise<ManifestReading> {
    signal.throwIfAborted();
    try {
      const reader = await this.library.Reader.fromAsset({ path, mimeType: MP4 }, this.settings);
      return reader === null ? { state: 'none', faults: [] } : readingOf(reader.json());
    } catch {
      // The library says the same of a file that is no MP4 and of one whose manifest is damaged.
      return (await carriesManifest(path)) ? { state: 'broken', faults: ['manifest.unreadable'] } : { state: 'none', faults: [] };
    }
  }

  private embed(mp4: Uint8Array, { title, bundleRevision }: ProvenanceClaim): Uint8Array {
    const assertions = [{ label: BUNDLE_ASSERTION, data: { revision: bundleRevision } }];
    const builder = this.library.Builder.withJson({ claim_generator_info: [GENERATOR], title, format: MP4, assertions }, this.settings);
    const intent: Intent = { create: MADE_BY_A_MODEL };
    builder.setIntent(intent);
    const output: { buffer: Buffer | null } = { buffer: null };
    builder.sign(this.signer, { buffer: Buffer.from(mp4.buffer, mp4.byteOffset, mp4.byteLength), mimeType: MP4 }, output);
    if (output.buffer === null) throw new DomainError('internal', 'The C2PA library signed without giving the file back.');
    return output.buffer;
  }
}

/** The smallest MP4 that can be signed: ftyp, moov and mdat, all empty. */
const EMPTY_MP4 = Buffer.from('00000014667479706d703432000000006d703432000000086d6f6f76000000086d646174', 'hex');
