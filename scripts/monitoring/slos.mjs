// The promises that are measured, and the recording rules that measure them.
import { stringify } from 'yaml';

/** What went wrong on our side, by the code of a gRPC call. */
const OUR_FAULT = 'internal|unavailable|model_unavailable|screening_unavailable|deadline_exceeded|overloaded|storage_full';

/** Share of good events in 30 days, and how bad and all events are counted over a window. */
export const SLOS = [
  {
    name: 'api-availability',
    objective: 0.999,
    bad: (window) => `rate(gpt4video_gateway_requests_total{route=~"/v1.*",status=~"5.."}[${window}])`,
    all: (window) => `rate(gpt4video_gateway_requests_total{route=~"/v1.*"}[${window}])`,
  },
  {
    name: 'chat-completion',
    objective: 0.99,
    bad: (window) => `rate(gpt4video_gateway_turns_total{finish="broken"}[${window}])`,
    all: (window) => `rate(gpt4video_gateway_turns_total[${window}])`,
  },
  {
    // Good means: the first screened words within 2.5 s.
    name: 'chat-first-words',
    objective: 0.95,
    good: (window) => `rate(gpt4video_gateway_turn_first_text_seconds_bucket{le="2.5"}[${window}])`,
    all: (window) => `rate(gpt4video_gateway_turn_first_text_seconds_count[${window}])`,
  },
  {
    name: 'screening',
    objective: 0.999,
    bad: (window) => `rate(gpt4video_rpc_duration_seconds_count{service="gpt4video.safety.v1.SafetyService",code=~"${OUR_FAULT}"}[${window}])`,
    all: (window) => `rate(gpt4video_rpc_duration_seconds_count{service="gpt4video.safety.v1.SafetyService"}[${window}])`,
  },
  {
    // A film that the safety policy blocks is no failure.
    name: 'films',
    objective: 0.99,
    bad: (window) => `rate(gpt4video_video_generator_attempts_total{outcome="failed"}[${window}])`,
    all: (window) => `rate(gpt4video_video_generator_attempts_total{outcome=~"completed|failed"}[${window}])`,
  },
];

/** Windows of the multi-window burn rates (Google, The Site Reliability Workbook, chapter 5). */
const WINDOWS = ['5m', '30m', '1h', '6h', '3d'];

/** rules/slo.yaml. */
export function sloRules() {
  const ratios = SLOS.flatMap((slo) => WINDOWS.map((window) => ({ record: `gpt4video:slo_errors:ratio_rate${window}`, expr: ratio(slo, window), labels: { slo: slo.name } })));
  const events = SLOS.map((slo) => ({ record: 'gpt4video:slo_events:rate1h', expr: `sum by (namespace) (${slo.all('1h')})`, labels: { slo: slo.name } }));
  const budgets = SLOS.map((slo) => ({ record: 'gpt4video:slo_budget:ratio', expr: `vector(${Number((1 - slo.objective).toFixed(6))})`, labels: { slo: slo.name } }));
  const groups = [{ name: 'gpt4video-slo', interval: '30s', rules: [...budgets, ...events, ...ratios] }];
  return `# Written by npm run monitoring; change scripts/monitoring/slos.mjs.\n${stringify({ groups }, { lineWidth: 0 })}`;
}

function ratio({ bad, good, all }, window) {
  const total = `sum by (namespace) (${all(window)})`;
  if (good !== undefined) return `1 - sum by (namespace) (${good(window)}) / ${total}`;
  // No bad event has a series before the first one happens.
  return `(sum by (namespace) (${bad(window)}) or ${total} * 0) / ${total}`;
}
