import { z } from 'zod';
import { ConfigError, configTable, loadConfig, variablesOf } from './config.js';
import { PLATFORM_FIELDS } from './platform-config.js';

const SCHEMA = z.object({
  grpcPort: z.coerce.number().int().max(65_535).default(50_051).describe('port on which gRPC listens'),
  modelPath: z.string().min(1).describe('folder of the bundle'),
  apiKey: z.string().min(16).describe('key of the object store, at least 16 characters').meta({ sensitive: true }),
  collector: z.url().optional().describe('URL of a collector').meta({ env: 'OTEL_EXPORTER_OTLP_ENDPOINT', remedy: 'give a URL such as http://collector:4318' }),
});
const GOOD = { GPT4VIDEO_MODEL_PATH: '/models', GPT4VIDEO_API_KEY: 'sk-0123456789abcdef' };

describe('loadConfig', () => {
  it('reads, coerces, defaults and freezes', () => {
    const config = loadConfig('clip-encoder', SCHEMA, { ...GOOD, GPT4VIDEO_GRPC_PORT: '7000', OTHER: 'x' });
    expect(config).toEqual({ grpcPort: 7_000, modelPath: '/models', apiKey: GOOD.GPT4VIDEO_API_KEY });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes an empty variable as absent', () => {
    expect(loadConfig('clip-encoder', SCHEMA, { ...GOOD, GPT4VIDEO_GRPC_PORT: '' }).grpcPort).toBe(50_051);
  });

  it('lists every fault with variable, value and remedy, and hides what is secret', () => {
    const env = { GPT4VIDEO_GRPC_PORT: 'many', GPT4VIDEO_API_KEY: 'sk-short', OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' };
    const failure = thrownBy(() => loadConfig('clip-encoder', SCHEMA, env));
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as ConfigError).faults).toEqual([
      expect.stringMatching(/^GPT4VIDEO_GRPC_PORT is "many" \(.*number.*\); set it to: port on which gRPC listens$/),
      'GPT4VIDEO_MODEL_PATH is not set; set it to: folder of the bundle',
      expect.stringMatching(/^GPT4VIDEO_API_KEY has a bad value \(hidden\) \(.*16.*\); set it to: key of the object store, at least 16 characters$/),
      expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT is "collector" \(.*\); give a URL such as http:\/\/collector:4318$/),
    ]);
    expect((failure as ConfigError).message).toContain('The configuration of clip-encoder has 4 faults:');
    expect((failure as ConfigError).message).not.toContain('sk-short');
  });
});

describe('configTable', () => {
  it('has a row for every variable', () => {
    expect(configTable(SCHEMA).split('\n').slice(2)).toEqual([
      '| `GPT4VIDEO_GRPC_PORT` | `50051` | port on which gRPC listens |',
      '| `GPT4VIDEO_MODEL_PATH` | required | folder of the bundle |',
      '| `GPT4VIDEO_API_KEY` | required | key of the object store, at least 16 characters |',
      '| `OTEL_EXPORTER_OTLP_ENDPOINT` |  | URL of a collector |',
    ]);
  });
});

describe('the fields of every process', () => {
  it('have defaults, descriptions and names', () => {
    const schema = z.object(PLATFORM_FIELDS);
    expect(loadConfig('any', schema, {})).toMatchObject({ grpcPort: 50_051, logFormat: 'json', drainMs: 20_000 });
    expect(variablesOf(schema)).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
    expect(configTable(schema)).not.toContain('|  |\n');
    expect(Object.values(PLATFORM_FIELDS).every((field) => (field.description ?? '').length > 10)).toBe(true);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
