import { credentials, loadPackageDefinition, type ServiceError, type Client } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath } from 'grpc-health-check';
import { callUnary } from './grpc-client.js';
import { eventually, never, RpcRig } from './spec-support/rpc-rig.js';

const SERVICE = 'gpt4video.clip.v1.ClipService';

describe('a draining server', () => {
  let rig: RpcRig;

  beforeEach(async () => {
    rig = await RpcRig.start();
  });

  afterEach(() => rig.stop());

  it('lets calls in hand finish and takes no others', async () => {
    let answer = (): void => undefined;
    let begun = false;
    rig.unary = () =>
      new Promise((resolve) => {
        begun = true;
        answer = () => resolve({ features: undefined, bundleRevision: 'late' });
      });
    const call = callUnary(rig.clip(), 'encodeVideo', { video: undefined }, { signal: never() });
    await eventually(() => begun);
    const drained = rig.server.drain(5_000);
    await expect(callUnary(rig.clip(), 'encodeVideo', { video: undefined }, { signal: never() })).rejects.toMatchObject({ code: 'unavailable' });
    answer();
    await expect(call).resolves.toMatchObject({ bundleRevision: 'late' });
    await drained;
  });

  it('cuts calls that outlive the grace, and tells both sides why', async () => {
    let reason: unknown;
    let begun = false;
    rig.unary = (_request, { signal }) => {
      begun = true;
      signal.addEventListener('abort', () => (reason = signal.reason));
      return new Promise(() => undefined);
    };
    const call = callUnary(rig.clip(), 'encodeVideo', { video: undefined }, { signal: never() }).catch((thrown: unknown) => thrown);
    await eventually(() => begun);
    await rig.server.drain(100);
    expect(reason).toMatchObject({ code: 'unavailable' });
    expect(await call).toMatchObject({ code: 'unavailable', message: 'The server is stopping; try again.' });
  });

  it('answers health checks by service', async () => {
    expect(await healthOf(rig.server.address, SERVICE)).toBe('NOT_SERVING');
    rig.server.setServing(true);
    expect(await healthOf(rig.server.address, SERVICE)).toBe('SERVING');
    expect(await healthOf(rig.server.address, '')).toBe('SERVING');
    rig.server.setServing(false, SERVICE);
    expect(await healthOf(rig.server.address, SERVICE)).toBe('NOT_SERVING');
    expect(await healthOf(rig.server.address, '')).toBe('SERVING');
    await expect(healthOf(rig.server.address, 'gpt4video.unknown')).rejects.toMatchObject({ details: expect.stringContaining('unknown') });
  });
});

interface HealthStub extends Client {
  check(request: { service: string }, callback: (error: ServiceError | null, response: { status: string }) => void): void;
}

/** Asks as a standard gRPC health probe does. */
async function healthOf(address: string, service: string): Promise<string> {
  const definition = loadPackageDefinition(loadSync(protoPath, { enums: String })) as unknown as { grpc: { health: { v1: { Health: new (address: string, creds: ReturnType<typeof credentials.createInsecure>) => HealthStub } } } };
  const client = new definition.grpc.health.v1.Health(address, credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) => client.check({ service }, (error, response) => (error === null ? resolve(response.status) : reject(error))));
  } finally {
    client.close();
  }
}
