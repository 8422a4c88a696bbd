import { bytesOf } from './figures';
import type { Overview } from './overview';

/** The bundles that are served, their parts, and which models this process has loaded. */
export function ModelTable({ models, loaded }: Pick<Overview, 'models' | 'loaded'>) {
  return (
    <>
      {models.map(({ id, revision, parts }) => (
        <section key={id} className="bundle" aria-label={`Bundle ${id}`}>
          <p>
            <strong>{id}</strong> <code>{revision}</code>
          </p>
          <dl>
            {Object.entries(parts).map(([part, bytes]) => (
              <div key={part}>
                <dt>{part}</dt>
                <dd>{bytesOf(bytes)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <ul className="loaded" aria-label="Models of this process">
        {loaded.map(({ name, revision, ready }) => (
          <li key={name} data-ready={ready} title={`revision ${revision}`}>
            {name} <span className="faint">{ready ? 'ready' : 'loading'}</span>
          </li>
        ))}
      </ul>
      {loaded.length === 0 && <p className="faint">The models run in processes of their own; ask those at /health/model.</p>}
    </>
  );
}
