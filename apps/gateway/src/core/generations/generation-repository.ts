import type { Page, PageRequest } from '../page.js';
import type { Generation, GenerationEvent } from './generation.js';

/** Generations of tenants. Each change of state is stored together with the fact that tells of it. */
export abstract class GenerationRepository {
  /** Queues the generation, unless an earlier try of the same request did; resolves with what is stored under its id. */
  abstract add(generation: Generation): Promise<Generation>;

  abstract find(tenantId: string, id: string): Promise<Generation | undefined>;

  abstract list(tenantId: string, page: PageRequest): Promise<Page<Generation>>;

  /** Cancels it unless it has ended; resolves with its state now, or undefined when the tenant has none of that id. */
  abstract cancel(tenantId: string, id: string): Promise<Generation | undefined>;

  /** Removes the row; resolves with what it was, and the object keys that nothing else refers to. */
  abstract remove(tenantId: string, id: string): Promise<{ readonly generation: Generation; readonly orphanKeys: readonly string[] } | undefined>;

  /** Events after a sequence number (exclusive), oldest first. */
  abstract eventsAfter(id: string, sequence: number): Promise<readonly GenerationEvent[]>;
}
