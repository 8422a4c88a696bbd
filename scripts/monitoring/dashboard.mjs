// A Grafana dashboard from rows of panels. Panels name queries; everything else is the same everywhere.

const SOURCE = { type: 'prometheus', uid: '${metrics}' };
const WIDTH = 24;
const HEIGHT = 8;

/** A graph over time. `queries` maps a legend to PromQL; series of a histogram carry exemplars, which lead to traces. */
export function graph(title, unit, queries) {
  return { type: 'timeseries', title, unit, queries, options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } } };
}

/** The newest value in large figures; green below `warn`, red from `bad` on. */
export function figure(title, unit, query, { warn, bad } = {}) {
  const steps = [{ color: 'green', value: null }, ...(warn === undefined ? [] : [{ color: 'orange', value: warn }]), ...(bad === undefined ? [] : [{ color: 'red', value: bad }])];
  return { type: 'stat', title, unit, queries: { '': query }, steps, options: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'background' } };
}

/** The dashboard as Grafana's JSON. `rows` maps a heading to its panels. */
export function dashboard({ uid, title, rows }) {
  const panels = [];
  let y = 0;
  for (const [heading, members] of Object.entries(rows)) {
    panels.push({ type: 'row', title: heading, collapsed: false, id: panels.length + 1, gridPos: { x: 0, y, w: WIDTH, h: 1 }, panels: [] });
    const w = Math.floor(WIDTH / members.length);
    members.forEach((member, index) => panels.push(panel(member, panels.length + 1, { x: index * w, y: y + 1, w, h: HEIGHT })));
    y += HEIGHT + 1;
  }
  return {
    uid: `gpt4video-${uid}`,
    title: `GPT4Video / ${title}`,
    tags: ['gpt4video'],
    schemaVersion: 41,
    editable: false,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    links: [{ type: 'dashboards', title: 'GPT4Video', tags: ['gpt4video'], asDropdown: true, keepTime: true, includeVars: true }],
    templating: { list: VARIABLES },
    annotations: { list: [] },
    panels,
  };
}

const dataSource = (name, query, label) => ({ name, label, type: 'datasource', query, hide: 0, refresh: 1, regex: '', options: [], current: {} });
const VARIABLES = [
  dataSource('metrics', 'prometheus', 'Metrics'),
  dataSource('logs', 'loki', 'Logs'),
  { name: 'namespace', label: 'Namespace', type: 'query', datasource: SOURCE, query: { query: 'label_values(gpt4video_gateway_requests_total, namespace)', refId: 'namespace' }, refresh: 2, sort: 1, multi: false, includeAll: false, options: [], current: {} },
];

// The lines of the same namespace and time.
const LOGS = encodeURIComponent(JSON.stringify({ datasource: '${logs}', queries: [{ refId: 'A', expr: '{namespace="${namespace}"} | json' }] }));
const TO_LOGS = { title: 'Logs of this time', url: `/explore?left=${LOGS}&from=\${__from}&to=\${__to}`, targetBlank: true };

function panel({ type, title, unit, queries, steps, options }, id, gridPos) {
  const targets = Object.entries(queries).map(([legendFormat, expr], index) => ({ refId: String.fromCharCode(65 + index), datasource: SOURCE, expr, legendFormat: legendFormat || '__auto', exemplar: expr.includes('_bucket') }));
  const thresholds = { mode: 'absolute', steps: steps ?? [{ color: 'green', value: null }] };
  return { id, type, title, gridPos, datasource: SOURCE, targets, fieldConfig: { defaults: { unit, thresholds, min: 0, links: [TO_LOGS] }, overrides: [] }, options };
}
