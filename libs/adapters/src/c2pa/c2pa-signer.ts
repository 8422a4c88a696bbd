import type { LocalSigner } from '@contentauth/c2pa-node';
import { DomainError } from '@gpt4video/ports/errors';
import { type ProvenanceClaim, ProvenanceSigner } from '@gpt4video/ports/provenance';
import { type C2paLibrary, loadC2pa, MP4, offlineSettings } from './c2pa-library.js';
import { BUNDLE_ASSERTION } from './manifest-reading.js';
import { type SigningIdentity, signingAlgorithm } from './signing-identity.js';

const GENERATOR = { name: 'GPT4Video', version: '0.1.0' };
const MADE_BY_A_MODEL = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

type Intent = Parameters<InstanceType<C2paLibrary['Builder']>['setIntent']>[0];

/** Signs by the library of the Content Authenticity Initiative. */
export class C2paSigner extends ProvenanceSigner {
  private constructor(
    private readonly library: C2paLibrary,
    private readonly signer: LocalSigner,
    private readonly settings: string,
  ) {
    super();
  }

  /** Tries key and chain on a film of nothing. Throws `model_unavailable` when the library does not load, `invalid_request` when key and chain are of no use. */
  static async open({ certificates, privateKey, trustAnchors }: SigningIdentity): Promise<C2paSigner> {
    const library = await loadC2pa();
    try {
      const signer = library.LocalSigner.newSigner(Buffer.from(certificates), Buffer.from(privateKey), signingAlgorithm(privateKey));
      const opened = new C2paSigner(library, signer, offlineSettings(library, trustAnchors));
      opened.embed(EMPTY_MP4, { title: '', bundleRevision: '' });
      return opened;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DomainError('invalid_request', `Films cannot be signed with the given certificate and key (${reason}); give a PKCS#8 key and a C2PA signing certificate with its chain, both PEM.`, { cause: error });
    }
  }

  override async sign(mp4: Uint8Array, claim: ProvenanceClaim, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    return await Promise.resolve(this.embed(mp4, claim));
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
