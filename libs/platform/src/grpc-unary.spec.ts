import { ERROR_CODES } from '@gpt4video/contracts/error-codes';
import { ClipServiceClient } from '@gpt4video/contracts/gen/gpt4video/clip/v1/clip_service';
import { DomainError, type ErrorCode } from '@gpt4video/ports/errors';
import { callUnary, openClient } from './grpc-client.js';
import { GrpcController, GrpcServer } from './grpc-server.js';
import { createLogger } from './logging.js';
import { Metrics } from './metrics.js';
import { currentRequestId, runInRequest } from './request-context.js';
import { eventually, never, RpcRig } from './spec-support/rpc-rig.js';

const video = { bucket: 'b', key: 'k', sha256: 'ab', bytes: 7, mediaType: 'video/mp4' };

describe('unary calls', () => {
  let rig: RpcRig;

  beforeEach(async () => {
    rig = await RpcRig.start();
  });

  afterEach(() => rig.stop());

  it('carry the request there and the response back', async () => {
    rig.unary = async (request) => ({ features: request.video, bundleRevision: 'cafe' });
    await expect(callUnary(rig.clip(), 'encodeVideo', { video }, { signal: never() })).resolves.toEqual({ features: video, bundleRevision: 'cafe' });
  });

  it.each(Object.keys(ERROR_CODES) as ErrorCode[])('carry a DomainError %s back whole, and log it once at its level', async (code) => {
    const sent = new DomainError(code, 'Clip „a“ is 100% wrong; send another.', { param: 'video', category: 'violence', retryAfterMs: 250, cause: new Error('/secret/path') });
    rig.unary = () => Promise.reject(sent);
    const call = callUnary(rig.clip(), 'encodeVideo', { video }, { signal: never() });
    await expect(call).rejects.toMatchObject({ code, message: sent.message, param: 'video', category: 'violence', retryAfterMs: 250 });
    expect(rig.lines).toHaveLength(1);
    expect(rig.lines[0]).toMatchObject({ level: sent.logLevel, code, rpc: 'gpt4video.clip.v1.ClipService/EncodeVideo' });
  });

  it('say nothing of an unknown error but log its cause', async () => {
    rig.unary = () => Promise.reject(new TypeError('cannot read /var/secret'));
    const failure: unknown = await callUnary(rig.clip(), 'encodeVideo', { video }, { signal: never() }).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'internal' });
    expect(JSON.stringify([(failure as Error).message, (failure as Error).cause])).not.toContain('secret');
    expect(JSON.stringify(rig.lines[0]?.['err'])).toContain('/var/secret');
  });

  it('end with the deadline, on both sides', async () => {
    const reasons: unknown[] = [];
    rig.unary = (_request, { signal }) => new Promise(() => signal.addEventListener('abort', () => reasons.push(signal.reason)));
    await expect(callUnary(rig.clip(), 'encodeVideo', { video }, { signal: never(), timeoutMs: 80 })).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await eventually(() => reasons.length === 1);
    expect(reasons[0]).toMatchObject({ code: expect.stringMatching(/^(deadline_exceeded|cancelled)$/) });
  });

  it("end when the caller's signal fires, and the method learns of it", async () => {
    const aborter = new AbortController();
    const reasons: unknown[] = [];
    rig.unary = (_request, { signal }) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      setTimeout(() => aborter.abort(), 10);
      return new Promise(() => undefined);
    };
    await expect(callUnary(rig.clip(), 'encodeVideo', { video }, { signal: aborter.signal })).rejects.toMatchObject({ code: 'cancelled' });
    await eventually(() => reasons.length === 1);
    expect(reasons[0]).toMatchObject({ code: 'cancelled' });
  });

  it('are not made when the signal has fired before', async () => {
    let calls = 0;
    rig.unary = async () => ({ features: undefined, bundleRevision: String((calls += 1)) });
    const signal = AbortSignal.abort(new DomainError('deadline_exceeded', 'Too late.'));
    await expect(callUnary(rig.clip(), 'encodeVideo', { video }, { signal })).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(calls).toBe(0);
  });

  it('hand the request id on', async () => {
    rig.unary = async (_request, { requestId }) => ({ features: undefined, bundleRevision: `${requestId}/${currentRequestId()}` });
    const response = await runInRequest({ requestId: 'req-7' }, () => callUnary(rig.clip(), 'encodeVideo', { video }, { signal: never() }));
    expect(response.bundleRevision).toBe('req-7/req-7');
  });

  it('are counted by outcome', async () => {
    const client = rig.clip();
    await callUnary(client, 'encodeVideo', { video }, { signal: never() });
    rig.unary = () => Promise.reject(new DomainError('not_found', 'No video.'));
    await callUnary(client, 'encodeVideo', { video }, { signal: never() }).catch(() => undefined);
    const text = await rig.metrics.text();
    const labels = 'service="gpt4video.clip.v1.ClipService",method="EncodeVideo"';
    expect(text).toContain(`gpt4video_rpc_duration_seconds_count{${labels},code="ok"} 1`);
    expect(text).toContain(`gpt4video_rpc_duration_seconds_count{${labels},code="not_found"} 1`);
    expect(text).toContain(`gpt4video_rpc_in_flight{${labels}} 0`);
  });

  it.each<[string, boolean, number | undefined, number]>([
    ['a peer that leaves', true, 0, 3],
    ['a peer that leaves, where a repeat does harm', false, 0, 1],
    ['a peer whose own peers are away', true, undefined, 1],
  ])('reach %s so often (idempotent %s, pause %s): %d', async (_what, idempotent, retryAfterMs, attempts) => {
    let calls = 0;
    rig.unary = () => Promise.reject(new DomainError('unavailable', `Attempt ${(calls += 1)}.`, retryAfterMs === undefined ? {} : { retryAfterMs }));
    await expect(callUnary(rig.clip(), 'encodeVideo', { video }, { signal: never(), idempotent })).rejects.toMatchObject({ code: 'unavailable' });
    expect(calls).toBe(attempts);
  });

  it('carry 20 MiB', async () => {
    rig.unary = async (request) => ({ features: undefined, bundleRevision: String(request.video?.key.length) });
    const response = await callUnary(rig.clip(), 'encodeVideo', { video: { ...video, key: 'x'.repeat(20 * 1024 * 1024) } }, { signal: never() });
    expect(response.bundleRevision).toBe(String(20 * 1024 * 1024));
  });
});

