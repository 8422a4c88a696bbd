import { Injectable } from '@nestjs/common';
import { GenerationOwners } from '../core/webhooks/generation-owners.js';
import { GatewayDatabase } from './gateway-database.js';

/** Owners of generations in Postgres. */
@Injectable()
export class PgGenerationOwners extends GenerationOwners {
  constructor(private readonly database: GatewayDatabase) {
    super();
  }

  override async ownerOf(generationId: string): Promise<string | undefined> {
    const row = await this.database.kysely.selectFrom('generations').select('tenant_id').where('id', '=', generationId).executeTakeFirst();
    return row?.tenant_id;
  }
}
