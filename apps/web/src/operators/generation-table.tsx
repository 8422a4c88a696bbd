import { between, durationOf, UNKNOWN } from './figures';
import type { GenerationFacts } from './overview';

interface Props {
  readonly generations: readonly GenerationFacts[];
  readonly atMs: number;
  readonly chosen: string | undefined;
  onChoose(id: string): void;
}

/** The films that were asked for last; choosing one shows where its time went. */
export function GenerationTable({ generations, atMs, chosen, onChoose }: Props) {
  if (generations.length === 0) return <p className="faint">No film has been asked for yet.</p>;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-labelledby="generations">
      <table>
        <thead>
          <tr>
            <th scope="col">Film</th>
            <th scope="col">Status</th>
            <th scope="col" className="figure">Asked</th>
            <th scope="col" className="figure">Waited</th>
            <th scope="col" className="figure">Filmed</th>
            <th scope="col" className="figure">Attempts</th>
          </tr>
        </thead>
        <tbody>
          {generations.map((film) => (
            <tr key={film.id} data-chosen={film.id === chosen}>
              <th scope="row">
                <button type="button" className="link" aria-pressed={film.id === chosen} onClick={() => onChoose(film.id)}>
                  <code>{film.id.slice(0, 14)}</code>
                </button>
              </th>
              <td>
                <span className="badge" data-status={film.status}>{film.status.replace('_', ' ')}</span> <span className="faint">{film.error_code ?? ''}</span>
              </td>
              <td className="figure">{durationOf(between(film.created_at_ms, atMs))} ago</td>
              <td className="figure">{durationOf(between(film.created_at_ms, film.started_at_ms))}</td>
              <td className="figure">{durationOf(between(film.started_at_ms, film.ended_at_ms))}</td>
              <td className="figure">{film.attempts === 0 ? UNKNOWN : film.attempts}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
