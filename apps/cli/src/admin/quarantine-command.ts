import { UsageError } from '../models-options.js';
import type { TenantStore } from './open-tenants.js';

export const QUARANTINE_USAGE = `gpt4video quarantine list | release FACT_ID
                  what no attempt could do: films that failed of a fault of ours, facts that Kafka did not take;
                  release publishes a fact again
                  [--database postgres://… | --data .gpt4video/data] [--json]`;

/** Rows that a person reads at once. */
const SHOWN = 100;

/** What can be done with the quarantine, by the words of the command line. */
export const QUARANTINE_WORK: Readonly<Record<string, (store: TenantStore, id: string | undefined) => Promise<readonly object[]>>> = {
  'quarantine list': ({ quarantine }) => quarantine.list(SHOWN),
  'quarantine release': async ({ quarantine }, id) => {
    if (id === undefined) throw new UsageError('quarantine release needs the id of a fact; quarantine list shows them');
    await quarantine.release(id);
    return [{ id, released: true }];
  },
};
