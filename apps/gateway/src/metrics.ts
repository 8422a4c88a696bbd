import { declareMetrics } from '@gpt4video/platform/metrics';

/** What the gateway measures. */
export const GATEWAY_METRICS = declareMetrics('gateway', {
  requestsTotal: { type: 'counter', help: 'HTTP requests by route and status', labels: ['method', 'route', 'status'] },
  requestDurationSeconds: { type: 'histogram', help: 'Time from request to the end of the answer', labels: ['method', 'route'] },
  turnsTotal: { type: 'counter', help: 'Chat turns by how they ended', labels: ['finish'] },
  turnFirstTextSeconds: { type: 'histogram', help: 'Time from a chat request to its first screened text' },
  turnStageSeconds: { type: 'histogram', help: 'Time of a chat turn by stage', labels: ['stage'] },
  turnsActive: { type: 'gauge', help: 'Chat turns in hand' },
  turnsWaiting: { type: 'gauge', help: 'Chat turns that wait for a place' },
  refusalsTotal: { type: 'counter', help: 'Content declined by screening', labels: ['stage', 'category'] },
  failClosedTotal: { type: 'counter', help: 'Content held back because screening gave no verdict, by stage', labels: ['stage'] },
  uploadBytesTotal: { type: 'counter', help: 'Bytes of accepted files' },
  queueDepth: { type: 'gauge', help: 'Generations by state', labels: ['state'] },
  queueOldestSeconds: { type: 'gauge', help: 'Age of the oldest queued generation' },
  generationsTotal: { type: 'counter', help: 'Attempts that ended, by outcome', labels: ['outcome'] },
  leasesReapedTotal: { type: 'counter', help: 'Leases that ran out' },
  outboxWaiting: { type: 'gauge', help: 'Facts that wait to be published' },
  outboxLagSeconds: { type: 'gauge', help: 'Age of the oldest unpublished fact' },
  outboxPublishedTotal: { type: 'counter', help: 'Facts published by outcome', labels: ['topic', 'outcome'] },
});
