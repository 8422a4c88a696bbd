import { z } from 'zod';

/** The fields of every service that touches artifacts; spread them into an app's own schema, and refine it with `requireS3Keys`. */
export const OBJECT_STORE_FIELDS = {
  objectStore: z.enum(['filesystem', 's3']).default('filesystem').describe('where artifacts live: filesystem or s3'),
  objectFolder: z.string().min(1).default('.gpt4video/objects').describe('folder of the artifacts in a filesystem, the same for every service of a machine'),
  s3Endpoint: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:9000').describe('URL of the S3 server; https is TLS, with NODE_EXTRA_CA_CERTS for an authority of your own'),
  s3Region: z.string().min(1).default('us-east-1').describe('region of the bucket'),
  s3Bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/).default('gpt4video').describe('bucket of the artifacts, the same for every service; made when it is not there'),
  s3AccessKey: z.string().min(1).optional().describe('access key of the S3 server').meta({ sensitive: true }),
  s3SecretKey: z.string().min(1).optional().describe('secret key of the S3 server').meta({ sensitive: true }),
  s3PathStyle: z.stringbool().default(true).describe('true for URLs with the bucket in the path, false for the bucket in the host name'),
};

const fields = z.object(OBJECT_STORE_FIELDS);
type ObjectStoreConfig = z.output<typeof fields>;

/** What an S3 adapter takes. */
export interface S3Location {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly pathStyle: boolean;
}

/** A refinement of a schema with these fields: S3 needs its keys. */
export function requireS3Keys(config: Pick<ObjectStoreConfig, 'objectStore' | 's3AccessKey' | 's3SecretKey'>, context: { addIssue(issue: { readonly code: 'custom'; readonly path: string[]; readonly message: string }): void }): void {
  if (config.objectStore !== 's3') return;
  for (const name of ['s3AccessKey', 's3SecretKey'] as const) {
    if (config[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'the object store is s3' });
  }
}

/** What an S3 adapter takes, from a process's configuration. */
export function s3Location(config: ObjectStoreConfig): S3Location {
  const { s3Endpoint: endpoint, s3Region: region, s3Bucket: bucket, s3AccessKey: accessKey = '', s3SecretKey: secretKey = '', s3PathStyle: pathStyle } = config;
  return { endpoint, region, bucket, accessKey, secretKey, pathStyle };
}
