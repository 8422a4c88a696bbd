import { useState } from 'react';
import { KeyForm } from '../api/key-form';
import { Header } from '../header';
import { GenerationTable } from './generation-table';
import { ModelTable } from './model-table';
import type { Overview, Trace } from './overview';
import { StageTable } from './stage-table';
import { usePolled } from './use-polled';
import { Waterfall } from './waterfall';

const LOOK_MS = 2_500;

/** What an operator wants to see at a glance: stages, models, the last films, and where the time of one went. */
export function OperatorsPage() {
  const { value, error } = usePolled<Overview>('/v1/admin/overview', LOOK_MS);
  const [picked, setPicked] = useState<string>();
  const chosen = picked ?? value?.generations.find(({ status }) => status === 'completed')?.id;
  const trace = usePolled<Trace>(chosen === undefined ? undefined : `/v1/admin/generations/${chosen}/trace`, LOOK_MS);
  return (
    <div className="operators">
      <Header />
      <main tabIndex={-1}>
        <h2>Operators’ view</h2>
        <KeyForm role="operator" />
        {error !== undefined && <p className="fault" role="status">{error}</p>}
        {value !== undefined && (
          <>
            <section className="panel">
              <h3 id="stages">Stages</h3>
              <StageTable stages={value.stages} />
            </section>
            <section className="panel">
              <h3 id="models">Models</h3>
              <ModelTable models={value.models} loaded={value.loaded} />
            </section>
            <section className="panel wide">
              <h3 id="generations">Last films</h3>
              <GenerationTable generations={value.generations} atMs={value.at_ms} chosen={chosen} onChoose={setPicked} />
            </section>
            {chosen !== undefined && (
              <section className="panel wide">
                <h3>Where the time went</h3>
                {trace.value !== undefined && <Waterfall trace={trace.value} />}
                {trace.error !== undefined && <p className="fault">{trace.error}</p>}
              </section>
            )}
          </>
        )}
      </main>
    </div>
  );
}
