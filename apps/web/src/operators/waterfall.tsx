import { durationOf } from './figures';
import type { Trace, TraceSpan } from './overview';

/** Hues of the services, far enough apart to be told apart. */
const HUES: Readonly<Record<string, number>> = { gateway: 245, dialogue: 165, abstractor: 130, 'clip-encoder': 95, 'frame-extractor': 60, safety: 25, 'video-generator': 300 };

/** Where the time of one request went: each piece of work under the one that it belongs to. */
export function Waterfall({ trace }: { readonly trace: Trace }) {
  const wholeMs = Math.max(1, ...trace.spans.map(({ start_ms: start, duration_ms: duration }) => start + duration));
  const services = [...new Set(trace.spans.map(({ service }) => service))];
  if (trace.spans.length === 0) return <p className="faint">This film has not begun.</p>;
  return (
    <figure className="waterfall" aria-label={`Trace of ${trace.id}`}>
      <figcaption>
        <span>
          {durationOf(wholeMs)} in all · <code>{trace.trace_id ?? 'no trace'}</code>
        </span>
        <ul>
          {services.map((service) => (
            <li key={service} style={{ '--hue': HUES[service] ?? 0 } as React.CSSProperties}>{service}</li>
          ))}
        </ul>
      </figcaption>
      <ol>
        {trace.spans.map((span, index) => (
          <Bar key={index} span={span} wholeMs={wholeMs} />
        ))}
      </ol>
      {trace.source === 'row' && <p className="faint">From the film’s row. Its spans are in another process or long gone; the trace id finds them in the collector.</p>}
    </figure>
  );
}

function Bar({ span, wholeMs }: { readonly span: TraceSpan; readonly wholeMs: number }) {
  const place = { '--hue': HUES[span.service] ?? 0, '--start': `${(span.start_ms / wholeMs) * 100}%`, '--length': `${(span.duration_ms / wholeMs) * 100}%`, '--depth': span.depth } as React.CSSProperties;
  return (
    <li style={place} data-failed={span.failed}>
      <span className="what" title={`${span.service}: ${span.name}`}>{shortened(span.name)}</span>
      <span className="track" aria-hidden="true">
        <i />
      </span>
      <span className="figure">{durationOf(span.duration_ms)}</span>
    </li>
  );
}

/** `gpt4video.clip.v1.ClipService/EncodeVideo` as people say it. */
function shortened(name: string): string {
  return name.replace(/^(.*)\bgpt4video\.[\w.]+\.(\w+)\//, '$1$2/');
}
