import type { Client } from 'minio';
import { errorCode } from '../system/error-code.js';

/** Where uploads in parts are put together; no key of the port starts with a dot. */
export const STAGING = '.staging/';

type Rules = Parameters<Client['setBucketLifecycle']>[1];

const STAGING_RULE = 'gpt4video-staging';
/** What a crash leaves in staging is removed after a day. */
const EXPIRE_STAGING = { ID: STAGING_RULE, Status: 'Enabled', Filter: { Prefix: STAGING }, Expiration: { Days: 1 }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };
/** MinIO refuses a rule that only aborts, because it aborts after a day by itself. */
const ABORT_UNFINISHED = { ID: 'gpt4video-unfinished', Status: 'Enabled', Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };

/** Makes the bucket if it is not there, and gives it our rules beside those it has. A bucket whose rules are not ours to set is used as it is. */
export async function prepareBucket(client: Client, bucket: string): Promise<void> {
  if (!(await client.bucketExists(bucket))) {
    await client.makeBucket(bucket).catch((error: unknown) => (OWNED.has(errorCode(error) ?? '') ? undefined : Promise.reject(error)));
  }
  const others = await rulesOf(client, bucket);
  if (others === undefined || others.some((rule) => rule['ID'] === STAGING_RULE)) return;
  await setRules(client, bucket, [...others, EXPIRE_STAGING, ABORT_UNFINISHED]).catch(async (error: unknown) => {
    if (!REFUSED.has(errorCode(error) ?? '')) throw error;
    await setRules(client, bucket, [...others, EXPIRE_STAGING]);
  }).catch((error: unknown) => (NOT_OURS.has(errorCode(error) ?? '') ? undefined : Promise.reject(error)));
}

const OWNED: ReadonlySet<string> = new Set(['BucketAlreadyOwnedByYou', 'BucketAlreadyExists']);
const REFUSED: ReadonlySet<string> = new Set(['InvalidArgument', 'InvalidRequest', 'MalformedXML', 'NotImplemented']);
const NOT_OURS: ReadonlySet<string> = new Set(['AccessDenied', 'NotImplemented', 'MethodNotAllowed']);

/** The bucket's rules; undefined when we may not see them. */
async function rulesOf(client: Client, bucket: string): Promise<readonly Readonly<Record<string, unknown>>[] | undefined> {
  try {
    const found: unknown = await client.getBucketLifecycle(bucket);
    const rules = typeof found === 'object' && found !== null && 'Rule' in found ? found.Rule : [];
    return (Array.isArray(rules) ? rules : [rules]) as readonly Readonly<Record<string, unknown>>[];
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'NoSuchLifecycleConfiguration') return [];
    if (NOT_OURS.has(code)) return undefined;
    throw error;
  }
}

async function setRules(client: Client, bucket: string, rules: readonly object[]): Promise<void> {
  await client.setBucketLifecycle(bucket, { Rule: rules } as unknown as Rules);
}
