import { createPrivateKey } from 'node:crypto';
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

/** The last certificate of a chain, which is the root that counts as ours. Throws `invalid_request` when there is none. */
export function rootOf(certificates: string): string {
  const root = (certificates.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).at(-1);
  if (root === undefined) throw new DomainError('invalid_request', 'The signing certificates hold no certificate; give PEM text: the signer first, then its chain up to the root.');
  return root;
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
