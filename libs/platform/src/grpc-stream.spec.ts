import { DomainError } from '@gpt4video/ports/errors';
import { callStream } from './grpc-client.js';
import { currentRequestId, runInRequest } from './request-context.js';
import { eventually, never, RpcRig, textStep, TURN } from './spec-support/rpc-rig.js';

describe('server streams', () => {
  let rig: RpcRig;

  beforeEach(async () => {
    rig = await RpcRig.start();
  });

  afterEach(() => rig.stop());

  it('deliver every piece in order, then end', async () => {
    rig.stream = async function* () {
      for (let index = 0; index < 500; index += 1) yield textStep(String(index));
    };
    expect(await texts(callStream(rig.dialogue(), 'converse', TURN, { signal: never() }))).toEqual(Array.from({ length: 500 }, (_, index) => String(index)));
  });

  it('are pulled: a reader that stops reading stops the generator', async () => {
    const piece = 'x'.repeat(100_000);
    let made = 0;
    rig.stream = async function* () {
      for (; made < 600; made += 1) yield textStep(piece);
    };
    const stream = callStream(rig.dialogue(), 'converse', TURN, { signal: never() });
    await stream.next();
    // What the transport holds fills up first; on a busy machine that takes a while.
    for (let before = 0; made > before; await new Promise((resolve) => setTimeout(resolve, 400))) before = made;
    expect(made).toBeLessThan(200);
    let rest = 1;
    for await (const _ of stream) rest += 1;
    expect(rest).toBe(600);
  });

  it('stop the generator when the reader leaves the loop', async () => {
    const { reasons, left } = endless();
    for await (const _ of callStream(rig.dialogue(), 'converse', TURN, { signal: never() })) break;
    await eventually(() => left.length === 1);
    expect(reasons).toMatchObject([{ code: 'cancelled' }]);
  });

  it("stop the generator when the reader's signal fires", async () => {
    const { reasons, left } = endless();
    const aborter = new AbortController();
    const reading = (async () => {
      for await (const _ of callStream(rig.dialogue(), 'converse', TURN, { signal: aborter.signal })) aborter.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    await eventually(() => left.length === 1);
    expect(reasons).toMatchObject([{ code: 'cancelled' }]);
  });

  it('stop the generator at the deadline', async () => {
    const { left } = endless();
    const client = rig.dialogue();
    // The channel is open before time counts: a generator that the deadline overtakes never begins, and so cannot end.
    for await (const _ of callStream(client, 'converse', TURN, { signal: never() })) break;
    await eventually(() => left.length === 1);
    const reading = texts(callStream(client, 'converse', TURN, { signal: never(), timeoutMs: 500 }));
    await expect(reading).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await eventually(() => left.length === 2);
  });

  it('deliver what came before an error, then the error', async () => {
    rig.stream = async function* () {
      yield textStep('a');
      yield textStep('b');
      throw new DomainError('overloaded', 'Too many turns; try again in 2 s.', { retryAfterMs: 2_000 });
    };
    const got: string[] = [];
    const reading = (async () => {
      for await (const step of callStream(rig.dialogue(), 'converse', TURN, { signal: never() })) got.push(step.event?.$case === 'text' ? step.event.text.text : '');
    })();
    await expect(reading).rejects.toMatchObject({ code: 'overloaded', message: 'Too many turns; try again in 2 s.', retryAfterMs: 2_000 });
    expect(got).toEqual(['a', 'b']);
    expect(rig.lines).toHaveLength(1);
  });

  it.each<[string, boolean, number, readonly string[]]>([
    ['begin again when the server leaves before the first piece', true, 0, ['a', 'b']],
    ['do not begin again after a piece', true, 1, ['a']],
    ['do not begin again where a repeat does harm', false, 0, []],
  ])('%s', async (_what, idempotent, leavesAfter, expected) => {
    const pieces = ['a', 'b'];
    let calls = 0;
    rig.stream = async function* () {
      calls += 1;
      for (const [index, piece] of pieces.entries()) {
        if (calls === 1 && index === leavesAfter) throw new DomainError('unavailable', 'The server is stopping; try again.', { retryAfterMs: 0 });
        yield textStep(piece);
      }
    };
    const got: string[] = [];
    const reading = (async () => {
      for await (const step of callStream(rig.dialogue(), 'converse', TURN, { signal: never(), idempotent })) got.push(step.event?.$case === 'text' ? step.event.text.text : '');
    })();
    await (expected.length === pieces.length ? reading : expect(reading).rejects.toMatchObject({ code: 'unavailable' }));
    expect(got).toEqual(expected);
  });

  it('say nothing of an unknown error', async () => {
    rig.stream = async function* () {
      yield textStep('a');
      throw new Error('/var/secret');
    };
    const failure: unknown = await texts(callStream(rig.dialogue(), 'converse', TURN, { signal: never() })).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'internal' });
    expect((failure as Error).message).not.toContain('secret');
  });

  it('keep the request id at every step of the generator', async () => {
    rig.stream = async function* () {
      yield textStep(String(currentRequestId()));
      await new Promise((resolve) => setTimeout(resolve, 5));
      yield textStep(String(currentRequestId()));
    };
    const got = await runInRequest({ requestId: 'req-9' }, () => texts(callStream(rig.dialogue(), 'converse', TURN, { signal: never() })));
    expect(got).toEqual(['req-9', 'req-9']);
  });

  /** A stream that ends only when it is told to. */
  function endless() {
    const reasons: unknown[] = [];
    const left: string[] = [];
    rig.stream = async function* (_request, { signal }) {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      try {
        for (let index = 0; ; index += 1) {
          yield textStep(String(index));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      } finally {
        left.push('left');
      }
    };
    return { reasons, left };
  }
});

async function texts(stream: ReturnType<typeof callStream<import('@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service').DialogueServiceClient, 'converse'>>): Promise<string[]> {
  const got: string[] = [];
  for await (const step of stream) got.push(step.event?.$case === 'text' ? step.event.text.text : '');
  return got;
}
