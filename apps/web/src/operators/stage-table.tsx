import { countOf, durationOf, rateOf } from './figures';
import type { Stage } from './overview';

const WORK: Readonly<Record<string, string>> = {
  dialogue: 'chat turns of this gateway',
  'frame-extractor': 'clips to sample',
  'clip-encoder': 'clips to encode',
  abstractor: 'clips to turn into tokens',
  safety: 'clips to screen',
  'video-generator': 'films to make',
  outbox: 'facts to publish',
  webhooks: 'events to deliver',
};

/** Milliseconds of age from which a queue is marked. */
const OLD_MS = 30_000;

/** Queue depth, age and rate of every stage. */
export function StageTable({ stages }: { readonly stages: readonly Stage[] }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-labelledby="stages">
      <table>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col" className="figure">Waiting</th>
            <th scope="col" className="figure">Oldest</th>
            <th scope="col" className="figure">In hand</th>
            <th scope="col" className="figure">A minute</th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => (
            <tr key={stage.name} data-old={(stage.oldest_ms ?? 0) > OLD_MS}>
              <th scope="row">
                {stage.name}
                <span className="faint">{WORK[stage.name] ?? ''}</span>
              </th>
              <td className="figure">{countOf(stage.waiting)}</td>
              <td className="figure">{durationOf(stage.oldest_ms)}</td>
              <td className="figure">{countOf(stage.in_hand)}</td>
              <td className="figure">{rateOf(stage.per_minute)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
