import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DomainError } from '@gpt4video/ports/errors';
import { keptFile } from '../filesystem/kept-file.js';
import { developmentIdentity } from './development-identity.js';
import { rootOf, type SigningIdentity } from './signing-identity.js';

/** What a deployment gives; whatever is absent is made once and kept in `folder`. */
export interface FilmIdentityOptions {
  readonly folder: string;
  /** PEM text: signer, then its chain. */
  readonly certificates?: string | undefined;
  /** PEM text, PKCS#8; absent where films are only read. */
  readonly privateKey?: string | undefined;
  /** Hexadecimal secrets, separated by commas; the first one marks films, all are looked for. */
  readonly watermarkKeys?: string | undefined;
}

const SECRET_BYTES = 24;

/** Who signs films. Throws `invalid_request` for half of a deployment's identity. */
export async function signerIdentity({ folder, certificates, privateKey }: FilmIdentityOptions, now: Date): Promise<SigningIdentity> {
  if (certificates === undefined && privateKey === undefined) return await developmentIdentity(folder, now);
  if (certificates === undefined || privateKey === undefined) throw new DomainError('invalid_request', 'Of the signing certificates and their key one is missing; give both, or neither for a development identity.');
  return { certificates, privateKey, trustAnchors: rootOf(certificates) };
}

/** PEM: the root whose signatures count as ours. */
export async function trustedRoot({ folder, certificates }: FilmIdentityOptions, now: Date): Promise<string> {
  return certificates === undefined ? (await developmentIdentity(folder, now)).trustAnchors : rootOf(certificates);
}

/** The secrets of the watermark, the marking one first. */
export async function watermarkSecrets({ folder, watermarkKeys }: FilmIdentityOptions): Promise<readonly Uint8Array[]> {
  const text = watermarkKeys ?? (await keptFile(join(folder, 'watermark-key'), () => randomBytes(SECRET_BYTES).toString('hex')));
  return text.split(',').map((secret) => Buffer.from(secret.trim(), 'hex'));
}
