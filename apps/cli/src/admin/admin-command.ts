import { parseArgs } from 'node:util';
import { newId } from '@gpt4video/gateway/core/new-id';
import { CATEGORIES } from '@gpt4video/model/safety/categories';
import { DomainError } from '@gpt4video/ports/errors';
import type { Tenant, TenantSafety } from '@gpt4video/gateway/core/tenants/tenant';
import { UsageError } from '../models-options.js';
import { openTenants, type TenantStore } from './open-tenants.js';
import { QUARANTINE_USAGE, QUARANTINE_WORK } from './quarantine-command.js';

export const ADMIN_USAGE = `gpt4video tenants create NAME | list | set ID [--requests-per-minute N|default] [--tokens-per-minute N|default]
                  [--concurrency N|default]
                  [--safety enforce|shadow|default] [--threshold CATEGORY=0.5 …]
                  [--frame-threshold 0.5]
gpt4video keys create|list --tenant ID [--name NAME] | revoke KEY_ID
                  both: [--database postgres://… | --data .gpt4video/data] [--json]
${QUARANTINE_USAGE}`;

interface AdminOptions {
  readonly tenant: string | undefined;
  readonly name: string;
  readonly requestsPerMinute: string | undefined;
  readonly tokensPerMinute: string | undefined;
  readonly concurrency: string | undefined;
  readonly safety: string | undefined;
  readonly threshold: readonly string[];
  readonly frameThreshold: string | undefined;
}

type Print = (line: string) => void;
type Work = (store: TenantStore, name: string | undefined, options: AdminOptions) => Promise<readonly object[]>;

const WORK: Readonly<Record<string, Work>> = {
  ...QUARANTINE_WORK,
  'tenants create': async ({ tenants }, name) => {
    const tenant = { id: newId('tenant'), name: need(name, 'tenants create needs a NAME') };
    await tenants.add(tenant);
    return [tenant];
  },
  'tenants list': ({ tenants }) => tenants.list(),
  'tenants set': async ({ tenants }, id, options) => {
    const tenant = await existing(tenants, need(id, 'tenants set needs the ID of a tenant'));
    const numbers = { requestsPerMinute: numberOf(options.requestsPerMinute), tokensPerMinute: numberOf(options.tokensPerMinute), concurrency: numberOf(options.concurrency) };
    await tenants.change(tenant.id, { ...numbers, ...safetyOf(tenant, options) });
    return [await existing(tenants, tenant.id)];
  },
  'keys create': async ({ tenants, makeKey }, _name, { tenant: id, name }) => {
    const tenant = await existing(tenants, need(id, 'keys create needs --tenant ID'));
    return [{ tenant: tenant.id, name, key: await makeKey.create(tenant, name), note: 'shown once; only its digest is kept' }];
  },
  'keys list': async ({ tenants, keys }, _name, { tenant: id }) => keys.list((await existing(tenants, need(id, 'keys list needs --tenant ID'))).id),
  'keys revoke': async ({ keys }, id) => {
    if (!(await keys.revoke(need(id, 'keys revoke needs a KEY_ID; keys list shows them')))) throw new DomainError('not_found', `No key "${id ?? ''}"; keys list shows them.`);
    return [{ id, revoked: true }];
  },
};

/** `gpt4video tenants …`, `gpt4video keys …` and `gpt4video quarantine …`. Throws UsageError, or a DomainError for what is not there. */
export async function administer(args: readonly string[], print: Print): Promise<void> {
  const { values, positionals } = read(args);
  const work = WORK[positionals.slice(0, 2).join(' ')];
  if (work === undefined || positionals.length > 3) throw new UsageError(ADMIN_USAGE);
  const store = await openTenants(values.database === undefined ? { data: values.data } : { url: values.database });
  try {
    const options = { ...values, requestsPerMinute: values['requests-per-minute'], tokensPerMinute: values['tokens-per-minute'], frameThreshold: values['frame-threshold'], threshold: values.threshold ?? [] } as AdminOptions;
    for (const row of await work(store, positionals[2], options)) print(values.json ? JSON.stringify(row) : lineOf(row));
  } finally {
    await store.close();
  }
}

function read(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { database: text, data: { ...text, default: '.gpt4video/data' }, tenant: text, name: { ...text, default: 'key' }, 'requests-per-minute': text, 'tokens-per-minute': text, concurrency: text, safety: text, threshold: { ...text, multiple: true }, 'frame-threshold': text, json: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${ADMIN_USAGE}`);
  }
}

function lineOf(row: object): string {
  return Object.entries(row).map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join('  ');
}

async function existing(tenants: TenantStore['tenants'], id: string): Promise<Tenant> {
  const tenant = await tenants.find(id);
  if (tenant === undefined) throw new DomainError('not_found', `No tenant "${id}"; tenants list shows them.`);
  return tenant;
}

function need(value: string | undefined, message: string): string {
  if (value === undefined || value === '') throw new UsageError(message);
  return value;
}

function numberOf(text: string | undefined): number | null | undefined {
  if (text === undefined || text === 'default') return text === undefined ? undefined : null;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageError(`"${text}" is no number from 1 up; give one, or "default".`);
  return Number(text);
}

function safetyOf({ safety }: Tenant, options: AdminOptions): { readonly safety?: TenantSafety | null } {
  const { safety: mode, threshold, frameThreshold } = options;
  if (mode === 'default') return { safety: null };
  if (mode === undefined && threshold.length === 0 && frameThreshold === undefined) return {};
  if (mode !== undefined && mode !== 'enforce' && mode !== 'shadow') throw new UsageError('--safety is "enforce", "shadow" or "default".');
  const thresholds = Object.fromEntries(threshold.map(thresholdOf));
  const ofFrames = frameThreshold === undefined ? safety?.frameThreshold : probability('--frame-threshold', frameThreshold);
  return { safety: { mode: mode ?? safety?.mode ?? 'shadow', thresholds: { ...safety?.thresholds, ...thresholds }, ...(ofFrames === undefined ? {} : { frameThreshold: ofFrames }) } };
}

function thresholdOf(text: string): [string, number] {
  const [category = '', value = ''] = text.split('=');
  const known: readonly string[] = CATEGORIES;
  if (!known.includes(category)) throw new UsageError(`--threshold is "${text}"; write one of ${CATEGORIES.join(', ')} and a number from 0 to 1, as violence=0.4.`);
  return [category, probability('--threshold', value)];
}

function probability(option: string, text: string): number {
  if (!/^(0(\.\d+)?|1(\.0+)?)$/.test(text)) throw new UsageError(`${option} is "${text}"; give a number from 0 to 1.`);
  return Number(text);
}
