import { DomainError } from '@gpt4video/ports/errors';
import type { ExecutionProvider } from '@gpt4video/ports/execution';
import { cudaFailure } from './cuda-failure.js';
import { missingSystemPart } from './cuda-libraries.js';

/** Why a graph was not opened on a provider. */
export interface Refusal {
  readonly provider: ExecutionProvider;
  /** For people, on one line. */
  readonly why: string;
  /** What the runtime threw. */
  readonly cause: unknown;
}

/** Reads what the runtime threw when it was asked to open a graph on that provider. */
export function refusalOf(provider: ExecutionProvider, cause: unknown): Refusal {
  const said = cause instanceof Error ? cause.message : String(cause);
  if (provider !== 'cuda') return { provider, why: said, cause };
  return { provider, why: said.includes('Failed to load shared library') ? missingSystemPart() : cudaFailure(said), cause };
}

/** The error of a graph that no provider opened: names the file, and for each provider what it lacks. */
export function unavailable(path: string, refusals: readonly Refusal[]): DomainError {
  // The first is the one whose words were shortened.
  const cause = refusals[0]?.cause;
  // On the processor nothing is missing but the file.
  if (refusals.every(({ provider }) => provider === 'cpu')) return new DomainError('model_unavailable', `The model ${path} cannot be loaded: ${refusals[0]?.why ?? 'no execution provider was named'}. Restore the file, or run: npx gpt4video models pull`, { cause });
  const reasons = refusals.map(({ provider, why }) => `${provider}: ${why}`).join('; ');
  return new DomainError('model_unavailable', `The model ${path} cannot be loaded. ${reasons}. Mend that, or set GPT4VIDEO_EXECUTION_PROVIDERS to what there is: cpu`, { cause });
}
