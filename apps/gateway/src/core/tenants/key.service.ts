import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import { KeyRepository } from './key-repository.js';
import type { Tenant } from './tenant.js';

/** The tenant of a server that one person runs. */
export const LOCAL_TENANT: Tenant = { id: 'tenant_local', name: 'local' };

/** Makes and checks API keys. */
@Injectable()
export class KeyService {
  constructor(private readonly keys: KeyRepository) {}

  /** The tenant behind `Authorization: Bearer <key>`. Throws `unauthenticated`. */
  async authenticate(authorization: string | undefined): Promise<Tenant> {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) throw new DomainError('unauthenticated', 'No API key was given; send the header "Authorization: Bearer <key>".');
    const tenant = await this.keys.tenantOf(digestOf(key));
    if (tenant === undefined) throw new DomainError('unauthenticated', 'This API key is not known or was revoked; check it, or make a new one.');
    return tenant;
  }

  /** Makes a key for the tenant and returns it; only its digest is kept. */
  async create(tenant: Tenant, name: string): Promise<string> {
    const key = `sk-${randomBytes(24).toString('base64url')}`;
    await this.admit(tenant, name, key);
    return key;
  }

  /** Lets a given key in, as when an operator chose it. */
  async admit(tenant: Tenant, name: string, key: string): Promise<void> {
    await this.keys.add({ keySha256: digestOf(key), name, tenant });
  }
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
