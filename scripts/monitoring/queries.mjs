// Queries that several dashboards ask.
const NS = 'namespace="$namespace"';

/** Events a second of a counter. */
export const rate = (metric, matchers = '', by = '') => `sum${by && ` by (${by})`} (rate(${metric}{${NS}${matchers && `,${matchers}`}}[$__rate_interval]))`;

/** A quantile of a histogram, in its own unit. */
export const quantile = (q, metric, matchers = '', by = '') => `histogram_quantile(${q}, sum by (le${by && `, ${by}`}) (rate(${metric}_bucket{${NS}${matchers && `,${matchers}`}}[$__rate_interval])))`;

/** The sum of a gauge over the pods. */
export const total = (metric, matchers = '', by = '') => `sum${by && ` by (${by})`} (${metric}{${NS}${matchers && `,${matchers}`}})`;

/** A gauge that every pod reports alike. */
export const shared = (metric, by = '') => `max${by && ` by (${by})`} (${metric}{${NS}})`;

/** Panels that every service has: its calls, its facts, its pods. */
export const ofService = (job, graph) => ({
  Calls: [
    graph('Calls by outcome', 'reqps', { '{{code}}': rate('gpt4video_rpc_duration_seconds_count', `job="${job}"`, 'code') }),
    graph('Seconds of a call', 's', { p50: quantile(0.5, 'gpt4video_rpc_duration_seconds', `job="${job}"`), p95: quantile(0.95, 'gpt4video_rpc_duration_seconds', `job="${job}"`) }),
    graph('Calls in hand', 'short', { '{{method}}': total('gpt4video_rpc_in_flight', `job="${job}"`, 'method') }),
  ],
  Facts: [
    graph('Facts by outcome', 'ops', { '{{topic}} {{outcome}}': rate('gpt4video_facts_handled_total', `group="${job}"`, 'topic, outcome') }),
    graph('Facts that wait', 'short', { '{{topic}}': total('gpt4video_facts_lag', `group="${job}"`, 'topic') }),
    graph('Set aside and given up', 'ops', { 'set aside': rate('gpt4video_facts_set_aside_total', `group="${job}"`), 'given up': rate('gpt4video_facts_dead_lettered_total', `group="${job}"`) }),
  ],
  Pods: [
    graph('Processor', 'percentunit', { '{{pod}}': `rate(process_cpu_seconds_total{${NS},job="${job}"}[$__rate_interval])` }),
    graph('Memory', 'bytes', { '{{pod}}': `process_resident_memory_bytes{${NS},job="${job}"}` }),
    graph('Event loop, 99th percentile', 's', { '{{pod}}': `nodejs_eventloop_lag_p99_seconds{${NS},job="${job}"}` }),
  ],
});
