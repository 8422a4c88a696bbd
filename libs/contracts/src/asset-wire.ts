import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { AssetRef as WireAssetRef } from './gen/gpt4video/asset/v1/asset.js';

const SHA256 = /^[0-9a-f]{64}$/;

/** The claim check of a message. Throws `invalid_request` naming `param` when it is absent or cannot be one. */
export function requireAssetRef(wire: WireAssetRef | undefined, param: string): AssetRef {
  if (wire === undefined) throw refused(param, 'is missing');
  if (wire.key === '') throw refused(`${param}.key`, 'is empty');
  if (!SHA256.test(wire.sha256)) throw refused(`${param}.sha256`, 'is not 64 lower-case hexadecimal digits');
  if (!Number.isSafeInteger(wire.bytes) || wire.bytes < 0) throw refused(`${param}.bytes`, 'is not a size in bytes');
  return { bucket: wire.bucket, key: wire.key, sha256: wire.sha256, bytes: wire.bytes, mediaType: wire.mediaType };
}

function refused(param: string, what: string): DomainError {
  return new DomainError('invalid_request', `The reference "${param}" ${what}; send the reference that the upload returned.`, { param });
}
