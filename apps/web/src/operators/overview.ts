/** How a stage stands; null is not known. */
export interface Stage {
  readonly name: string;
  readonly waiting: number | null;
  readonly oldest_ms: number | null;
  readonly in_hand: number | null;
  readonly per_minute: number | null;
}

/** A generation, without what it shows. */
export interface GenerationFacts {
  readonly id: string;
  readonly tenant_id: string;
  readonly status: string;
  readonly bundle_revision: string | null;
  readonly attempts: number;
  readonly error_code: string | null;
  readonly created_at_ms: number;
  readonly started_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly trace_id: string | null;
}

/** What `/v1/admin/overview` tells. */
export interface Overview {
  readonly at_ms: number;
  readonly stages: readonly Stage[];
  readonly models: readonly { readonly id: string; readonly revision: string; readonly parts: Readonly<Record<string, number>> }[];
  readonly loaded: readonly { readonly name: string; readonly revision: string; readonly ready: boolean }[];
  readonly generations: readonly GenerationFacts[];
}

/** One piece of a request. */
export interface TraceSpan {
  readonly name: string;
  readonly service: string;
  readonly depth: number;
  readonly start_ms: number;
  readonly duration_ms: number;
  readonly failed: boolean;
}

/** What `/v1/admin/generations/{id}/trace` tells. */
export interface Trace {
  readonly id: string;
  readonly trace_id: string | null;
  readonly source: 'spans' | 'row';
  readonly spans: readonly TraceSpan[];
}
