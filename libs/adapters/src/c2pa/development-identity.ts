import type { webcrypto } from 'node:crypto';
import { join } from 'node:path';
// Read by @peculiar/x509 when it is loaded.
import 'reflect-metadata';
import { AuthorityKeyIdentifierExtension, BasicConstraintsExtension, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, PemConverter, SubjectKeyIdentifierExtension, type X509Certificate, X509CertificateGenerator } from '@peculiar/x509';
import { keptFile } from '../filesystem/kept-file.js';
import type { SigningIdentity } from './signing-identity.js';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const FILE = 'development-identity.json';
const ORGANISATION = 'GPT4Video development (not trusted)';
const DAY_MS = 86_400_000;
const YEARS_10 = 3650 * DAY_MS;
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';

/**
 * A root and a signer of this machine alone, made once and kept in `folder`, readable by its owner only. Nobody else trusts them:
 * they show that a film was made here and not changed since, and stand in for a certificate of the C2PA trust list.
 */
export async function developmentIdentity(folder: string, now: Date): Promise<SigningIdentity> {
  return JSON.parse(await keptFile(join(folder, FILE), async () => JSON.stringify(await makeIdentity(now)))) as SigningIdentity;
}

async function makeIdentity(now: Date): Promise<SigningIdentity> {
  const [rootKeys, signerKeys] = [await newKeys(), await newKeys()];
  // An hour back, so that a verifier whose clock is behind believes it.
  const times = { notBefore: new Date(now.getTime() - DAY_MS / 24), notAfter: new Date(now.getTime() + YEARS_10) };
  const root = await X509CertificateGenerator.createSelfSigned({
    ...times,
    name: `O=${ORGANISATION}, CN=GPT4Video development root`,
    serialNumber: '01',
    keys: rootKeys,
    signingAlgorithm: EC,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const signer = await issue(root, rootKeys.privateKey, signerKeys.publicKey, times);
  const privateKey = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', signerKeys.privateKey), 'PRIVATE KEY');
  return { certificates: `${signer.toString('pem')}\n${root.toString('pem')}\n`, privateKey, trustAnchors: root.toString('pem') };
}

async function issue(root: X509Certificate, rootKey: webcrypto.CryptoKey, publicKey: webcrypto.CryptoKey, times: { readonly notBefore: Date; readonly notAfter: Date }): Promise<X509Certificate> {
  return await X509CertificateGenerator.create({
    ...times,
    subject: `O=${ORGANISATION}, CN=GPT4Video development signer`,
    issuer: root.subject,
    serialNumber: '02',
    publicKey,
    signingKey: rootKey,
    signingAlgorithm: EC,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([EMAIL_PROTECTION], false),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(root.publicKey),
    ],
  });
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
}
