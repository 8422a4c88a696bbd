// One dashboard for each service: what it is for, then what every service has.
import { dashboard, graph } from '../dashboard.mjs';
import { ofService, quantile, rate, shared, total } from '../queries.mjs';

const stage = (prefix) => [
  graph('Videos by answer', 'ops', { '{{answer}}': rate(`gpt4video_${prefix}_videos_total`, '', 'answer') }),
  graph('Seconds of a video, 95th percentile', 's', { '{{answer}}': quantile(0.95, `gpt4video_${prefix}_duration_seconds`, '', 'answer') }),
];

const OWN = {
  gateway: {
    'The public API': [
      graph('Requests by route', 'reqps', { '{{method}} {{route}}': rate('gpt4video_gateway_requests_total', '', 'method, route') }),
      graph('Seconds of a request, 95th percentile', 's', { '{{route}}': quantile(0.95, 'gpt4video_gateway_request_duration_seconds', '', 'route') }),
      graph('Bytes uploaded', 'Bps', { bytes: rate('gpt4video_gateway_upload_bytes_total') }),
    ],
    'A turn': [
      graph('Seconds by stage, 95th percentile', 's', { '{{stage}}': quantile(0.95, 'gpt4video_gateway_turn_stage_seconds', '', 'stage') }),
      graph('Declined', 'ops', { '{{stage}} {{category}}': rate('gpt4video_gateway_refusals_total', '', 'stage, category') }),
    ],
    Outbox: [
      graph('Facts that wait', 'short', { waiting: shared('gpt4video_gateway_outbox_waiting') }),
      graph('Facts published', 'ops', { '{{topic}} {{outcome}}': rate('gpt4video_gateway_outbox_published_total', '', 'topic, outcome') }),
    ],
  },
  'frame-extractor': { Videos: stage('frame_extractor') },
  'clip-encoder': { Videos: stage('clip_encoder') },
  abstractor: { Videos: stage('abstractor') },
  dialogue: {
    Answers: [
      graph('Answers by end', 'ops', { '{{reason}}': rate('gpt4video_dialogue_answers_total', '', 'reason') }),
      graph('Tokens', 'ops', { '{{kind}}': rate('gpt4video_dialogue_tokens_total', '', 'kind') }),
      graph('Prefill to first token', 's', { p50: quantile(0.5, 'gpt4video_dialogue_first_token_seconds'), p95: quantile(0.95, 'gpt4video_dialogue_first_token_seconds') }),
      graph('In the model, in the eyes', 's', { model: quantile(0.95, 'gpt4video_dialogue_model_seconds'), eyes: quantile(0.95, 'gpt4video_dialogue_vision_seconds') }),
    ],
  },
  safety: {
    Verdicts: [
      graph('Decisions', 'ops', { '{{stage}} allowed={{allowed}}': rate('gpt4video_safety_decisions_total', '', 'stage, allowed') }),
      graph('Declined by category', 'ops', { '{{category}}': rate('gpt4video_safety_decisions_total', 'allowed="false"', 'category') }),
      graph('Held back without a verdict', 'ops', { '{{stage}}': rate('gpt4video_gateway_fail_closed_total', '', 'stage') }),
      graph('Decisions without a record', 'ops', { lost: rate('gpt4video_safety_unrecorded_total') }),
    ],
  },
  'video-generator': {
    Queue: [
      graph('Films', 'short', { '{{state}}': shared('gpt4video_gateway_queue_depth', 'state') }),
      graph('Age of the oldest queued film', 's', { age: shared('gpt4video_gateway_queue_oldest_seconds') }),
      graph('Workers with a film in hand', 'short', { filming: total('gpt4video_video_generator_filming') }),
    ],
    Attempts: [
      graph('Attempts by outcome', 'ops', { '{{outcome}}': rate('gpt4video_video_generator_attempts_total', '', 'outcome') }),
      graph('Seconds of an attempt', 's', { p50: quantile(0.5, 'gpt4video_video_generator_attempt_seconds', 'outcome="completed"'), p95: quantile(0.95, 'gpt4video_video_generator_attempt_seconds', 'outcome="completed"') }),
      graph('Seconds by stage, 95th percentile', 's', { '{{stage}}': quantile(0.95, 'gpt4video_video_generator_stage_seconds', '', 'stage') }),
      graph('Lost workers', 'ops', { 'leases that ran out': rate('gpt4video_gateway_leases_reaped_total') }),
    ],
  },
};

/** A dashboard by the service's name. */
export function stages() {
  return Object.entries(OWN).map(([name, rows]) => [name, dashboard({ uid: name, title: name, rows: { ...rows, ...ofService(name, graph) } })]);
}
