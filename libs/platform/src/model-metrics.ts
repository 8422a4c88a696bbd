import type { Health } from './health.js';
import { declareMetrics, type Metrics } from './metrics.js';

/** Metrics of every process that serves models. */
export const MODEL_METRICS = declareMetrics('model', {
  ready: { type: 'gauge', help: 'Whether a model is loaded and warm: 1 or 0.', labels: ['model', 'revision'] },
  executionProvider: { type: 'gauge', help: 'What computes a model: 1 for that provider.', labels: ['model', 'provider'] },
  fallback: { type: 'gauge', help: 'Whether a model is computed by another provider than the one named first: 1 or 0.', labels: ['model'] },
  warmAfterSeconds: { type: 'gauge', help: 'Seconds from the start of the process until a model was loaded and warm.', labels: ['model'] },
});

/** Tells at each scrape which models are there. */
export function measureModels(health: Health, metrics: Metrics): void {
  const { ready, executionProvider, fallback, warmAfterSeconds } = metrics.use(MODEL_METRICS);
  metrics.onScrape(() => {
    for (const model of health.models()) {
      ready.set({ model: model.name, revision: model.revision }, model.ready ? 1 : 0);
      executionProvider.set({ model: model.name, provider: model.execution.provider }, 1);
      fallback.set({ model: model.name }, model.execution.fallback === undefined ? 0 : 1);
      const warmAfterMs = health.warmAfter(model.name);
      if (warmAfterMs !== undefined) warmAfterSeconds.set({ model: model.name }, warmAfterMs / 1_000);
    }
  });
}
