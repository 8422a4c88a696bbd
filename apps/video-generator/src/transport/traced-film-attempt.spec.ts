import { currentRequestId } from '@gpt4video/platform/request-context';
import { startTracing } from '@gpt4video/platform/start-tracing';
import { currentTraceparent } from '@gpt4video/platform/tracing';
import { DomainError } from '@gpt4video/ports/errors';
import { ManualClock } from '@gpt4video/testing/fakes/manual-clock';
import { FilmLibrary } from '../core/film-library.js';
import type { Lease } from '../core/generation-queue.js';
import { LeaseToken } from '../core/lease-token.js';
import type { MakeFilmService } from '../core/make-film.service.js';
import { TracedFilmAttempt } from './traced-film-attempt.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const LEASE = { generationId: 'gen_1', token: new LeaseToken('t'), expiresAtMs: 9e15, attempt: 1, spec: {}, traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } as Lease;

it('films in the trace of whoever asked, under the id of the generation', async () => {
  const tracing = startTracing({ app: 'video-generator' });
  const seen: (string | undefined)[] = [];
  const make = (): never => {
    seen.push(currentTraceparent(), currentRequestId());
    throw new DomainError('invalid_request', 'That is enough.');
  };
  const queue = { fail: async () => await Promise.resolve() };
  const library = { discard: async () => await Promise.resolve() } as unknown as FilmLibrary;
  const settings = { worker: 'w', bundleRevision: 'rev', heartbeatMs: 1_000, pollMs: 1_000, releaseMs: 100 };
  const attempt = new TracedFilmAttempt(queue as never, { make } as unknown as MakeFilmService, library, new ManualClock(), settings);
  expect(await attempt.run(LEASE, new AbortController().signal)).toBe('failed');
  await tracing.shutdown();
  expect(seen[0]?.split('-')[1]).toBe(TRACE);
  expect(seen[1]).toBe('gen_1');
});
