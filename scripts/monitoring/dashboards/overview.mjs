// Is it well, and if not, where.
import { dashboard, figure, graph } from '../dashboard.mjs';
import { quantile, rate, shared, total } from '../queries.mjs';
import { SLOS } from '../slos.mjs';

const NS = 'namespace="$namespace"';
const burn = ({ name, objective }) => figure(`${name}: budget burnt, times as fast as it lasts`, 'none', `gpt4video:slo_errors:ratio_rate1h{${NS},slo="${name}"} / ${Number((1 - objective).toFixed(6))}`, { warn: 1, bad: 6 });

export const overview = () => dashboard({
  uid: 'overview',
  title: 'Overview',
  rows: {
    'Promises, last hour': SLOS.map(burn),
    'What people see': [
      graph('Requests by status', 'reqps', { '{{status}}': rate('gpt4video_gateway_requests_total', 'route=~"/v1.*"', 'status') }),
      graph('First words', 's', { p50: quantile(0.5, 'gpt4video_gateway_turn_first_text_seconds'), p95: quantile(0.95, 'gpt4video_gateway_turn_first_text_seconds') }),
      graph('Turns by end', 'ops', { '{{finish}}': rate('gpt4video_gateway_turns_total', '', 'finish') }),
    ],
    Busy: [
      graph('Turns', 'short', { 'being answered': total('gpt4video_gateway_turns_active'), waiting: total('gpt4video_gateway_turns_waiting') }),
      graph('Films', 'short', { '{{state}}': `gpt4video:film_queue:max{${NS}}` }),
      graph('Facts that wait', 'short', { '{{group}}': `gpt4video:facts_lag:sum{${NS}}` }),
      graph('Calls in hand', 'short', { '{{job}}': total('gpt4video_rpc_in_flight', '', 'job') }),
    ],
    'Going wrong': [
      graph('Failed calls', 'reqps', { '{{job}} {{code}}': rate('gpt4video_rpc_duration_seconds_count', 'code!="ok"', 'job, code') }),
      graph('Given up', 'ops', { '{{group}} {{topic}}': rate('gpt4video_facts_dead_lettered_total', '', 'group, topic') }),
      graph('Held back without a verdict', 'ops', { '{{stage}}': rate('gpt4video_gateway_fail_closed_total', '', 'stage') }),
      graph('Oldest unpublished fact', 's', { age: shared('gpt4video_gateway_outbox_lag_seconds') }),
    ],
  },
});
