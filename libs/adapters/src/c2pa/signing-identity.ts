import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SigningAlg } from '@contentauth/c2pa-node';
import { DomainError } from '@gpt4video/ports/errors';

/** Who signs films. */
export interface SigningIdentity {
  /** PEM: the signer's certificate, then whatever leads up to its root. */
  readonly certificates: string;
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** PEM: the roots whose signatures count as ours. */
  readonly trustAnchors: string;
}

/** Reads an identity from PEM files; the last certificate of the chain is the trust anchor. Throws `invalid_request` naming the file. */
export async function readSigningIdentity(certificatesPath: string, privateKeyPath: string): Promise<SigningIdentity> {
  const [certificates, privateKey] = [await readPem(certificatesPath), await readPem(privateKeyPath)];
  const chain = certificates.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const last = chain.at(-1);
  if (last === undefined) throw new DomainError('invalid_request', `"${certificatesPath}" holds no certificate; give a PEM file with the signer's certificate and its chain.`);
  return { certificates, privateKey, trustAnchors: last };
}

const BY_CURVE: Readonly<Record<string, SigningAlg>> = { prime256v1: 'es256', secp384r1: 'es384', secp521r1: 'es512' };

/** The C2PA algorithm for a key. Throws `invalid_request` for a kind of key that C2PA does not allow. */
export function signingAlgorithm(privateKey: string): SigningAlg {
  const key = createPrivateKey(privateKey);
  const curve = BY_CURVE[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (key.asymmetricKeyType === 'ec' && curve !== undefined) return curve;
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyType === 'rsa-pss' || key.asymmetricKeyType === 'rsa') return 'ps256';
  throw new DomainError('invalid_request', `C2PA does not sign with a key of the kind "${key.asymmetricKeyType}"; give an EC key on P-256, P-384 or P-521, an Ed25519 or an RSA key.`);
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new DomainError('invalid_request', `"${path}" cannot be read; give the path of a PEM file.`, { cause: error });
  }
}
