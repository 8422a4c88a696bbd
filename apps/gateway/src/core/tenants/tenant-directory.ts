import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import type { Tenant } from './tenant.js';
import { TenantRepository } from './tenant-repository.js';

/** Milliseconds for which a tenant is taken to be as it was: a stream asks for it with every window. */
const KNOWN_MS = 2_000;
const MOST_KNOWN = 10_000;

/** Tenants as they are now, or were moments ago. */
@Injectable()
export class TenantDirectory {
  private readonly known = new Map<string, { readonly tenant: Tenant | undefined; readonly untilMs: number }>();

  constructor(
    private readonly tenants: TenantRepository,
    private readonly clock: Clock,
  ) {}

  async find(id: string): Promise<Tenant | undefined> {
    const known = this.known.get(id);
    if (known !== undefined && known.untilMs > this.clock.now()) return known.tenant;
    const tenant = await this.tenants.find(id);
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(id, { tenant, untilMs: this.clock.now() + KNOWN_MS });
    return tenant;
  }
}