describe('a peer that is not there', () => {
  const server = () => new GrpcServer(new Metrics(), createLogger({ app: 'rig', level: 'silent', format: 'json' }));

  it('is unavailable, whether nobody listens or the service is not added yet', async () => {
    const starting = server();
    await starting.listen({ host: '127.0.0.1', port: 0 });
    const client = openClient(ClipServiceClient, starting.address);
    await expect(callUnary(client, 'encodeVideo', { video }, { signal: never() })).rejects.toMatchObject({ code: 'unavailable' });
    await starting.drain(0);
    await expect(callUnary(client, 'encodeVideo', { video }, { signal: never(), awayMs: 100 })).rejects.toMatchObject({ code: 'unavailable' });
    client.close();
  });

  it('stops the start when its port is taken', async () => {
    const first = server();
    await first.listen({ host: '127.0.0.1', port: 0 });
    await expect(server().listen({ host: '127.0.0.1', port: Number(first.address.split(':')[1]) })).rejects.toThrow('choose a free port');
    await first.drain(0);
  });

  it('is not served by a controller that lacks a method', () => {
    class Unfinished extends GrpcController {
      override readonly app = 'rig';
      override readonly definition = ClipServiceClient.service;
    }
    expect(() => server().add(new Unfinished())).toThrow('Unfinished has no method "encodeVideo"');
  });
});
