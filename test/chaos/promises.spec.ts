import type { EndFact, EndJob, EndState, Entry } from './history.js';
import { brokenPromises } from './promises.js';

const film: EndJob = { id: 'video_1', tenant: 'a', job: 'generation', state: 'completed', endings: 1, queued: 1, artifacts: ['films/1'] };
const facts: readonly EndFact[] = [
  { id: 'f1', topic: 'generation.queued', job: 'video_1', outcome: '' },
  { id: 'f2', topic: 'generation.finished', job: 'video_1', outcome: 'completed' },
  { id: 'f2', topic: 'generation.finished', job: 'video_1', outcome: 'completed' },
];
const end: EndState = { jobs: [film], facts, unpublished: 0 };
const accepted: Entry = { kind: 'accepted', job: 'generation', id: 'video_1', tenant: 'a' };
const read = (state: string, sentMs: number, receivedMs: number): Entry => ({ kind: 'observed', id: 'video_1', state, sentMs, receivedMs });
const event = (stream: string, sequence: number, data = `${sequence}`, after = 0): Entry => ({ kind: 'stream-event', id: 'video_1', stream, after, sequence, data });

function broken(history: readonly Entry[], state: EndState = end): readonly string[] {
  return brokenPromises(history, state).map(({ promise, seen }) => `${promise}: ${seen}`);
}

describe('brokenPromises', () => {
  it('finds nothing in a run that kept them: facts may come twice, reads may overlap, a stream may go on where it was cut', () => {
    const history = [accepted, read('in_progress', 5, 40), read('completed', 10, 20), event('s1', 1), event('s1', 2), event('s2', 2, '2', 1), event('s2', 3, '3', 1)];
    expect(broken(history)).toEqual([]);
  });

  it.each<[string, readonly Entry[], EndState, string]>([
    ['a lost job', [accepted], { ...end, jobs: [], facts: [] }, 'an accepted job is never lost: video_1 was accepted, and is not there'],
    ['a job without an end', [accepted], { ...end, jobs: [{ ...film, state: 'in_progress', endings: 1, artifacts: [] }] }, 'an accepted job is never lost: video_1 was accepted, and is still in_progress'],
    ['a film that was told and is not there', [{ kind: 'told', id: 'video_2', tenant: 'a' }], end, 'an accepted job is never lost: video_2 was told to a, and is not there'],
    ['an end that was left', [read('failed', 1, 2), read('in_progress', 3, 4)], { ...end, jobs: [] , facts: [] }, 'an end is never left: video_1 was failed, then in_progress'],
    ['an end that changed at last', [read('cancelled', 1, 2)], end, 'an end is never left: video_1 was cancelled, then completed'],
    ['two endings', [], { ...end, jobs: [{ ...film, endings: 2 }] }, 'a job ends once: video_1 ended 2 times'],
    ['facts that disagree', [], { ...end, facts: [...facts, { id: 'f2', topic: 'generation.finished', job: 'video_1', outcome: 'failed' }] }, 'a job ends once: video_1 ended as completed and failed'],
    ['two films of one job', [], { ...end, jobs: [{ ...film, artifacts: ['films/1', 'films/2'] }] }, 'a completed job has one artifact: video_1 is completed and has 2 films'],
    ['a film of a cancelled job', [], { ...end, jobs: [{ ...film, state: 'cancelled' }] }, 'a completed job has one artifact: video_1 is cancelled and has 1 films'],
    ['a fact that was never told', [], { ...end, facts: facts.slice(1) }, 'every fact is told, and as one fact: no generation.queued of video_1'],
    ['one happening as two facts', [], { ...end, facts: [...facts, { id: 'f9', topic: 'generation.queued', job: 'video_1', outcome: '' }] }, 'every fact is told, and as one fact: generation.queued video_1 happened 1 times and is told as 2 facts'],
    ['a return to the queue that was not told', [], { ...end, jobs: [{ ...film, queued: 2 }] }, 'every fact is told, and as one fact: generation.queued video_1 happened 2 times and is told as 1 facts'],
    ['facts left in the outbox', [], { ...end, unpublished: 3 }, 'every fact is told, and as one fact: 3 facts are still in the outbox'],
    ['a gap in a stream', [event('s1', 1), event('s1', 3)], end, 'an event stream counts up and replays the same: video_1: event 3 where 2 was due'],
    ['a replay that begins too late', [event('s2', 4, '4', 2)], end, 'an event stream counts up and replays the same: video_1: event 4 where 3 was due'],
    ['a replay that says otherwise', [event('s1', 1), event('s2', 1, 'other')], end, 'an event stream counts up and replays the same: video_1: event 1 is told in 2 ways'],
    ['another tenant\'s film', [{ kind: 'foreign', path: '/v1/videos/video_1', tenant: 'b', status: 200 }], end, 'nobody sees what is another\'s: b got 200 for /v1/videos/video_1'],
  ])('sees %s', (_name, history, state, expected) => {
    expect(broken(history, state)).toContain(expected);
  });
});
